// From a path to the plain bytes behind it: counted, decompressed, and as UTF-8 where the file is UTF-16.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Chunks } from './bytes.ts';
import { peek } from './bytes.ts';
import { BrokenArchive, FileError } from './faults.ts';
import { decompressZstd } from './zstd.ts';

/** Bytes read of the file as it lies, and its size; null where that is not known, as on stdin. */
export type Progress = { readonly bytesRead: number; readonly totalBytes: number | null };

export type OpenOptions = {
  readonly onProgress?: (progress: Progress) => void;
  /** what `-` stands for; default: the process's stdin */
  readonly stdin?: AsyncIterable<Buffer>;
};

/** What is made of the lines of one chunk dies young: of four times as many a quarter more time goes into moving it. */
const chunkBytes = 65_536;

/** Opens a file, or stdin for `-`. Throws FileError where there is nothing to read. */
export async function openBytes(path: string, options: OpenOptions): Promise<Chunks> {
  const totalBytes = path === '-' ? null : await sizeOf(path);
  const source =
    path === '-' ? (options.stdin ?? process.stdin) : createReadStream(path, { highWaterMark: chunkBytes });
  const { head, all } = await peek(counted(source, totalBytes, options.onProgress), 8).catch((error: unknown) => {
    throw fileError(path, error);
  });
  return toUtf8(decompress(path, head, all));
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  if (found.isDirectory()) throw new FileError('is-folder', `${path} is a folder: name the files in it`);
  return found.isFile() ? found.size : null;
}

function fileError(path: string, error: unknown): FileError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new FileError('no-file', `there is no file ${path}`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM')
    return new FileError('no-access', `${path} may not be read by this user`, { cause: error });
  if (code === 'EISDIR')
    return new FileError('is-folder', `${path} is a folder: name the files in it`, { cause: error });
  return new FileError('not-readable', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
}

async function* counted(
  source: AsyncIterable<Buffer>,
  totalBytes: number | null,
  onProgress: OpenOptions['onProgress'],
): AsyncGenerator<Buffer> {
  let bytesRead = 0;
  for await (const chunk of source) {
    bytesRead += chunk.length;
    onProgress?.({ bytesRead, totalBytes });
    yield chunk;
  }
}

/** Goes by the first bytes, not by the name: an export is often named wrongly. */
function decompress(path: string, head: Buffer, all: Chunks): Chunks {
  const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0x1f, 0x8b)) return decompressGzip(all);
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return decompressZstd(all);
  if (begins(0x50, 0x4b, 3, 4))
    throw new FileError('not-supported', `${path} is a zip or Excel file: unpack it, or save the sheet as CSV`);
  if (begins(0x42, 0x5a, 0x68))
    throw new FileError('not-supported', `${path} is a bzip2 file: unpack it, or pipe it in with -`);
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a))
    throw new FileError('not-supported', `${path} is an xz file: unpack it, or pipe it in with -`);
  return all;
}

async function* decompressGzip(all: Chunks): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 262_144 });
  pipeline(Readable.from(all, { objectMode: false }), gunzip, () => {});
  try {
    yield* gunzip;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new BrokenArchive(`the gzip file is cut off or damaged: ${(error as Error).message}`, { cause: error });
  }
}

export function isZlibError(error: unknown): boolean {
  return /^(?:Z_|ZSTD_)/.test(String((error as NodeJS.ErrnoException).code));
}

async function* toUtf8(chunks: Chunks): AsyncGenerator<Buffer> {
  const { head, all } = await peek(chunks, 3);
  const encoding =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null;
  if (encoding === null) {
    const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
    yield* hasMark ? withoutMark(all) : all;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }));
}

async function* withoutMark(chunks: Chunks): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    yield isFirst ? chunk.subarray(3) : chunk;
    isFirst = false;
  }
}
