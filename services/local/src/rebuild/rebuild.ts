// A rebuild: `signals` folded again from its first record, beside the state in force, which it replaces in one step.
// Until that step everything is as it was, and a rebuild that was killed begins anew. It writes to no topic: what was
// decided stands in the alerts, which come along with what people did with them.
import { create as createAggregator } from '@gapwatch/aggregator';
import { type Generation, topicNames } from '@gapwatch/contracts';
import { ownTagger, type Reconciliation, reconcile, signalsReader, type Tagger } from '@gapwatch/core';
import { create as createDetector } from '@gapwatch/detector';
import type { Service } from '@gapwatch/runtime';
import {
  activeGeneration,
  generationOf,
  generationPlace,
  inForce,
  type StateStep,
  type StateStore,
} from '@gapwatch/storage';
import type { Log, LoopSettings } from '@gapwatch/transport';
import { type AloneOptions, foldAlone } from '../running/alone.ts';
import { commandReadings, endsOf, type Reading } from '../running/folded.ts';
import type { History } from '../running/history.ts';
import type { Place } from '../running/place.ts';
import { type Announced, announced } from '../running/topics.ts';
import type { Settled } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';
import { type Verification, verify } from '../verify/verify.ts';
import { compareWindows, type Windows } from './compare.ts';
import { foldDetectorAgain, readDetected } from './detector.ts';
import { foldSignalsAgain } from './signals.ts';

/** `store` has every generation under its own name. Nobody else may fold. */
export type RebuildParts = {
  readonly log: Log;
  /** from the first record on */
  readonly history: History;
  readonly store: StateStore;
  /** throws where somebody folds meanwhile; asked before the rebuild begins, and before it switches */
  readonly checkAlone: () => Promise<void>;
};

export type RebuildOptions = Omit<AloneOptions, 'onProgress'> & {
  /** holds from the first record on */
  readonly settled: Pick<Settled, 'configuration' | 'hash'>;
  readonly tagger?: Tagger;
  readonly onProgress: (what: 'folding' | 'comparing', done: number, total: number) => void;
};

export type RebuildReport = {
  /** records of `signals` */
  readonly records: number;
  readonly generation: number;
  readonly windows: Windows;
  readonly alerts: Pick<Reconciliation, 'kept' | 'closing' | 'found'>;
  readonly verified: Verification;
  /** false: the new state is not what the log says; it was taken away, and the old one is in force */
  readonly switched: boolean;
};

/** @throws UsageError where no history reaches back to the first record, or where somebody folds meanwhile */
export async function rebuild(parts: RebuildParts, options: RebuildOptions): Promise<RebuildReport> {
  const { store } = parts;
  await parts.checkAlone();
  const before = await activeGeneration(store);
  // what a rebuild left that was killed, before it had switched or after
  for (const number of [before.number + 1, before.number - 1]) if (number > 0) await dropGeneration(store, number);
  await foldWaiting(parts, before, options);
  const after = await nextGeneration(parts, before, options);
  const records = (after.past?.until ?? []).reduce((sum, end) => sum + end, 0);
  const alerts = await foldAgain(parts, { before, after, records }, options);
  const windows = await compareAll(store, before, after);
  const verified = await verifyNew(parts, after, options);
  const switched = verified.wrong + verified.missing + verified.extra === 0;
  await parts.checkAlone();
  if (switched) await switchTo(store, after, options);
  await dropGeneration(store, (switched ? before : after).number);
  const { kept, closing, found } = alerts;
  return { records, generation: after.number, windows, alerts: { kept, closing, found }, verified, switched };
}

async function dropGeneration(store: StateStore, number: number): Promise<void> {
  const { aggregator, detector } = generationOf(number);
  await store.drop(aggregator);
  await store.drop(detector);
}

const signalsReading: Reading = { topic: topicNames.signals, namespace: 'aggregator' };

/**
 * What the log holds already is decided by the state in force, so that none of it is taken for history. One service after the
 * other, so that the second has read all that the first has said; a state that can no longer go on decides nothing.
 */
async function foldWaiting({ log, store }: RebuildParts, { past }: Generation, options: RebuildOptions): Promise<void> {
  const state = inForce(store);
  const place = { log, state };
  const partitions = await log.partitions(topicNames.signals);
  const read = signalsReader(past, options.tagger);
  const { clock, logger } = options;
  const fold = async (create: (loop: LoopSettings) => Service, readings: readonly Reading[]) => {
    if (await goesOn(place, readings)) await foldAlone(place, (loop) => [create(loop)], readings, { clock, logger });
  };
  await fold((loop) => createAggregator({ loop, state, partitions, read }), [signalsReading]);
  await fold((loop) => createDetector({ loop, state }), commandReadings);
}

/** Whether the log still has what comes next for each of these states. */
async function goesOn({ log, state }: Pick<Place, 'log' | 'state'>, readings: readonly Reading[]): Promise<boolean> {
  for (const { topic, namespace } of readings) {
    for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
      const position = await state.partition(namespace, partition).position();
      if (position < (await log.marks(topic, partition)).low) return false;
    }
  }
  return true;
}

/** Where the state in force stands, which is where those who fold go on; where it cannot go on, the end. */
async function endsInForce({ log, store }: RebuildParts, reading: Reading): Promise<number[]> {
  const place = { log, state: inForce(store) };
  const ends = await endsOf(place, reading.topic);
  if (!(await goesOn(place, [reading]))) return ends;
  return Promise.all(ends.map((_, partition) => place.state.partition(reading.namespace, partition).position()));
}

async function nextGeneration(
  parts: RebuildParts,
  before: Generation,
  { settled, tagger = ownTagger }: RebuildOptions,
): Promise<Generation> {
  const until = await endsInForce(parts, signalsReading);
  for (const partition of until.keys()) {
    const { low } = await parts.history.marks(topicNames.signals, partition);
    if (low === 0) continue;
    throw new UsageError(
      `${topicNames.signals}/${partition} begins at ${low}: what lay before is no longer in the log, so that nothing can be folded from its first record on`,
    );
  }
  const { hash, configuration } = settled;
  return { ...generationOf(before.number + 1), past: { until, tagger: tagger.revision, hash, configuration } };
}

type Turn = { readonly before: Generation; readonly after: Generation; readonly records: number };

async function foldAgain(
  parts: RebuildParts,
  { before, after, records }: Turn,
  { tagger, onProgress }: RebuildOptions,
): Promise<Reconciliation> {
  let done = 0;
  const onRead = (read: number) => {
    done += read;
    onProgress('folding', done, records);
  };
  const { history, store } = parts;
  const old = store.partition(before.detector, 0);
  const state = store.partition(after.detector, 0);
  const known = await readDetected(old);
  const said = foldSignalsAgain({ history, store, generation: after, read: signalsReader(after.past, tagger), onRead });
  await foldDetectorAgain(said, state, { before: known, configuration: configurationOf(after) });
  const reconciled = reconcile(known, await readDetected(state));
  const documents = [...reconciled.documents].map(([key, document]) => documentOf(key, document));
  for await (const note of old.scan('note|')) documents.push(note);
  const [next = 0] = await endsInForce(parts, { topic: topicNames.friction, namespace: 'detector' });
  await state.apply({ expected: 0, next, documents, cells: new Map() });
  return reconciled;
}

function configurationOf({ past }: Generation): string {
  return JSON.stringify({ type: 'configuration', hash: past?.hash, configuration: past?.configuration });
}

function documentOf(key: string, document: object | null): StateStep['documents'][number] {
  return { key, value: document === null ? null : JSON.stringify(document), due: null };
}

async function compareAll(store: StateStore, before: Generation, after: Generation): Promise<Windows> {
  const sum = { cells: 0, changed: 0 };
  for (const partition of after.past?.until.keys() ?? []) {
    const [old, now] = [before, after].map(({ aggregator }) => store.partition(aggregator, partition));
    const { cells, changed } = await compareWindows(old!, now!);
    sum.cells += cells;
    sum.changed += changed;
  }
  return sum;
}

async function verifyNew(
  { history, store }: RebuildParts,
  generation: Generation,
  { tagger, onProgress }: RebuildOptions,
): Promise<Verification> {
  const read = signalsReader(generation.past, tagger);
  const compared = (done: number, total: number) => onProgress('comparing', done, total);
  return verify({ history, store }, { generation, read, onProgress: compared });
}

/** The new generation, and the configuration that it was folded under as the one that the log works with. */
async function switchTo(
  store: StateStore,
  generation: Generation,
  { settled: { hash, configuration } }: RebuildOptions,
): Promise<void> {
  const own = store.partition(generationPlace.namespace, 0);
  const position = await own.position();
  const documents = [
    documentOf(generationPlace.key, generation),
    documentOf(announced.key, { hash, configuration } satisfies Announced),
  ];
  await own.apply({ expected: position, next: position, documents, cells: new Map() });
}
