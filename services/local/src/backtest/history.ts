// The whole pipeline over a history: the same folds as the services run, first each partition of its customers, on as many
// threads as are worth their memory, then what all of them said hour by hour.
import { readRuns, type Scratch, type Timed } from '../files/order.ts';
import { Detection } from './detection.ts';
import {
  configurationOf,
  type FoldedShare,
  type Folding,
  foldPart,
  foldShare,
  newSinks,
  type OnFold,
  type Share,
} from './fold-parts.ts';
import type { Heard } from './heard.ts';
import type { Divided, Parted } from './partitions.ts';
import type { Folded } from './stages.ts';
import { type FoldedPart, Sum } from './sum.ts';
import { FoldThread } from './thread.ts';

export type HistoryOptions = Omit<Folding, 'joined'> & {
  readonly scratch: Scratch;
  /** on how many threads partitions are folded, this one among them */
  readonly threads: number;
  readonly onFold: OnFold;
};

export type FoldedHistory = Folded & Pick<FoldedPart, 'counts'> & { heard: Heard; alerts: Detection['alerts'] };

const nobody: ReadonlySet<number> = new Set();

/** Folds what was parted. */
export async function foldHistory(parted: Parted, options: HistoryOptions): Promise<FoldedHistory> {
  const sum = new Sum();
  const told = 'whole' in parted ? await foldWhole(parted.whole, options, sum) : await foldParts(parted, options, sum);
  const detection = new Detection(configurationOf(options));
  detection.run(options.ticks, told);
  const { cells, counts, claims, heard } = sum;
  return { cells, counts, claims, heard, detector: detection.workspace, alerts: detection.alerts };
}

async function foldWhole(whole: Iterable<Timed>, options: HistoryOptions, sum: Sum): Promise<Iterable<Timed>> {
  const sinks = newSinks(options.scratch, 'whole');
  sum.add(await foldPart(whole, foldingOf(options, nobody), sinks, options.onFold));
  return sinks.told.inOrder();
}

/** Each thread its share, and then those who are joined. */
async function foldParts({ parts, joined }: Divided, options: HistoryOptions, sum: Sum): Promise<Iterable<Timed>> {
  const { scratch, threads, onFold } = options;
  const folding = foldingOf(options, joined);
  const shares = Array.from({ length: threads }, (_, thread) => {
    const own = parts.filter((_part, index) => index % threads === thread);
    return { name: `thread-${thread}`, folder: scratch.path, parts: own, folding };
  });
  const folded = await foldShares(shares, onFold);
  for (const { part } of folded) sum.add(part);
  const sinks = newSinks(scratch, 'joined');
  const together = readRuns(folded.map((share) => share.joined));
  sum.add(await foldPart(together, { ...folding, joined: nobody }, sinks, onFold));
  return readRuns([...folded.map(({ told }) => told), sinks.told.store()]);
}

async function foldShares([own, ...others]: readonly Share[], onFold: OnFold): Promise<FoldedShare[]> {
  const threads = others.map((share) => new FoldThread(share, onFold));
  try {
    return await Promise.all([...(own ? [foldShare(own, onFold)] : []), ...threads.map((thread) => thread.folded)]);
  } finally {
    for (const thread of threads) await thread.end();
  }
}

function foldingOf(options: HistoryOptions, joined: ReadonlySet<number>): Folding {
  const { configuration, hash, fixed, step, ticks } = options;
  return { configuration, hash, fixed, step, ticks, joined };
}
