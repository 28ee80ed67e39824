// Runs written one after another into one file, and read side by side: a merge over a heap of their heads.
import { closeSync, openSync, readSync } from 'node:fs';
import { compareTexts, headBytes, itemAt, sizeAt, type Timed, timeAt } from './items.ts';
import type { Run } from './run.ts';

/** Reads one run back, an item at a time. */
class RunReader {
  readonly #file: number;
  readonly #end: number;
  #position: number;
  #buffer: Buffer;
  #place = 0;
  #filled = 0;
  /** of the head */
  #time = Number.NaN;

  constructor(file: number, from: number, bytes: number, bufferBytes: number) {
    this.#file = file;
    this.#position = from;
    this.#end = from + bytes;
    this.#buffer = Buffer.allocUnsafeSlow(bufferBytes);
  }

  /** Makes the next item the head; false at the end. The first call makes the first one. */
  advance(): boolean {
    if (this.#filled > 0) this.#place += sizeAt(this.#buffer, this.#place);
    if (this.#needsMore()) this.#fill(headBytes);
    if (this.#filled === this.#place) return false;
    const bytes = sizeAt(this.#buffer, this.#place);
    if (this.#filled - this.#place < bytes) this.#fill(bytes);
    this.#time = timeAt(this.#buffer, this.#place);
    return true;
  }

  #needsMore(): boolean {
    return this.#filled - this.#place < headBytes;
  }

  /** Moves what is left to the front and reads on, until so many bytes are there or the run ends. */
  #fill(bytes: number): void {
    const left = this.#buffer.subarray(this.#place, this.#filled);
    if (bytes > this.#buffer.length) this.#buffer = Buffer.concat([left], bytes);
    else left.copy(this.#buffer);
    this.#filled = left.length;
    this.#place = 0;
    while (this.#filled < bytes && this.#position < this.#end) {
      const most = Math.min(this.#buffer.length - this.#filled, this.#end - this.#position);
      const read = readSync(this.#file, this.#buffer, this.#filled, most, this.#position);
      if (read === 0) throw new Error('a file of this backtest was cut off while it was read');
      this.#filled += read;
      this.#position += read;
    }
  }

  get head(): Timed {
    return itemAt(this.#buffer, this.#place);
  }

  isBefore(other: RunReader): boolean {
    if (this.#time !== other.#time) return this.#time < other.#time;
    return compareTexts(this.#buffer, this.#place, other.#buffer, other.#place) < 0;
  }
}

const readBytes = 4 * 2 ** 20;
const leastReadBytes = 64 * 1_024;

/** Where runs lie, and how many bytes each has. */
export type StoredRuns = { readonly path: string; readonly sizes: readonly number[] };

/** A file that runs are written to, one behind the other. */
export class RunFile {
  readonly #path: string;
  readonly #file: number;
  readonly #sizes: number[] = [];

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'wx');
  }

  write(run: Run): void {
    this.#sizes.push(run.writeTo(this.#file));
  }

  /** Closes the file. */
  close(): StoredRuns {
    closeSync(this.#file);
    return { path: this.#path, sizes: this.#sizes };
  }
}

/** Everything that was written to some files, in order. */
export function* readRuns(stored: readonly StoredRuns[]): Generator<Timed> {
  const files: number[] = [];
  try {
    const heap: RunReader[] = [];
    const runs = stored.reduce((count, { sizes }) => count + sizes.length, 0);
    const bufferBytes = Math.max(leastReadBytes, Math.floor(readBytes / runs));
    for (const { path, sizes } of stored) {
      const file = openSync(path, 'r');
      files.push(file);
      for (const reader of readersOf(file, sizes, bufferBytes)) if (reader.advance()) heap.push(reader);
    }
    yield* merged(heap);
  } finally {
    for (const file of files) closeSync(file);
  }
}

function* readersOf(file: number, sizes: readonly number[], bufferBytes: number): Generator<RunReader> {
  let from = 0;
  for (const bytes of sizes) {
    yield new RunReader(file, from, bytes, bufferBytes);
    from += bytes;
  }
}

function* merged(heap: RunReader[]): Generator<Timed> {
  for (let place = heap.length >> 1; place >= 0; place -= 1) sink(heap, place);
  for (let least = heap[0]; least !== undefined; least = heap[0]) {
    yield least.head;
    if (!least.advance()) {
      const last = heap.pop() as RunReader;
      if (last === least) continue;
      heap[0] = last;
    }
    sink(heap, 0);
  }
}

/** Moves an entry of a binary heap down to where no later one is above an earlier one. */
function sink(heap: RunReader[], start: number): void {
  const entry = heap[start];
  if (entry === undefined) return;
  let place = start;
  for (;;) {
    let child = 2 * place + 1;
    const right = heap[child + 1];
    if (right?.isBefore(heap[child] as RunReader)) child += 1;
    const least = heap[child];
    if (least === undefined || !least.isBefore(entry)) break;
    heap[place] = least;
    place = child;
  }
  heap[place] = entry;
}
