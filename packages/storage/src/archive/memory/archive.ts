// The archive in memory: for tests and simulations. Nothing survives the process. `list` sorts on demand, O(n log n).
import { compareKeys } from '../../step.ts';
import { type Archive, checkedKey, NoSuchObject, ObjectDiffers } from '../port.ts';

export function openMemoryArchive(): Archive {
  const objects = new Map<string, Buffer>();
  return {
    async put(key, bytes) {
      const found = objects.get(checkedKey(key));
      if (found === undefined) objects.set(key, Buffer.from(bytes));
      else if (!found.equals(bytes)) throw new ObjectDiffers(key);
      return found === undefined ? 'stored' : 'kept';
    },
    async get(key) {
      const found = objects.get(checkedKey(key));
      if (found === undefined) throw new NoSuchObject(key);
      return Uint8Array.from(found);
    },
    async *list(prefix) {
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
    },
    async delete(key) {
      objects.delete(checkedKey(key));
    },
    close: async () => {},
  };
}
