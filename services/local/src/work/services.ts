// The services that one process runs against real parts.
import { create as createAggregator } from '@gapwatch/aggregator';
import { create as createArchiver } from '@gapwatch/archiver';
import { signalsReader } from '@gapwatch/core';
import { create as createDetector } from '@gapwatch/detector';
import { create as createNotifier, type Receiver } from '@gapwatch/notifier';
import type { Service } from '@gapwatch/runtime';
import { activeGeneration } from '@gapwatch/storage';
import { create as createTagger } from '@gapwatch/tagger';
import type { Log, LoopSettings } from '@gapwatch/transport';
import { keptTopics } from '../running/archiving.ts';
import { intakesOf } from '../running/pipeline.ts';
import type { Settled } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';
import type { Parts } from './parts.ts';
import type { Role } from './roles.ts';

export type ServicesOptions = {
  readonly parts: Pick<Parts, 'state' | 'store' | 'archive'> & { readonly log: Log };
  readonly settled: Settled;
  /** partitions of `signals` */
  readonly partitions: number;
  readonly loop: LoopSettings;
  readonly receivers: readonly Receiver[];
  readonly warn: (sourceId: string, warning: string) => void;
};

/** The services among the roles that read topics; gateway and console answer on the port. */
export async function servicesOf(wanted: ReadonlySet<Role>, options: ServicesOptions): Promise<Service[]> {
  const { parts, settled, partitions, loop, receivers, warn } = options;
  const { configuration } = settled;
  const { state, log } = parts;
  const services: Service[] = [];
  if (wanted.has('tagger')) {
    const intakes = intakesOf(configuration, partitions, settled.sourcing);
    services.push(createTagger({ loop, state, intakes, warn, marks: log.marks }));
  }
  if (wanted.has('aggregator')) {
    const read = signalsReader((await activeGeneration(parts.store)).past);
    services.push(createAggregator({ loop, state, partitions, read }));
  }
  if (wanted.has('detector')) services.push(createDetector({ loop, state }));
  if (wanted.has('notifier')) services.push(createNotifier({ loop, state, receivers }));
  if (wanted.has('archiver')) services.push(await archiverOf(options));
  return services;
}

async function archiverOf({ parts, settled, loop }: ServicesOptions): Promise<Service> {
  const { state, log, archive } = parts;
  const { archive: settings } = settled.configuration;
  if (archive === null) throw new UsageError('the archiver needs a bucket: set GAPWATCH_S3_BUCKET');
  if (settings === 'off')
    throw new UsageError('the configuration says archive: off, so that there is nothing to archive');
  const foreign = settled.configuration.sources.flatMap(({ topic }) => (topic === undefined ? [] : [topic]));
  const topics = keptTopics([...new Set([...(await log.topics()), ...foreign])], settings.rawDays);
  return createArchiver({ loop, state, archive, topics });
}
