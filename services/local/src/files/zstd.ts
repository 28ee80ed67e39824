// Zstandard files may hold several frames one after another; the platform's decompressor stops silently after the first.
// So the frames are told apart here by their headers (RFC 8878, section 3.1) and each is decompressed on its own.
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import type { Chunks } from './bytes.ts';
import { ByteCursor } from './bytes.ts';
import { BrokenArchive } from './faults.ts';

const frameMagic = 0xfd2fb528;
const isSkippable = (magic: number) => magic >= 0x184d2a50 && magic <= 0x184d2a5f;

/** Bytes of all frames, decompressed. Throws BrokenArchive where the stream is cut off or is no Zstandard. */
export async function* decompressZstd(chunks: Chunks): AsyncGenerator<Buffer> {
  const cursor = new ByteCursor(chunks);
  try {
    for (let magic = await cursor.take(4); magic.length > 0; magic = await cursor.take(4)) {
      if (magic.length < 4) throw cutOff();
      const number = magic.readUInt32LE(0);
      if (isSkippable(number)) await skipFrame(cursor);
      else if (number === frameMagic) yield* decompressFrame(Buffer.from(magic), cursor);
      else throw new BrokenArchive('what follows the last Zstandard frame is none');
    }
  } finally {
    await cursor.close();
  }
}

async function* decompressFrame(magic: Buffer, cursor: ByteCursor): AsyncGenerator<Buffer> {
  const decompress = createZstdDecompress();
  pipeline(Readable.from(frameBytes(magic, cursor), { objectMode: false }), decompress, () => {});
  yield* decompress;
}

async function* frameBytes(magic: Buffer, cursor: ByteCursor): AsyncGenerator<Buffer> {
  const descriptor = (await exactly(cursor, 1)).readUInt8(0);
  yield magic;
  yield Buffer.of(descriptor);
  yield await exactly(cursor, headerBytes(descriptor));
  let last = false;
  while (!last) {
    const header = Buffer.from(await exactly(cursor, 3));
    const bits = header.readUIntLE(0, 3);
    last = (bits & 1) === 1;
    // a block of type 1 is one byte, to be repeated
    const sizeBytes = ((bits >> 1) & 3) === 1 ? 1 : bits >> 3;
    yield header;
    if (sizeBytes > 0) yield await exactly(cursor, sizeBytes);
  }
  const hasChecksum = (descriptor & 0b100) !== 0;
  if (hasChecksum) yield await exactly(cursor, 4);
}

/** What follows the descriptor: window, dictionary id, size of the content. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b100000) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0b11] ?? 0;
  const sizeFlag = descriptor >> 6;
  const contentBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** sizeFlag;
  return (isSingleSegment ? 0 : 1) + dictionaryBytes + contentBytes;
}

async function skipFrame(cursor: ByteCursor): Promise<void> {
  let left = (await exactly(cursor, 4)).readUInt32LE(0);
  while (left > 0) {
    const step = Math.min(left, 65_536);
    await exactly(cursor, step);
    left -= step;
  }
}

async function exactly(cursor: ByteCursor, sizeBytes: number): Promise<Buffer> {
  const bytes = await cursor.take(sizeBytes);
  if (bytes.length < sizeBytes) throw cutOff();
  return bytes;
}

function cutOff(): BrokenArchive {
  return new BrokenArchive('the Zstandard file is cut off');
}
