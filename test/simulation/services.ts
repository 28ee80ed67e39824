// The services of a run. Another one is another line.
import { create as createAggregator } from '@gapwatch/aggregator';
import type { Intake } from '@gapwatch/core';
import { create as createDetector } from '@gapwatch/detector';
import { create as createNotifier, type Send } from '@gapwatch/notifier';
import type { Service } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import { create as createTagger } from '@gapwatch/tagger';
import type { LoopSettings } from '@gapwatch/transport';

/** What a copy of a service is made of. */
export type Parts = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  readonly intakes: ReadonlyMap<string, Intake>;
  /** partitions of `signals` */
  readonly partitions: number;
  readonly mostDue: number;
  readonly send: Send;
};

export const services: Readonly<Record<string, (parts: Parts) => Service>> = {
  tagger: ({ loop, state, intakes }) => createTagger({ loop, state, intakes, warn: () => {} }),
  aggregator: ({ loop, state, partitions, mostDue }) => createAggregator({ loop, state, partitions, mostDue }),
  detector: ({ loop, state }) => createDetector({ loop, state }),
  notifier: ({ loop, state, send }) =>
    createNotifier({ loop, state, receivers: [{ id: 'people', stages: null, send }] }),
};

/**
 * Services whose outputs and state follow from their log alone. What people are told depends on when they can be told: the
 * notifier has a check of its own.
 */
export const repeatable = ['tagger', 'aggregator', 'detector'] as const;
