// Working on a directory beside a running start, or alone: who holds the lock folds.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, StorageError } from '@gapwatch/runtime';
import { type DataDirectoryLock, lockDataDirectory } from '@gapwatch/storage';
import { UsageError } from '../terminal/output.ts';
import { files } from './directory.ts';

/** null: a start works on the directory and will fold what is appended. */
export function tryLock(path: string): DataDirectoryLock | null {
  try {
    return lockDataDirectory(path);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'locked') return null;
    throw error;
  }
}

/** How often it is looked whether the start is still there. */
const checkEveryMs = 2_000;

const startHasEnded =
  'the start that folds it has ended: everything is in the log and will be folded by the next start';

/** To be called while waiting for a start. @throws StorageError once it has ended */
export function checkStart(path: string, clock: Clock): () => void {
  let nextCheck = clock.now() + checkEveryMs;
  return () => {
    if (clock.now() < nextCheck) return;
    nextCheck = clock.now() + checkEveryMs;
    const lock = tryLock(path);
    if (lock === null) return;
    lock.release();
    throw new StorageError('locked', path, undefined, startHasEnded);
  };
}

/** Whether anything was ever kept there. */
export function isDataDirectory(path: string): boolean {
  return existsSync(join(path, files.log));
}

/** @throws UsageError where nothing was ever kept */
export function checkDirectory(path: string): void {
  if (isDataDirectory(path)) return;
  throw new UsageError(`${path} is no data directory: name one with --data-dir, or make one with gapwatch start`);
}
