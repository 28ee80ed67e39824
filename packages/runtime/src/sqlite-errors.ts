// The faults of a local store in plain words: what happened, to which file, and what to do about it.

export type StorageErrorCode =
  | 'disk-full'
  | 'read-only'
  | 'locked'
  | 'corrupted'
  | 'missing-directory'
  | 'cannot-open'
  | 'other-version'
  | 'input-output';

const remedies: Record<StorageErrorCode, { message: string; remedy: string; transient: boolean }> = {
  'disk-full': { message: 'the disk is full', remedy: 'free space; writing goes on by itself', transient: true },
  'read-only': { message: 'the file cannot be written', remedy: 'check owner, mode and mount', transient: false },
  locked: { message: 'another process holds the file', remedy: 'stop the other process', transient: true },
  corrupted: {
    message: 'the file is damaged, or no database',
    remedy: 'restore it from a copy, or move it away',
    transient: false,
  },
  'missing-directory': { message: 'the directory does not exist', remedy: 'create it', transient: false },
  'cannot-open': { message: 'the file cannot be opened', remedy: 'check path and permissions', transient: false },
  'other-version': {
    message: 'the file was written by another version',
    remedy: 'use that version, or move the file away',
    transient: false,
  },
  'input-output': { message: 'the disk failed to read or write', remedy: 'check the disk', transient: true },
};

/** `transient`: calling again may succeed without anybody changing the configuration. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly remedy: string;
  readonly transient: boolean;
  constructor(code: StorageErrorCode, file: string, cause?: unknown, detail?: string) {
    const { message, remedy, transient } = remedies[code];
    super(`${file}: ${detail ?? message}: ${remedy}`, { cause });
    this.code = code;
    this.remedy = remedy;
    this.transient = transient;
  }
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that an operator can do something about. */
const codes: ReadonlyMap<number, StorageErrorCode> = new Map([
  [5, 'locked'],
  [6, 'locked'],
  [8, 'read-only'],
  [10, 'input-output'],
  [11, 'corrupted'],
  [13, 'disk-full'],
  [14, 'cannot-open'],
  [26, 'corrupted'],
]);

/** The same fault as a {@link StorageError}, or the error itself where SQLite is not to blame for it. */
export function toStorageError(error: unknown, file: string): unknown {
  const errcode = (error as { errcode?: unknown } | null)?.errcode;
  if (typeof errcode !== 'number') return error;
  const code = codes.get(errcode & 0xff);
  return code === undefined ? error : new StorageError(code, file, error);
}
