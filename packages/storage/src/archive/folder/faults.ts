// The faults of a folder in plain words. Those that pass by themselves say so, and are tried again.
import { StorageError, type StorageErrorCode } from '@gapwatch/runtime';

const codes: Readonly<Record<string, StorageErrorCode>> = {
  ENOENT: 'missing-directory',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EIO: 'input-output',
  EMFILE: 'input-output',
  ENFILE: 'input-output',
};

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** The same fault as a {@link StorageError} that names the file. */
export function toFolderError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(codes[codeOf(error) ?? ''] ?? 'cannot-open', path, error);
}
