// The configuration that a command works with: the file that is named, the one that lies here, or none at all.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type Configuration,
  configurationSchema,
  type DeadLetterLimits,
  deadLetterLimitsSchema,
  type ReceiverSettings,
  rawTopic,
  type SourceSettings,
} from '@gapwatch/contracts';
import { createMapping, type Intake, sourceSchemas } from '@gapwatch/core';
import { receiverSchemas } from '@gapwatch/notifier';
import { configurationHash, type LoadedConfiguration, loadConfiguration, readSecret } from '@gapwatch/runtime';
import { customerMayChange } from '../exports/read.ts';
import { loadSourcing, plainSourcing, type Sourcing } from './sourcing.ts';

const usualFile = 'gapwatch.yaml';

export type Settled = Pick<LoadedConfiguration<Configuration>, 'configuration' | 'hash'> & {
  /** null where no file says anything: the stages are those that the signals name */
  readonly file: string | null;
  /** apart, since no fold reads them: they stand in no record, and another address makes no other alert */
  readonly receivers: ReceiverSettings[];
  /** apart as well */
  readonly deadLetterLimits: DeadLetterLimits;
  /** what payloads are mapped by, beside the settings of their source */
  readonly sourcing: Sourcing;
};

/**
 * `named`: what `--config` or GAPWATCH_CONFIG say. `source`: the one that the command line asks for, which is then looked for
 * in `sources/` also where no configuration file lies. Throws ConfigurationError with every mistake and its line.
 */
export async function loadSettled(named: string | undefined, source?: string): Promise<Settled> {
  const file = configurationFile(named);
  const customerKey = readSecret(process.env, 'GAPWATCH_CUSTOMER_KEY');
  const sourcing = await loadSourcing(folderOf(file), file === null ? (source ?? '') : null, customerKey);
  if (file === null) return settle(configurationSchema.parse({}), null, sourcing);
  const parts = (configuration: Configuration) => [
    ...sourceSchemas(configuration, sourcing.types),
    ...receiverSchemas(configuration),
  ];
  const { configuration } = await loadConfiguration(file, configurationSchema, { parts });
  return settle(configuration, file, sourcing);
}

/** The file that is named, else the usual one where it lies here; null where there is none. */
export function configurationFile(named: string | undefined): string | null {
  return named ?? (existsSync(usualFile) ? usualFile : null);
}

/** The folder that a configuration file lies in, or would. */
export function folderOf(file: string | null): string {
  return file === null ? '.' : dirname(file);
}

/** A configuration that was made rather than read. */
export function settle(
  { receivers = [], deadLetters, ...configuration }: Configuration,
  file: string | null,
  sourcing: Sourcing = plainSourcing,
): Settled {
  const deadLetterLimits = deadLetters ?? deadLetterLimitsSchema.parse({});
  return { configuration, hash: configurationHash(configuration), file, receivers, deadLetterLimits, sourcing };
}

/** The same with this source, where it is none of its own. */
export function withSource(settled: Settled, source: SourceSettings): Settled {
  const { sources } = settled.configuration;
  if (sources.some(({ id }) => id === source.id)) return settled;
  const configuration = { ...settled.configuration, sources: [...sources, source] };
  return { ...settled, configuration, hash: configurationHash(configuration) };
}

/** A source ready to read payloads, with the topic that they come from. */
export function intakeOf(
  source: SourceSettings,
  configuration: Configuration,
  partitions: number,
  { types, customerKey }: Sourcing,
): Intake & { topic: string } {
  return {
    sourceId: source.id,
    topic: source.topic ?? rawTopic(source.id),
    mapping: createMapping(source, types),
    customerMayChange: customerMayChange(source, types),
    ...(customerKey !== null && { customerKey }),
    stages: configuration.stages ?? null,
    partitions,
  };
}
