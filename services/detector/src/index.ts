// The detector: `friction` into evidence and alerts. One partition, one active process. What people do comes by `commands`
// and is copied into `friction`, so that one order decides.
// Delivery: outputs first, then state and position in one step; (id, sequence) of an alert always has one content.
import { topicNames } from '@gapwatch/contracts';
import {
  copyCommands,
  type FrictionInput,
  foldFriction,
  frictionDocuments,
  readCommand,
  readFriction,
  type SpokenInput,
} from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateFold, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings } from '@gapwatch/transport';

export const namespace = 'detector';
/** where the position in `commands` is kept */
export const commandsNamespace = 'detector.commands';

export type DetectorDependencies = { readonly loop: LoopSettings; readonly state: StateStore };

/** The detector's work. */
export const fold: StateFold<FrictionInput> = {
  read: readFriction,
  documentsNeeded: frictionDocuments,
  fold: foldFriction,
};

const copy: StateFold<SpokenInput> = { read: readCommand, documentsNeeded: () => [], fold: copyCommands };

export function create({ loop, state }: DetectorDependencies): Service {
  return createLoop({
    ...loop,
    service: 'detector',
    topics: [topicNames.friction, topicNames.commands],
    open: (topic, partition) =>
      topic === topicNames.commands
        ? new FoldedPartition(state.partition(commandsNamespace, partition), copy, partition, 1)
        : new FoldedPartition(state.partition(namespace, partition), fold, partition, 1),
  });
}
