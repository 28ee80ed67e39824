// The aggregator's part of a rebuild: each partition of `signals` from its first record, by the fold that always runs,
// and what the partitions say of each hour in one order.
import { cachedDocuments, foldOf } from '@gapwatch/aggregator';
import { type FrictionHour, type Generation, type Output, topicNames } from '@gapwatch/contracts';
import type { SignalsReader } from '@gapwatch/core';
import { FoldedPartition, type StateStore } from '@gapwatch/storage';
import type { History } from '../running/history.ts';

/** What an aggregator would have written to `friction`: JSON. `time`: log time, milliseconds UTC. */
export type Said = { readonly time: number; readonly value: string };

export type SignalsOptions = {
  readonly history: History;
  readonly store: StateStore;
  readonly generation: Generation;
  readonly read: SignalsReader;
  /** records read in addition to those before */
  readonly onRead: (records: number) => void;
};

const readRecords = 2_000;
/** of all partitions together */
const heldRecords = 40_000;

/** All partitions, folded as far as the order needs: at most a chunk of each is held. */
export function foldSignalsAgain(options: SignalsOptions): AsyncGenerator<Said> {
  const { until = [] } = options.generation.past ?? {};
  return inOrder(until.map((end, partition) => foldPartition(partition, { end, partitions: until.length }, options)));
}

async function* foldPartition(
  partition: number,
  { end, partitions }: { end: number; partitions: number },
  { history, store, generation, read, onRead }: SignalsOptions,
): AsyncGenerator<Said> {
  const state = store.partition(generation.aggregator, partition);
  const shareOf = (all: number) => Math.ceil(all / partitions);
  const cached = () => shareOf(cachedDocuments);
  const folded = new FoldedPartition(state, foldOf(read, partitions), partition, partitions, cached);
  const most = Math.min(readRecords, shareOf(heldRecords));
  for (let at = 0; at < end; ) {
    const { records, next } = await history.read(topicNames.signals, partition, at, Math.min(most, end - at));
    const step = await folded.step({ from: at, next, records });
    const { outcome } = await step.commit();
    if (outcome !== 'applied') throw new Error(`${generation.aggregator}/${partition}: another process folds it too`);
    // a step may take less than it was given
    onRead(step.next - at);
    at = step.next;
    yield* step.outputs.map(saidOf);
  }
}

/** An aggregator writes nothing but hours, as text. */
function saidOf(output: Output): Said {
  const value = output.value as string;
  return { time: Date.parse((JSON.parse(value) as FrictionHour).at), value };
}

/** Earliest first; of one time in the order of the streams. Each stream is in order itself. */
async function* inOrder(streams: readonly AsyncGenerator<Said>[]): AsyncGenerator<Said> {
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    const [first] = [...heads.entries()]
      .flatMap(([index, { done, value }]) => (done ? [] : [{ index, said: value as Said }]))
      .sort((one, other) => one.said.time - other.said.time || one.index - other.index);
    if (first === undefined) return;
    yield first.said;
    heads[first.index] = (await streams[first.index]?.next()) ?? { done: true, value: undefined };
  }
}
