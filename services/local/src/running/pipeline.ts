// The services of one process over one directory: tagger, aggregator, detector and notifier, each behind its own position.
import { create as createAggregator } from '@gapwatch/aggregator';
import type { Configuration } from '@gapwatch/contracts';
import type { SignalsReader } from '@gapwatch/core';
import { create as createDetector } from '@gapwatch/detector';
import { create as createNotifier, type Receiver } from '@gapwatch/notifier';
import type { Service } from '@gapwatch/runtime';
import { create as createTagger } from '@gapwatch/tagger';
import type { Log, LoopSettings, Marks } from '@gapwatch/transport';
import { intakeOf } from '../settings/configuration.ts';
import type { Sourcing } from '../settings/sourcing.ts';
import type { DataDirectory } from './directory.ts';

export type PipelineOptions = {
  readonly directory: DataDirectory;
  readonly configuration: Configuration;
  readonly sourcing: Sourcing;
  /** partitions of `signals` */
  readonly partitions: number;
  readonly loop: LoopSettings;
  /** whom alerts are told */
  readonly receivers: readonly Receiver[];
  /** how `signals` is read */
  readonly read?: SignalsReader;
  readonly warn: (sourceId: string, warning: string) => void;
};

/** The intake of each source by the topic that its payloads lie in. */
export function intakesOf(configuration: Configuration, partitions: number, sourcing: Sourcing) {
  const intakes = configuration.sources.map((source) => intakeOf(source, configuration, partitions, sourcing));
  return new Map(intakes.map((intake) => [intake.topic, intake]));
}

/** In the order of the way of the data. */
export function createServices(options: PipelineOptions): readonly Service[] {
  const { configuration, sourcing, partitions, loop, receivers, warn, read } = options;
  const { state } = options.directory;
  return [
    createTagger({
      loop,
      state,
      intakes: intakesOf(configuration, partitions, sourcing),
      warn,
      marks: marksOf(loop.log),
    }),
    createAggregator({ loop, state, partitions, ...(read && { read }) }),
    createDetector({ loop, state }),
    createNotifier({ loop, state, receivers }),
  ];
}

/** What lies here was sent to us, and is history for nobody; but of a log that has let go a state that was lost begins with what is left. */
function marksOf(log: Log): (topic: string, partition: number) => Promise<Marks> {
  return async (topic, partition) => {
    const { low, high } = await log.marks(topic, partition);
    return { low, high: low === 0 ? 0 : high };
  };
}
