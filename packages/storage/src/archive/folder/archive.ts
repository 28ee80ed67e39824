// The archive in a folder: an object is a file, its key the path.
// Guarantee: an object is written aside, flushed, and only then given its name, which no other file may have; a crash
// leaves the whole object or none. A put costs four flushes for the first object of an hour and two for a later one.
// Space is that of the objects; `list` reads the directories under the prefix, O(objects in them).
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { link, open, readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Archive, type ArchiveReader, checkedKey, NoSuchObject, ObjectDiffers } from '../port.ts';
import { Directories, syncDirectory } from './directories.ts';
import { codeOf, toFolderError } from './faults.ts';
import { listKeys } from './list.ts';

/** What is half written; its name begins with a dot, so that it is no key and no pattern finds it. */
const aside = '.unfinished';

/**
 * Opens the folder, or makes it; what a crash left half-written is cleared away. One process writes at a time: whoever
 * holds the lock of the data directory.
 * @throws StorageError where there can be no such folder; so do all calls when the disk fails
 */
export function openFolderArchive(path: string): Archive {
  const folder = new FolderArchive(path);
  return {
    ...readFolderArchive(path),
    put: async (key, bytes) => folder.put(checkedKey(key), bytes),
    delete: async (key) => folder.delete(checkedKey(key)),
    close: async () => {},
  };
}

/** Makes nothing and clears nothing away; where there is no such folder, it holds nothing. @throws StorageError when it reads */
export function readFolderArchive(path: string): ArchiveReader {
  return { get: async (key) => getObject(path, checkedKey(key)), list: (prefix) => listObjects(path, prefix) };
}

async function getObject(root: string, key: string): Promise<Uint8Array> {
  const path = join(root, key);
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) throw new NoSuchObject(key);
    throw toFolderError(error, path);
  }
}

async function* listObjects(root: string, prefix: string): AsyncGenerator<string> {
  try {
    yield* listKeys(root, prefix);
  } catch (error) {
    throw toFolderError(error, root);
  }
}

class FolderArchive {
  readonly #root: string;
  readonly #directories: Directories;

  constructor(root: string) {
    this.#root = root;
    this.#directories = new Directories(root);
    try {
      rmSync(join(root, aside), { recursive: true, force: true });
      mkdirSync(join(root, aside), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw toFolderError(error, root);
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<'stored' | 'kept'> {
    const path = join(this.#root, key);
    const unfinished = join(this.#root, aside, randomUUID());
    try {
      await writeDurably(unfinished, bytes);
      await this.#name(unfinished, path).catch((error: unknown) => {
        // the directory went with the last object in it: made anew, once
        if (codeOf(error) === 'ENOENT') return this.#name(unfinished, path);
        throw error;
      });
      return 'stored';
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return await this.#keep(key, bytes);
      throw toFolderError(error, path);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async #name(unfinished: string, path: string): Promise<void> {
    try {
      await this.#directories.ensure(dirname(path));
      await link(unfinished, path);
      await syncDirectory(dirname(path));
    } catch (error) {
      this.#directories.forget(dirname(path));
      throw error;
    }
  }

  async #keep(key: string, bytes: Uint8Array): Promise<'kept'> {
    if (!Buffer.from(bytes).equals(await getObject(this.#root, key))) throw new ObjectDiffers(key);
    // whoever wrote it may have been killed before its name was on disk
    await syncDirectory(dirname(join(this.#root, key)));
    return 'kept';
  }

  /** Directories that are empty then go with the object, so that what has run out leaves nothing behind. */
  async delete(key: string): Promise<void> {
    const path = join(this.#root, key);
    try {
      await unlink(path);
    } catch (error) {
      if (isAbsent(error)) return;
      throw toFolderError(error, path);
    }
    this.#directories.forget(dirname(path));
    for (let each = dirname(path); each.length > this.#root.length; each = dirname(each)) {
      if (!(await isRemoved(each))) return;
    }
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A directory in the place of a file holds other objects; a file in the place of a directory is one. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '');
}

/** Only an empty directory is removed. */
async function isRemoved(path: string): Promise<boolean> {
  return rmdir(path).then(
    () => true,
    () => false,
  );
}
