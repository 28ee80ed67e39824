// One assigned partition: what was fetched waits here until its owner takes it, a chunk at a time. The client's own
// callbacks only put in; so a slow partition holds up no other, and heartbeats go on while the owner waits for a part.
// Back pressure: a full pump asks for the partition to be paused, a drained one for it to be resumed.
import type { LogRecord } from '@gapwatch/contracts';
import { GaveUp, retry } from '@gapwatch/runtime';
import { AboveHighMark, BelowLowMark, type ConsumerHandlers, type Marks } from '../port.ts';

export type PumpOptions = {
  readonly topic: string;
  readonly partition: number;
  readonly chunkRecords: number;
  /** how many partitions this member has just then: what may wait in all of them is bounded */
  readonly partitions: () => number;
  readonly handlers: ConsumerHandlers;
  /** asked again for as long as its cluster is away */
  readonly marks: (topic: string, partition: number) => Promise<Marks>;
  readonly random: () => number;
  /** from this offset on records are wanted */
  readonly seek: (offset: number) => void;
  readonly pause: () => void;
  readonly resume: () => void;
};

/** Records that may wait, in chunks: enough that fetching goes on while one is handled. Of many partitions each has its share. */
const fullChunks = 10;
const allChunks = 120;
/** A chunk ends before the record that passes this; twice as much may wait, so that large records do not fill the memory. */
const chunkBytes = 4 * 1_048_576;
const fullBytes = 2 * chunkBytes;
const allBytes = 12 * fullBytes;
/** Of what may wait: with no more than that it is fetched again. */
const drained = 0.3;
/** A leader that moves is back soon: the partition should not lie idle much longer. */
const backoff = { firstMs: 100, maxMs: 2_000 };

export class Pump {
  readonly #options: PumpOptions;
  #waiting: LogRecord[] = [];
  #waitingBytes = 0;
  /** the offset to be handled next, and the one behind everything that was fetched */
  #position = 0;
  #fetched = 0;
  #high = 0;
  #isPaused = false;
  readonly #stopping = new AbortController();
  #wake: () => void = () => {};
  #running: Promise<void> = Promise.resolve();

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  get position(): number {
    return this.#position;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Drains the chunk in flight. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  /**
   * Takes what was fetched, up to `next`; offsets below what is known already are repeats and left out. Without a record the
   * position moves alone: to the end of what no reader is to see.
   */
  offer(records: readonly LogRecord[], next: number, high: number): void {
    for (const record of records) {
      if (record.offset < this.#fetched) continue;
      this.#waiting.push(record);
      this.#waitingBytes += bytesOf(record);
    }
    this.#fetched = Math.max(this.#fetched, next);
    this.#high = high;
    if (!this.#isPaused && this.#isBeyond(1)) {
      this.#isPaused = true;
      this.#options.pause();
    }
    this.#wake();
  }

  /** `part`: of what may wait. */
  #isBeyond(part: number): boolean {
    const { chunkRecords, partitions } = this.#options;
    const chunks = Math.max(1, Math.min(fullChunks, allChunks / partitions()));
    const bytes = Math.min(fullBytes, allBytes / partitions());
    return this.#waiting.length >= part * chunks * chunkRecords || this.#waitingBytes >= part * bytes;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    const { topic, partition, handlers } = this.#options;
    try {
      await this.#begin();
      while (!this.#isStopped) await (this.#fetched === this.#position ? this.#offered() : this.#handleNext());
    } catch (error) {
      // whoever gives up because we stop has not failed
      if (error instanceof GaveUp) return;
      handlers.failed(topic, partition, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Begins where the owner's state says, never where the group last was. */
  async #begin(): Promise<void> {
    const { topic, partition, handlers } = this.#options;
    const position = await handlers.assigned(topic, partition);
    const { low, high } = await this.#marks();
    if (position < low) throw new BelowLowMark(topic, partition, position, low);
    if (position > high) throw new AboveHighMark(topic, partition, position, high);
    if (!this.#isStopped) this.#seekTo(position);
  }

  #seekTo(position: number): void {
    this.#position = position;
    this.#fetched = position;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#options.seek(position);
    this.#isPaused = false;
    this.#options.resume();
  }

  #offered(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #handleNext(): Promise<void> {
    const { topic, partition, handlers } = this.#options;
    const records = this.#takeChunk();
    const from = this.#position;
    if (records[0]?.offset !== from) await this.#checkGap(from);
    const next = this.#waiting[0] === undefined ? this.#fetched : (records.at(-1)?.offset ?? from) + 1;
    const high = Math.max(this.#high, next);
    const answer = await handlers.chunk({ topic, partition, from, next, high, records });
    if (answer === next) this.#position = next;
    else if (!this.#isStopped) this.#seekTo(answer);
    this.#resumeIfDrained();
  }

  #takeChunk(): LogRecord[] {
    let [count, bytes] = [0, 0];
    for (const record of this.#waiting) {
      const own = bytesOf(record);
      if (count === this.#options.chunkRecords || (count > 0 && bytes + own > chunkBytes)) break;
      count += 1;
      bytes += own;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  /** Offsets have holes; but where the log no longer keeps what is next, the client has jumped over it in silence. */
  async #checkGap(from: number): Promise<void> {
    const { topic, partition } = this.#options;
    const { low } = await this.#marks();
    if (low > from) throw new BelowLowMark(topic, partition, from, low);
  }

  #marks(): Promise<Marks> {
    const { topic, partition, marks, random } = this.#options;
    return retry(() => marks(topic, partition), { backoff, random, signal: this.#stopping.signal });
  }

  #resumeIfDrained(): void {
    if (!this.#isPaused || this.#isStopped || this.#isBeyond(drained)) return;
    this.#isPaused = false;
    this.#options.resume();
  }
}

function bytesOf({ value }: LogRecord): number {
  return value?.length ?? 0;
}
