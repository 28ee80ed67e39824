// gapwatch topics: creates or checks the topics in Kafka, and appends the configuration where it changed.
import { createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command } from 'commander';
import { announceConfiguration, announcedHash, checkForeignTopics, prepareTopics } from '../running/topics.ts';
import { loadSettled } from '../settings/configuration.ts';

type Options = { config?: string; json?: boolean };

export function topicsCommand(): Command {
  return new Command('topics')
    .description('create or check the topics in Kafka, and append the configuration where it changed')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const environment = readEnvironment(process.env);
  const settled = await loadSettled(options.config ?? environment.configurationFile ?? undefined);
  const logger = createLogger(environment.logLevel);
  const { openParts, partsSettings } = await import('../work/parts.ts');
  const parts = openParts({
    settings: partsSettings(process.env),
    clock: systemClock,
    logger,
    clientId: 'gapwatch-topics',
  });
  try {
    await checkForeignTopics(parts.log, settled.configuration);
    const before = await announcedHash(parts);
    const partitions = await prepareTopics(parts.log, settled.configuration, environment.partitions);
    await announceConfiguration(parts, settled, { partitions });
    const topics = await parts.log.topics();
    const report = { topics, partitions, configuration: settled.hash, changed: before !== settled.hash };
    process.stdout.write(`${options.json ? JSON.stringify(report) : printReport(report)}\n`);
  } finally {
    await parts.close();
  }
}

function printReport({
  topics,
  partitions,
  configuration,
  changed,
}: {
  topics: readonly string[];
  partitions: number;
  configuration: string;
  changed: boolean;
}): string {
  const taken = changed ? 'taken from here on' : 'as before';
  return `${topics.length} topics, signals with ${partitions} partitions; configuration ${configuration.slice(0, 12)} ${taken}\n${topics.map((topic) => `  ${topic}`).join('\n')}`;
}
