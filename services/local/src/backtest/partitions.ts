// The statements of a history by customer: those of one customer, and all versions of one subject, lie in one partition, in
// the order in which they became known. So a partition is folded after the other, and nobody but its customers is held in
// memory meanwhile. What fits into memory is one partition; customers with a subject in common make one of their own.
// Growth: in memory 10 bytes a subject in 1.3 to 2.7 times as many places; the statements lie on disk.
import type { AcceptedSignal } from '@gapwatch/contracts';
import { hash32, hourMs, hourOf, subjectKey } from '@gapwatch/core';
import { Ordering, runBytes, type Scratch, type StoredRuns, type Timed } from '../files/order.ts';
import { Run } from '../files/run.ts';
import { Owners } from './owners.ts';

/** What a partition should have of an export: more is slower to look through, less costs more hours that pass than statements. */
const partitionBytes = 16 * 2 ** 20;
const fewest = 8;
const most = 256;

/** Into how many partitions exports of so many bytes are divided, where they have no room. */
export function partitionsFor(bytes: number): number {
  return Math.min(most, Math.max(fewest, Math.round(bytes / partitionBytes)));
}

/** A history that was read: in memory as a whole, or in partitions on disk. */
export type Parted = { readonly whole: Iterable<Timed> } | Divided;

export type Divided = {
  readonly parts: readonly StoredRuns[];
  /** owners, see {@link ownerOf}, whose statements are in several of the parts and belong together */
  readonly joined: ReadonlySet<number>;
};

export type PartitionsOptions = {
  /** in which what has no room in memory lies */
  readonly scratch: Scratch;
  /** how many, see {@link partitionsFor} */
  readonly partitions: number;
  /** what may lie in memory */
  readonly sizeBytes?: number;
};

export class Partitions {
  readonly #partitions: number;
  readonly #sizeBytes: number;
  readonly #scratch: Scratch;
  readonly #owners = new Owners();
  readonly #hours = new Set<number>();
  #lastHour = Number.NaN;
  /** everything, as long as it has room */
  #whole: Run | null;
  #parts: Ordering[] = [];
  #count = 0;

  constructor({ scratch, partitions, sizeBytes = runBytes }: PartitionsOptions) {
    this.#scratch = scratch;
    this.#partitions = partitions;
    this.#sizeBytes = sizeBytes;
    this.#whole = new Run(sizeBytes);
  }

  /** Takes a statement that became known then, in any order. */
  add(signal: AcceptedSignal, time: number): void {
    const item = { time, text: JSON.stringify(signal) };
    this.#noteHour(hourOf(time));
    this.#count += 1;
    if (this.#whole?.add(item)) return;
    if (this.#whole !== null) this.#divide(this.#whole);
    this.#place(signal, item);
  }

  get count(): number {
    return this.#count;
  }

  /** What was taken; nothing more can be. */
  end(): Parted {
    if (this.#whole !== null) return { whole: this.#whole.inOrder() };
    const { joined } = this.#owners;
    return { parts: this.#parts.map((part) => part.store()), joined };
  }

  /**
   * Log times of the ticks, milliseconds UTC: where an hour passed, at the end of the last one that had a statement and at
   * the beginning of the next one that has, and at the end of the last of all.
   */
  ticks(): number[] {
    const hours = Float64Array.from(this.#hours).sort();
    const ticks: number[] = [];
    hours.forEach((hour, index) => {
      ticks.push((hour + 1) * hourMs);
      const next = hours[index + 1];
      if (next !== undefined && next > hour + 1) ticks.push(next * hourMs);
    });
    return ticks;
  }

  #noteHour(hour: number): void {
    if (hour !== this.#lastHour) this.#hours.add(hour);
    this.#lastHour = hour;
  }

  #divide(whole: Run): void {
    const sizeBytes = Math.floor(this.#sizeBytes / this.#partitions);
    this.#parts = Array.from(
      { length: this.#partitions },
      (_, part) => new Ordering(this.#scratch, `part-${part}`, sizeBytes),
    );
    this.#whole = null;
    for (const item of whole.inOrder()) this.#place(JSON.parse(item.text) as AcceptedSignal, item);
  }

  #place(signal: AcceptedSignal, item: Timed): void {
    const owner = ownerOf(signal);
    this.#parts[owner % this.#partitions]?.add(item);
    this.#owners.add(subjectKey(signal.source, signal.subject), owner);
  }
}

/** Whose statements belong together, as a hash. All claims do: how many are kept of a stage is counted over all of them. */
export function ownerOf({ kind, customer, source, subject }: AcceptedSignal): number {
  return hash32(kind === 'belief' ? 'claims' : (customer ?? subjectKey(source, subject))) || 1;
}
