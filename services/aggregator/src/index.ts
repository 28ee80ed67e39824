// The aggregator: `signals` into windows, votes and the ledger, one state a partition; friction records at closing hours.
// Delivery: outputs first, then state and position in one step; a repeat is known by its origin.
import { topicNames } from '@gapwatch/contracts';
import {
  documentsNeeded,
  foldSignals,
  logTimeAfter,
  metaKey,
  type PartitionMeta,
  readSignals,
  type SignalsInput,
  type SignalsReader,
} from '@gapwatch/core';
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
  /** documents that one tick looks at in a partition; what is due beyond them waits for the next. Absent: its share */
  readonly mostDue?: number;
};

/**
 * Customers and subjects that a tick looks at, in one partition and in all: with a tick a minute, more than ten and a hundred
 * million signals a day make due. The share of a partition is the same for every owner, since what a tick says hangs on it.
 */
const mostDue = 20_000;
const mostDueInAll = 80_000;

/** What all partitions of a process keep in memory between chunks, however many they are. */
export const cachedDocuments = 40_000;

const isTick = ({ content }: SignalsInput) => content.type === 'tick';

/** The aggregator's work on a partition of so many, over records that are read like this. */
export function foldOf(
  read: SignalsReader,
  partitions: number,
  most = Math.min(mostDue, Math.ceil(mostDueInAll / partitions)),
): StateFold<SignalsInput> {
  return {
    read,
    documentsNeeded,
    looks: {
      until: (inputs, workspace) => {
        if (!inputs.some(isTick)) return null;
        return logTimeAfter(inputs, workspace.get<PartitionMeta>(metaKey)?.logTime ?? 0);
      },
      at: isTick,
      most,
    },
    fold: foldSignals,
  };
}

export function create({ loop, state, partitions, read = readSignals, ...rest }: AggregatorDependencies): Service {
  const fold = foldOf(read, partitions, rest.mostDue);
  return createLoop({
    ...loop,
    service: 'aggregator',
    topics: [topicNames.signals],
    open: (_, partition, opened) => {
      const mostCached = () => Math.ceil(cachedDocuments / opened());
      return new FoldedPartition(state.partition(namespace, partition), fold, partition, partitions, mostCached);
    },
  });
}
