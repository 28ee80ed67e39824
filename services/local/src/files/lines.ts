// Splits bytes into lines. However long a line is, no more than the limit of it is held; the rest is counted and let go.
import type { Chunks } from './bytes.ts';

/** A line without its end, counted from 1. `bytes` null: the line was longer than the limit, `sizeBytes` in all. */
export type Line =
  | { readonly line: number; readonly bytes: Buffer; readonly sizeBytes: number }
  | { readonly line: number; readonly bytes: null; readonly sizeBytes: number };

const newline = 0x0a;
const carriageReturn = 0x0d;

/** The lines, one after another; see {@link readLineBlocks}. */
export async function* readLines(chunks: Chunks, maxBytes: number): AsyncGenerator<Line> {
  for await (const block of readLineBlocks(chunks, maxBytes)) yield* block;
}

/**
 * The lines that end in each chunk. They end with LF or CRLF; where the first line end in sight is a CR without a LF in the
 * same chunk, they end with CR.
 */
export async function* readLineBlocks(chunks: Chunks, maxBytes: number): AsyncGenerator<readonly Line[]> {
  let line = 1;
  let end: number | null = null;
  let held: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    end ??= lineEnd(chunk);
    const byte = end ?? newline;
    const block: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(byte); at >= 0; at = chunk.indexOf(byte, from)) {
      block.push(toLine(line, held, chunk.subarray(from, at), sizeBytes, maxBytes));
      held = [];
      sizeBytes = 0;
      line += 1;
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    sizeBytes += rest.length;
    if (sizeBytes > maxBytes) held = [];
    else if (rest.length > 0) held.push(rest);
    yield block;
  }
  if (sizeBytes > 0) yield [toLine(line, held, Buffer.alloc(0), sizeBytes, maxBytes)];
}

/** The byte that ends lines, or null where a chunk does not tell: a CR at its very end may be half of a CRLF. */
function lineEnd(chunk: Buffer): number | null {
  if (chunk.includes(newline)) return newline;
  return chunk.subarray(0, -1).includes(carriageReturn) ? carriageReturn : null;
}

function toLine(line: number, held: readonly Buffer[], last: Buffer, heldBytes: number, maxBytes: number): Line {
  const sizeBytes = heldBytes + last.length;
  if (sizeBytes > maxBytes) return { line, bytes: null, sizeBytes };
  const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
  return { line, bytes: bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes, sizeBytes };
}
