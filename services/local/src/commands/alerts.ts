// gapwatch alerts: what the console shows, from a terminal.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertDocument } from '@gapwatch/core';
import { readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command, Option } from 'commander';
import { readAlerts } from '../running/alerts.ts';
import { openDirectory } from '../running/directory.ts';
import { alertLine, alertLines } from '../terminal/alerts.ts';
import { UsageError } from '../terminal/output.ts';

type Options = { dataDir?: string; json?: boolean; state?: 'open' | 'closed'; stage?: string };

export function alertsCommand(): Command {
  const command = new Command('alerts').description('the alerts of a data directory; works beside a running start');
  command
    .command('list')
    .description('every alert, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'closed']))
    .option('--stage <id>', 'only those of this stage')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(list);
  command
    .command('show')
    .description('one alert with its evidence and its history')
    .argument('<id>', 'as list shows it; its beginning is enough')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(show);
  return command;
}

async function list(options: Options): Promise<void> {
  const { state, stage } = options;
  const alerts = (await alertsIn(options)).filter(
    ({ record }) => (state ?? record.state) === record.state && (stage ?? record.stage) === record.stage,
  );
  const lines = alerts.length === 0 ? ['no alert'] : alerts.map(alertLine);
  print(options.json ? [JSON.stringify(alerts.map(({ record }) => record))] : lines);
}

async function show(id: string, options: Options): Promise<void> {
  const found = (await alertsIn(options)).filter(({ record }) => record.id.startsWith(id));
  const [alert] = found;
  if (alert === undefined) throw new UsageError(`no alert ${id}: gapwatch alerts list names them`);
  if (found.length > 1) throw new UsageError(`${found.length} alerts begin with ${id}: write more of it`);
  print(options.json ? [JSON.stringify({ ...alert.record, history: alert.history })] : alertLines(alert));
}

async function alertsIn({ dataDir }: Options): Promise<AlertDocument[]> {
  const path = dataDir ?? readEnvironment(process.env).dataDirectory;
  if (!existsSync(join(path, 'state.db'))) {
    throw new UsageError(`${path} is no data directory: name one with --data-dir, or make one with gapwatch start`);
  }
  const directory = openDirectory(path, systemClock);
  try {
    return await readAlerts(directory.state);
  } finally {
    await directory.close();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
