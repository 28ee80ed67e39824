// An object of records: packed when it is written, checked when it is read. Memory is that of the one object.
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { LogRecord } from '@gapwatch/contracts';
import { decodeLine, parseObjectKey } from './layout.ts';
import type { ArchiveReader } from './port.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Far above what is written as one object; a damaged length must not take the memory. */
const mostBytes = 256 * 2 ** 20;

/** The content is not what the key promises. */
export class DamagedObject extends Error {
  override readonly name = 'DamagedObject';
  readonly key: string;
  constructor(key: string, reason: string, cause?: unknown) {
    super(`${key}: damaged, ${reason}: restore it from a copy, or move it away and its records are named as missing`, {
      cause,
    });
    this.key = key;
  }
}

/** Lines as they are stored; a checksum goes with them, so that a flipped bit is found. */
export function packLines(lines: Uint8Array): Promise<Uint8Array> {
  return compress(lines, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}

/** @throws DamagedObject where they cannot be unpacked */
export async function unpackLines(key: string, bytes: Uint8Array): Promise<Buffer> {
  return decompress(bytes, { maxOutputLength: mostBytes }).catch((error: unknown) => {
    throw new DamagedObject(key, `no whole Zstandard frame (${(error as Error).message})`, error);
  });
}

/** The records of one object, in order of their offsets. @throws DamagedObject; NoSuchObject */
export async function readObject(archive: ArchiveReader, key: string): Promise<LogRecord[]> {
  return recordsOf(key, await archive.get(key));
}

/** The records of the object that lay under the key. @throws DamagedObject */
export async function recordsOf(key: string, bytes: Uint8Array): Promise<LogRecord[]> {
  const lines = await unpackLines(key, bytes);
  const texts = lines.toString('utf8').split('\n');
  if (texts.pop() !== '') throw new DamagedObject(key, 'the last line has no end');
  const records = texts.map((text, index) => {
    try {
      return decodeLine(text);
    } catch (error) {
      throw new DamagedObject(key, `line ${index + 1} is no record`, error);
    }
  });
  checkRun(key, records);
  return records;
}

function checkRun(key: string, records: readonly LogRecord[]): void {
  const place = parseObjectKey(key);
  const isRun = records.every(({ topic, partition, offset }, index) => {
    const before = records[index - 1]?.offset ?? -1;
    return topic === place?.topic && partition === place.partition && offset > before;
  });
  const ends = [records[0]?.offset, records.at(-1)?.offset];
  if (isRun && ends[0] === place?.first && ends[1] === place?.last) return;
  throw new DamagedObject(key, 'its records are not those that the key names');
}
