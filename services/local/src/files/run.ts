// Items put in order as far as a buffer holds them. They are bytes throughout, so that none is held by the collected heap.
import { writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { FileError } from './faults.ts';
import { compareTexts, headBytes, itemAt, sizeAt, type Timed } from './items.ts';

/** a unit of UTF-16 is at most three bytes of UTF-8 */
const bytesPerUnit = 3;

/** Gathers items up to its size, and gives them in order: by time, equal times in byte order. */
export class Run {
  #buffer: Buffer;
  #bytes = 0;
  /** where each item begins, and its time */
  #places: number[] = [];
  #times: number[] = [];
  #isInOrder = true;

  constructor(sizeBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(sizeBytes);
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** False: it has no room for it. An empty one makes room for anything. */
  add({ time, text }: Timed): boolean {
    const most = this.#bytes + headBytes + text.length * bytesPerUnit;
    if (most > this.#buffer.length) {
      if (!this.isEmpty) return false;
      this.#buffer = Buffer.allocUnsafeSlow(most);
    }
    const place = this.#bytes;
    const length = this.#buffer.write(text, place + headBytes);
    this.#buffer.writeDoubleLE(time, place);
    this.#buffer.writeUInt32LE(length, place + 8);
    this.#bytes += headBytes + length;
    const index = this.#places.push(place) - 1;
    this.#times.push(time);
    if (this.#isInOrder && index > 0 && this.#compare(index - 1, index) > 0) this.#isInOrder = false;
    return true;
  }

  *inOrder(): Generator<Timed> {
    this.#sort();
    for (const place of this.#places) yield itemAt(this.#buffer, place);
  }

  /** Writes the items in order to the end of a file and is empty; answers how many bytes they are. */
  writeTo(file: number): number {
    this.#sort();
    const bytes = this.#bytes;
    if (this.#isInOrder) writeAll(file, this.#buffer.subarray(0, bytes));
    else this.#writeOneByOne(file);
    this.#places = [];
    this.#times = [];
    this.#bytes = 0;
    this.#isInOrder = true;
    return bytes;
  }

  /** Lets go of the buffer: nothing more can be added that is not given room anew. */
  release(): void {
    this.#buffer = Buffer.alloc(0);
  }

  #sort(): void {
    if (this.#isInOrder) return;
    const order = Array.from(this.#places.keys()).sort((one, other) => this.#compare(one, other));
    this.#places = order.map((index) => this.#places[index] as number);
    this.#times = order.map((index) => this.#times[index] as number);
  }

  /** By time, equal times in byte order. */
  #compare(one: number, other: number): number {
    const byTime = (this.#times[one] as number) - (this.#times[other] as number);
    if (byTime !== 0) return byTime;
    return compareTexts(this.#buffer, this.#places[one] as number, this.#buffer, this.#places[other] as number);
  }

  #writeOneByOne(file: number): void {
    const block = Buffer.allocUnsafeSlow(Math.max(this.#bytes / 64, 2 ** 20));
    let filled = 0;
    for (const place of this.#places) {
      const end = place + sizeAt(this.#buffer, place);
      if (filled + end - place > block.length) {
        writeAll(file, block.subarray(0, filled));
        filled = 0;
      }
      if (end - place > block.length) writeAll(file, this.#buffer.subarray(place, end));
      else filled += this.#buffer.copy(block, filled, place, end);
    }
    writeAll(file, block.subarray(0, filled));
  }
}

/** @throws FileError where there is no room */
function writeAll(file: number, bytes: Buffer): void {
  try {
    for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) throw error;
    const message = `${tmpdir()} has no room for what is put in order, which takes about what the files do unpacked: set TMPDIR to a folder that has`;
    throw new FileError('no-room', `${message} (${code})`, { cause: error });
  }
}
