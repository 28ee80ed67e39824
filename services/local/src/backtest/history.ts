// The whole pipeline over a history: the same folds as the services run, first each partition of its customers, then what
// all of them said hour by hour.
import type { Configuration } from '@gapwatch/contracts';
import { type Beliefs, beliefKey, understand, type WindowStep } from '@gapwatch/core';
import { Ordering, Scratch } from '../files/order.ts';
import { Detection } from './detection.ts';
import type { Heard } from './heard.ts';
import { PartitionFold } from './partition.ts';
import type { Partitions, Statement } from './partitions.ts';
import type { Folded } from './stages.ts';

export type HistoryOptions = {
  readonly configuration: Configuration;
  readonly hash: string;
  /** ids of sources whose versions never name another customer */
  readonly fixed: ReadonlySet<string>;
  /** windows that are wanted beside those of a day, which the history of a stage is made of */
  readonly step: WindowStep | null;
  /** hears what was accepted */
  readonly heard: Heard;
  /** statements folded, at turns */
  readonly onFold: (signals: number) => void;
};

export type FoldedHistory = Folded & {
  readonly alerts: Detection['alerts'];
  /** how many statements had which outcome */
  readonly counts: Readonly<Record<string, number>>;
};

/** Folds what lies in partitions. */
export async function foldHistory(partitions: Partitions, options: HistoryOptions): Promise<FoldedHistory> {
  const scratch = new Scratch();
  const told = new Ordering(scratch, 'told');
  try {
    const windows = new Windows();
    const ticks = partitions.ticks();
    const turns = new Turns(options.onFold);
    for (const statements of partitions) {
      const fold = newFold(options, ticks, told);
      await foldPartition(statements, fold, options, turns);
      windows.add(fold);
    }
    told.end();
    const detection = new Detection(configurationOf(options));
    detection.run(ticks, told.inOrder());
    return { ...windows, detector: detection.workspace, alerts: detection.alerts };
  } finally {
    told.close();
    scratch.remove();
  }
}

function configurationOf({ configuration, hash }: HistoryOptions) {
  return { type: 'configuration', hash, configuration } as const;
}

function newFold(options: HistoryOptions, ticks: readonly number[], told: Ordering): PartitionFold {
  const steps = ['1d', ...(options.step === null ? [] : [options.step])].map((step) => `${step}|`);
  const keepsCell = (cell: string) => steps.some((step) => cell.startsWith(step));
  return new PartitionFold(configurationOf(options), ticks, keepsCell, (record) => told.add(record));
}

async function foldPartition(
  statements: Iterable<Statement>,
  fold: PartitionFold,
  { configuration, fixed, heard }: HistoryOptions,
  turns: Turns,
): Promise<void> {
  const stages = configuration.stages ?? null;
  for (const { signal, time } of statements) {
    const understood = understand(signal, stages);
    const accepted = fold.take({ ...understood, customerMayChange: !fixed.has(signal.source) }, time);
    if (accepted) heard.add(understood.signal, time);
    if (turns.isDue()) await turns.take();
  }
  fold.finish();
}

const turnEvery = 10_000;

/** Progress is drawn, and a signal heard, in a turn of the event loop. */
class Turns {
  readonly #onTurn: (done: number) => void;
  #done = 0;

  constructor(onTurn: (done: number) => void) {
    this.#onTurn = onTurn;
  }

  isDue(): boolean {
    this.#done += 1;
    return this.#done % turnEvery === 0;
  }

  async take(): Promise<void> {
    this.#onTurn(this.#done);
    await new Promise(setImmediate);
  }
}

/** What the partitions have in the end: counters add up, and all claims lie in one of them. */
class Windows {
  readonly cells = new Map<string, number[]>();
  readonly counts: Record<string, number> = {};
  readonly claims = new Map<string, Beliefs>();

  add({ workspace }: PartitionFold): void {
    for (const [key, fields] of workspace.cells) {
      const sum = this.cells.get(key);
      this.cells.set(key, sum === undefined ? fields : sum.map((field, index) => field + (fields[index] ?? 0)));
    }
    for (const [outcome, count] of Object.entries(workspace.counts))
      this.counts[outcome] = (this.counts[outcome] ?? 0) + count;
    const prefix = beliefKey('');
    for (const [key, claims] of workspace.scan(prefix)) this.claims.set(key.slice(prefix.length), claims as Beliefs);
  }
}
