// Directories that are there to stay: one that was just made outlives a power cut only once its parent is on disk too.
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './faults.ts';

/** Directories known to be durable; beyond this they are looked at again, which costs a flush each. */
const remembered = 10_000;

export class Directories {
  readonly #root: string;
  readonly #durable = new Map<string, Promise<void>>();

  /** `root` is there. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Makes a directory at or below the root with all above it; several may ask at the same time. */
  ensure(path: string): Promise<void> {
    if (path === this.#root) return Promise.resolve();
    const known = this.#durable.get(path);
    if (known !== undefined) return known;
    if (this.#durable.size >= remembered) this.#durable.clear();
    const making = this.#make(path);
    this.#durable.set(path, making);
    making.catch(() => this.#durable.delete(path));
    return making;
  }

  /** A directory that was removed from under us is made anew. */
  forget(path: string): void {
    for (let each = path; each.length > this.#root.length; each = dirname(each)) this.#durable.delete(each);
  }

  async #make(path: string): Promise<void> {
    const parent = dirname(path);
    await this.ensure(parent);
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await syncDirectory(parent);
  }
}

/** Puts the names in a directory on disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
