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
  /** documents that one tick looks at; what is due beyond them waits for the next. Absent: {@link mostDue} */
  readonly mostDue?: number;
};

/** Customers and subjects a tick: with four partitions and a tick a minute, more than ten million signals a day make due. */
const mostDue = 20_000;

const isTick = ({ content }: SignalsInput) => content.type === 'tick';

/** The aggregator's work, over records that are read like this. */
export function foldOf(read: SignalsReader, most = mostDue): StateFold<SignalsInput> {
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
  const fold = foldOf(read, rest.mostDue);
  return createLoop({
    ...loop,
    service: 'aggregator',
    topics: [topicNames.signals],
    open: (_, partition) => new FoldedPartition(state.partition(namespace, partition), fold, partition, partitions),
  });
}
