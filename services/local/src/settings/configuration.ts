// The configuration that a command works with: the file that is named, the one that lies here, or none at all.
import { existsSync } from 'node:fs';
import {
  type Configuration,
  configurationSchema,
  type ReceiverSettings,
  rawTopic,
  type SourceSettings,
} from '@gapwatch/contracts';
import { createMapping, type Intake, sourceSchemas } from '@gapwatch/core';
import { receiverSchemas } from '@gapwatch/notifier';
import { configurationHash, type LoadedConfiguration, loadConfiguration } from '@gapwatch/runtime';
import { customerMayChange } from '../exports/read.ts';

const usualFile = 'gapwatch.yaml';

export type Settled = Pick<LoadedConfiguration<Configuration>, 'configuration' | 'hash'> & {
  /** null where no file says anything: the stages are those that the signals name */
  readonly file: string | null;
  /** apart, since no fold reads them: they stand in no record, and another address makes no other alert */
  readonly receivers: ReceiverSettings[];
};

/** `named`: what `--config` or GAPWATCH_CONFIG say. Throws ConfigurationError with every mistake and its line. */
export async function loadSettled(named: string | undefined): Promise<Settled> {
  const file = named ?? (existsSync(usualFile) ? usualFile : null);
  if (file === null) return settle(configurationSchema.parse({}), null);
  const parts = (configuration: Configuration) => [...sourceSchemas(configuration), ...receiverSchemas(configuration)];
  const { configuration } = await loadConfiguration(file, configurationSchema, { parts });
  return settle(configuration, file);
}

/** A configuration that was made rather than read. */
export function settle({ receivers = [], ...configuration }: Configuration, file: string | null): Settled {
  return { configuration, hash: configurationHash(configuration), file, receivers };
}

/** A source ready to read payloads, with the topic that they come from. */
export function intakeOf(
  source: SourceSettings,
  configuration: Configuration,
  partitions: number,
): Intake & { topic: string } {
  return {
    sourceId: source.id,
    topic: source.topic ?? rawTopic(source.id),
    mapping: createMapping(source),
    customerMayChange: customerMayChange(source),
    stages: configuration.stages ?? null,
    partitions,
  };
}
