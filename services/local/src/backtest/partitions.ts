// The statements of a history by customer: those of one customer, and all versions of one subject, lie in one partition, in
// the order in which they became known. So a partition is folded after the other, and nobody but its customers is held in
// memory meanwhile. What fits into memory is one partition; customers with a subject in common make one of their own.
// Growth: in memory 10 bytes a subject in 1.3 to 2.7 times as many places; the statements lie on disk.
import type { AcceptedSignal } from '@gapwatch/contracts';
import { hash32, hourMs, hourOf, subjectKey } from '@gapwatch/core';
import { Ordering, runBytes, Scratch, type Timed } from '../files/order.ts';
import { Run } from '../files/run.ts';
import { Owners } from './owners.ts';

const partitions = 32;

export type Statement = { readonly signal: AcceptedSignal; readonly time: number };

export class Partitions {
  readonly #sizeBytes: number;
  readonly #scratch = new Scratch();
  readonly #owners = new Owners();
  readonly #hours = new Set<number>();
  /** everything, as long as it has room */
  #whole: Run | null;
  #parts: Ordering[] = [];
  #count = 0;

  /** `sizeBytes`: what may lie in memory */
  constructor(sizeBytes: number = runBytes) {
    this.#sizeBytes = sizeBytes;
    this.#whole = new Run(sizeBytes);
  }

  /** Takes a statement that became known then, in any order. */
  add(signal: AcceptedSignal, time: number): void {
    const item = { time, text: JSON.stringify(signal) };
    this.#hours.add(hourOf(time));
    this.#count += 1;
    if (this.#whole?.add(item)) return;
    if (this.#whole !== null) this.#divide(this.#whole);
    this.#place(signal, item);
  }

  /** Nothing more comes. */
  end(): void {
    for (const part of this.#parts) part.end();
  }

  get count(): number {
    return this.#count;
  }

  /** One after the other; what one took on disk is free when the next one is asked for. */
  *[Symbol.iterator](): Generator<Iterable<Statement>> {
    if (this.#whole !== null) {
      yield statementsOf(this.#whole.inOrder());
      return;
    }
    const joined = this.#ordering('joined');
    for (const part of this.#parts) {
      yield this.#without(part, joined);
      part.close();
    }
    joined.end();
    yield statementsOf(joined.inOrder());
    joined.close();
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

  close(): void {
    for (const part of this.#parts) part.close();
    this.#scratch.remove();
  }

  #divide(whole: Run): void {
    this.#parts = Array.from({ length: partitions }, (_, part) => this.#ordering(`part-${part}`));
    this.#whole = null;
    for (const item of whole.inOrder()) this.#place(signalOf(item.text), item);
  }

  #ordering(name: string): Ordering {
    return new Ordering(this.#scratch, name, Math.floor(this.#sizeBytes / partitions));
  }

  #place(signal: AcceptedSignal, item: Timed): void {
    const owner = ownerOf(signal);
    this.#parts[owner % partitions]?.add(item);
    this.#owners.add(subjectKey(signal.source, signal.subject), owner);
  }

  /** The statements of those who have no subject in common with others; what the others said comes to the joined. */
  *#without(part: Ordering, joined: Ordering): Generator<Statement> {
    const owners = this.#owners.joined;
    for (const item of part.inOrder()) {
      const signal = signalOf(item.text);
      if (owners.size > 0 && owners.has(ownerOf(signal))) joined.add(item);
      else yield { signal, time: item.time };
    }
  }
}

function* statementsOf(items: Iterable<Timed>): Generator<Statement> {
  for (const { text, time } of items) yield { signal: signalOf(text), time };
}

function signalOf(text: string): AcceptedSignal {
  return JSON.parse(text) as AcceptedSignal;
}

/** Whose statements belong together, as a hash. All claims do: how many are kept of a stage is counted over all of them. */
function ownerOf({ kind, customer, source, subject }: AcceptedSignal): number {
  return hash32(kind === 'belief' ? 'claims' : (customer ?? subjectKey(source, subject))) || 1;
}
