// Runs written one after another into one file, and read side by side: a merge over a heap of their heads.
import { closeSync, openSync, readSync } from 'node:fs';
import { compare, headBytes, itemAt, sizeAt, type Timed } from './items.ts';
import type { Run } from './run.ts';

/** Reads one run back, an item at a time. */
class RunReader {
  readonly #file: number;
  readonly #end: number;
  #position: number;
  #buffer: Buffer;
  #place = 0;
  #filled = 0;

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
    return compare(this.#buffer, this.#place, other.#buffer, other.#place) < 0;
  }
}

const readBytes = 16 * 2 ** 20;
const leastReadBytes = 64 * 1_024;

/** The file that the runs of one ordering are written to. */
export class RunFile {
  readonly #file: number;
  readonly #sizes: number[] = [];

  constructor(path: string) {
    this.#file = openSync(path, 'wx+');
  }

  write(run: Run): void {
    this.#sizes.push(run.writeTo(this.#file));
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Everything that was written, in order. */
  *merged(): Generator<Timed> {
    const heap: RunReader[] = [];
    let from = 0;
    for (const bytes of this.#sizes) {
      const buffer = Math.max(leastReadBytes, Math.floor(readBytes / this.#sizes.length));
      const reader = new RunReader(this.#file, from, bytes, buffer);
      from += bytes;
      if (reader.advance()) heap.push(reader);
    }
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
