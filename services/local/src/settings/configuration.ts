// The configuration that a command works with: the file that is named, the one that lies here, or none at all.
import { existsSync } from 'node:fs';
import { type Configuration, configurationSchema, rawTopic, type SourceSettings } from '@gapwatch/contracts';
import { createMapping, type Intake, sourceSchemas } from '@gapwatch/core';
import { configurationHash, type LoadedConfiguration, loadConfiguration } from '@gapwatch/runtime';
import { customerMayChange } from '../exports/read.ts';

const usualFile = 'gapwatch.yaml';

export type Settled = Pick<LoadedConfiguration<Configuration>, 'configuration' | 'hash'> & {
  /** null where no file says anything: the stages are those that the signals name */
  readonly file: string | null;
};

/** `named`: what `--config` or GAPWATCH_CONFIG say. Throws ConfigurationError with every mistake and its line. */
export async function loadSettled(named: string | undefined): Promise<Settled> {
  const file = named ?? (existsSync(usualFile) ? usualFile : null);
  if (file === null) return settle(configurationSchema.parse({}), null);
  return loadConfiguration(file, configurationSchema, { parts: sourceSchemas });
}

/** A configuration that was made rather than read. */
export function settle(configuration: Configuration, file: string | null): Settled {
  return { configuration, hash: configurationHash(configuration), file };
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
