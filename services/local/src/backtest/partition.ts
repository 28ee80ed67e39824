// The fold of one partition of a history: as the aggregator runs it, with log time taken from the statements, and ticks at
// the hours that passed in the whole history. A tick that would find nothing to do is left out, unless a statement is next.
import type { AcceptedSignal, SignalsRecord, Tags } from '@gapwatch/contracts';
import {
  foldSignals,
  hasNews,
  MemoryWorkspace,
  metaKey,
  type PartitionMeta,
  supersedeOf,
  taggedSignal,
} from '@gapwatch/core';
import type { Timed } from '../files/order.ts';
import { recordAt } from './record.ts';

const rawTopic = 'raw.backtest';

export type Understood = {
  readonly signal: AcceptedSignal;
  readonly tags: Tags | null;
  readonly customerMayChange: boolean;
};

/** Whether a record of `friction` carries anything; no text in it can hold these quotes. */
function hasSaid(record: string): boolean {
  return !record.includes('"votes":[]') || record.includes('"beliefs":');
}

export class PartitionFold {
  readonly workspace: MemoryWorkspace;
  readonly #ticks: readonly number[];
  readonly #tell: (told: Timed) => void;
  #nextTick = 0;
  #offset = 0;

  /**
   * `ticks`: log times in milliseconds, rising. `keepsCell`: of which windows the counters are wanted afterwards.
   * `tell`: hears the records of `friction` that carry something, in their order.
   */
  constructor(
    configuration: SignalsRecord,
    ticks: readonly number[],
    keepsCell: (cell: string) => boolean,
    tell: (told: Timed) => void,
  ) {
    this.workspace = new MemoryWorkspace(0, 1, keepsCell);
    this.#ticks = ticks;
    this.#tell = tell;
    this.#fold(configuration, 0);
  }

  /** Takes the next statement; times must not fall. Tells whether it changed anything. */
  take({ signal, tags, customerMayChange }: Understood, time: number): boolean {
    this.#passUpTo(time);
    const before = this.workspace.counts.accepted;
    const origin = { topic: rawTopic, partition: 0, offset: this.#offset, index: 0 };
    const announcement = { signal, tags, origin, customerMayChange };
    this.#fold(taggedSignal(announcement), time);
    const news = supersedeOf(announcement);
    if (news !== null) this.#fold(news, time);
    return this.workspace.counts.accepted !== before;
  }

  /** Lets all the time of the history pass. */
  finish(): void {
    this.#passUpTo(Number.POSITIVE_INFINITY);
  }

  #passUpTo(time: number): void {
    const ticks = this.#ticks;
    for (let at = ticks[this.#nextTick]; at !== undefined && at <= time; at = ticks[this.#nextTick]) {
      this.#nextTick += 1;
      const next = ticks[this.#nextTick];
      const isLast = next === undefined || next > time;
      if (isLast || this.#isAwaited(at)) this.#tick(at);
    }
  }

  #isAwaited(at: number): boolean {
    return this.workspace.isDue(at) || hasNews(this.workspace.get<PartitionMeta>(metaKey) as PartitionMeta);
  }

  #tick(at: number): void {
    this.#fold({ type: 'tick', at: new Date(at).toISOString() }, at);
    const { outputs } = this.workspace;
    this.workspace.outputs = [];
    for (const { value } of outputs) if (hasSaid(value as string)) this.#tell({ time: at, text: value as string });
  }

  #fold(content: SignalsRecord, time: number): void {
    const record = recordAt('signals', this.#offset, time);
    this.#offset += 1;
    foldSignals([{ record, content }], this.workspace);
  }
}
