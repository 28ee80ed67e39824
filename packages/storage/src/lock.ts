// One process at a time works on a data directory.
// Guarantee: the lock is the kernel's, held through SQLite; it is gone the moment its process is, however it died.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StorageError, toStorageError } from '@gapwatch/runtime';

export interface DataDirectoryLock {
  release(): void;
}

function holderOf(pidFile: string): string {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    return /^\d+$/.test(pid) ? `process ${pid}` : 'another process';
  } catch {
    return 'another process';
  }
}

function lockExclusively(database: DatabaseSync): void {
  // a write-ahead log would let others in; nothing is ever stored here
  database.exec('PRAGMA journal_mode = DELETE');
  database.exec('BEGIN EXCLUSIVE');
}

/**
 * Takes the directory for this process.
 * @throws StorageError at once: `locked` naming the process that has it, `missing-directory`, `read-only`
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  if (!existsSync(directory)) throw new StorageError('missing-directory', directory);
  const pidFile = join(directory, 'lock.pid');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 });
    lockExclusively(database);
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    database?.close();
    const named = toStorageError(error, directory);
    if (!(named instanceof StorageError)) throw named;
    if (named.code !== 'locked') throw named;
    throw new StorageError('locked', directory, error, `${holderOf(pidFile)} works on this directory already`);
  }
  const held = database;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}
