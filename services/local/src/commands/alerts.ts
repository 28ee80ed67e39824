// gapwatch alerts: what the console shows and does, from a terminal.
import { readEnvironment, systemClock } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import { Command, Option } from 'commander';
import { findAlert, readAlerts } from '../running/alerts.ts';
import { checkDirectory } from '../running/beside.ts';
import { openDirectory } from '../running/directory.ts';
import { alertLine, alertLines } from '../terminal/alerts.ts';
import { addActions } from './act.ts';
import { alertsTestCommand } from './alerts-test.ts';

type Options = { dataDir?: string; json?: boolean; state?: 'open' | 'closed'; stage?: string };

export function alertsCommand(): Command {
  const command = new Command('alerts').description(
    'the alerts of a data directory, and what people do with them; works beside a running start',
  );
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
  addActions(command);
  command.addCommand(alertsTestCommand());
  return command;
}

async function list(options: Options): Promise<void> {
  const { state, stage } = options;
  const alerts = (await reading(options, readAlerts)).filter(
    ({ record }) =>
      !record.reversed && (state ?? record.state) === record.state && (stage ?? record.stage) === record.stage,
  );
  const lines = alerts.length === 0 ? ['no alert'] : alerts.map(alertLine);
  print(options.json ? [JSON.stringify(alerts.map(({ record }) => record))] : lines);
}

async function show(id: string, options: Options): Promise<void> {
  const alert = await reading(options, (state) => findAlert(state, id));
  print(options.json ? [JSON.stringify({ ...alert.record, history: alert.history })] : alertLines(alert));
}

async function reading<T>({ dataDir }: Options, read: (state: StateStore) => Promise<T>): Promise<T> {
  const path = dataDir ?? readEnvironment(process.env).dataDirectory;
  checkDirectory(path);
  const directory = openDirectory(path, systemClock);
  try {
    return await read(directory.state);
  } finally {
    await directory.close();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
