// The detector: `friction` into evidence and alerts. One partition, one active process.
// Delivery: outputs first, then state and position in one step; (id, sequence) of an alert always has one content.
import { topicNames } from '@gapwatch/contracts';
import { type FrictionInput, foldFriction, frictionDocuments, readFriction } from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateFold, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings } from '@gapwatch/transport';

export const namespace = 'detector';

export type DetectorDependencies = { readonly loop: LoopSettings; readonly state: StateStore };

const fold: StateFold<FrictionInput> = {
  read: readFriction,
  documentsNeeded: frictionDocuments,
  fold: foldFriction,
};

export function create({ loop, state }: DetectorDependencies): Service {
  return createLoop({
    ...loop,
    service: 'detector',
    topics: [topicNames.friction],
    open: (_, partition) => new FoldedPartition(state.partition(namespace, partition), fold, partition, 1),
  });
}
