// Partitions of a history, folded one after the other: what a thread does of it.
import type { AcceptedSignal, Configuration } from '@gapwatch/contracts';
import { type Beliefs, beliefKey, understand, type WindowStep } from '@gapwatch/core';
import { Ordering, readRuns, type StoredRuns, type Timed } from '../files/order.ts';
import { Listener } from './listener.ts';
import { PartitionFold } from './partition.ts';
import { ownerOf } from './partitions.ts';
import { type FoldedPart, Sum } from './sum.ts';

/** How statements are folded; a thread is told of it. */
export type Folding = {
  readonly configuration: Configuration;
  readonly hash: string;
  /** ids of sources whose versions never name another customer */
  readonly fixed: ReadonlySet<string>;
  /** windows that are wanted beside those of a day, which the history of a stage is made of */
  readonly step: WindowStep | null;
  /** log times, see {@link Partitions.ticks} */
  readonly ticks: readonly number[];
  /** owners whose statements another one folds */
  readonly joined: ReadonlySet<number>;
};

export type Sinks = {
  /** takes the records of `friction`, each at its tick */
  readonly told: Ordering;
  /** takes the statements of those who are joined */
  readonly joined: Ordering;
};

/** Hears at turns how many statements were taken since. */
export type OnFold = (statements: number) => void;

/** The partitions that one thread folds. */
export type Share = {
  /** begins the names of its files in the folder */
  readonly name: string;
  readonly folder: string;
  readonly parts: readonly StoredRuns[];
  readonly folding: Folding;
};

/** What its partitions have in the end, and what they left to do. */
export type FoldedShare = {
  readonly part: FoldedPart;
  readonly told: StoredRuns;
  readonly joined: StoredRuns;
};

const toldBytes = 16 * 2 ** 20;
const joinedBytes = 2 ** 20;

export function newSinks(folder: { readonly path: string }, name: string): Sinks {
  const told = new Ordering(folder, `${name}-told`, toldBytes);
  return { told, joined: new Ordering(folder, `${name}-joined`, joinedBytes) };
}

export async function foldShare({ name, folder, parts, folding }: Share, onFold: OnFold): Promise<FoldedShare> {
  const sinks = newSinks({ path: folder }, name);
  const sum = new Sum();
  for (const part of parts) sum.add(await foldPart(readRuns([part]), folding, sinks, onFold));
  return { part: sum.part, told: sinks.told.store(), joined: sinks.joined.store() };
}

export function configurationOf({ configuration, hash }: Pick<Folding, 'configuration' | 'hash'>) {
  return { type: 'configuration', hash, configuration } as const;
}

const turnEvery = 10_000;

/** Folds the statements of a partition, in their order. A turn of the event loop is left to others now and then. */
export async function foldPart(
  items: Iterable<Timed>,
  folding: Folding,
  sinks: Sinks,
  onFold: OnFold,
): Promise<FoldedPart> {
  const { configuration, fixed, joined } = folding;
  const fold = newFold(folding, sinks.told);
  const listener = new Listener();
  const stages = configuration.stages ?? null;
  let taken = 0;
  for (const item of items) {
    const signal = JSON.parse(item.text) as AcceptedSignal;
    if (joined.size > 0 && joined.has(ownerOf(signal))) {
      sinks.joined.add(item);
      continue;
    }
    const understood = understand(signal, stages);
    const accepted = fold.take({ ...understood, customerMayChange: !fixed.has(signal.source) }, item.time);
    if (accepted) listener.add(understood.signal, item.time);
    taken += 1;
    if (taken % turnEvery > 0) continue;
    onFold(turnEvery);
    await new Promise(setImmediate);
  }
  onFold(taken % turnEvery);
  fold.finish();
  const { cells, counts } = fold.workspace;
  return { cells, counts, claims: claimsOf(fold), heard: listener.heard() };
}

function newFold(folding: Folding, told: Ordering): PartitionFold {
  const steps = ['1d', ...(folding.step === null ? [] : [folding.step])].map((step) => `${step}|`);
  const keepsCell = (cell: string) => steps.some((step) => cell.startsWith(step));
  return new PartitionFold(configurationOf(folding), folding.ticks, keepsCell, (record) => told.add(record));
}

function claimsOf({ workspace }: PartitionFold): Map<string, Beliefs> {
  const prefix = beliefKey('');
  return new Map(Array.from(workspace.scan(prefix), ([key, claims]) => [key.slice(prefix.length), claims as Beliefs]));
}
