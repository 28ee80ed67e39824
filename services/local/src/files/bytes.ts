// Streams of bytes for the readers: what a file begins with can be looked at without being used up.
// Back pressure: a chunk is taken from the source only when the one before it was used.

export type Chunks = AsyncIterable<Buffer>;

/** The first bytes of a stream, at least `sizeBytes` of them unless it is shorter, and the stream with them put back. */
export async function peek(chunks: Chunks, sizeBytes: number): Promise<{ head: Buffer; all: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  let length = 0;
  while (length < sizeBytes) {
    const next = await iterator.next();
    if (next.done) break;
    taken.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(taken);
  return { head, all: resume(head, iterator) };
}

async function* resume(head: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** Takes exact numbers of bytes from a stream. */
export class ByteCursor {
  private buffer: Buffer = Buffer.alloc(0);
  private readonly iterator: AsyncIterator<Buffer>;

  constructor(chunks: Chunks) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, fewer only at the end of the stream. */
  async take(sizeBytes: number): Promise<Buffer> {
    const parts: Buffer[] = [this.buffer];
    let length = this.buffer.length;
    while (length < sizeBytes) {
      const next = await this.iterator.next();
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    const joined = parts.length === 1 ? this.buffer : Buffer.concat(parts);
    this.buffer = joined.subarray(sizeBytes);
    return joined.subarray(0, sizeBytes);
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}
