// The aggregator: `signals` into windows, votes and the ledger, one state a partition; friction records at closing hours.
// Delivery: outputs first, then state and position in one step; a repeat is known by its origin.
import { topicNames } from '@gapwatch/contracts';
import { documentsNeeded, foldSignals, readSignals, type SignalsInput, type SignalsReader } from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateFold, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings } from '@gapwatch/transport';

export const namespace = 'aggregator';

export type AggregatorDependencies = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  /** partitions of `signals` */
  readonly partitions: number;
  /** how records are read; after a rebuild as the rebuild read them. Absent: as they stand */
  readonly read?: SignalsReader;
};

/** The aggregator's work, over records that are read like this. */
export function foldOf(read: SignalsReader): StateFold<SignalsInput> {
  return {
    read,
    documentsNeeded,
    dueUntil: (inputs, records) => {
      if (!inputs.some(({ content }) => content.type === 'tick')) return null;
      return records.reduce((latest, { time }) => Math.max(latest, time), 0);
    },
    fold: foldSignals,
  };
}

export function create({ loop, state, partitions, read = readSignals }: AggregatorDependencies): Service {
  const fold = foldOf(read);
  return createLoop({
    ...loop,
    service: 'aggregator',
    topics: [topicNames.signals],
    open: (_, partition) => new FoldedPartition(state.partition(namespace, partition), fold, partition, partitions),
  });
}
