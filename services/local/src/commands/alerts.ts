// gapwatch alerts: what the console shows and does, from a terminal.
import { type Concerned, customersCsv, readCustomers, StateReader } from '@gapwatch/console';
import { topicNames } from '@gapwatch/contracts';
import { systemClock } from '@gapwatch/runtime';
import { Command, Option } from 'commander';
import { findAlert, readAlerts } from '../running/alerts.ts';
import { type Place, readPlace } from '../running/place.ts';
import { alertLine, alertLines, customerLine } from '../terminal/alerts.ts';
import { addActions } from './act.ts';
import { alertsTestCommand } from './alerts-test.ts';

type Options = { dataDir?: string; json?: boolean; csv?: boolean; state?: 'open' | 'closed'; stage?: string };

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
  command
    .command('customers')
    .description(
      'whom an alert concerns: customers with an open issue at its stage, in the order in which to call them',
    )
    .argument('<id>', 'as list shows it; its beginning is enough')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .addOption(new Option('--json', 'one JSON document on stdout').conflicts('csv'))
    .option('--csv', 'a table with a line of names on stdout')
    .action(customers);
  addActions(command);
  command.addCommand(alertsTestCommand());
  return command;
}

async function list(options: Options): Promise<void> {
  const { state, stage } = options;
  const alerts = (await reading(options, ({ state: store }) => readAlerts(store))).filter(
    ({ record }) =>
      !record.reversed && (state ?? record.state) === record.state && (stage ?? record.stage) === record.stage,
  );
  const lines = alerts.length === 0 ? ['no alert'] : alerts.map(alertLine);
  print(options.json ? [JSON.stringify(alerts.map(({ record }) => record))] : lines);
}

async function show(id: string, options: Options): Promise<void> {
  const alert = await reading(options, ({ state }) => findAlert(state, id));
  print(options.json ? [JSON.stringify({ ...alert.record, history: alert.history })] : alertLines(alert));
}

async function customers(id: string, options: Options): Promise<void> {
  const items = await reading(options, async ({ state, log }) => {
    const alert = (await findAlert(state, id)).record.id;
    return allCustomers(new StateReader(state, await log.partitions(topicNames.signals)), alert);
  });
  if (options.json) print([JSON.stringify(items)]);
  else if (options.csv) process.stdout.write(customersCsv(items));
  else print(items.length === 0 ? ['no customer has an open issue at this stage'] : items.map(customerLine));
}

async function allCustomers(reader: StateReader, alert: string): Promise<Concerned[]> {
  const items: Concerned[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await readCustomers(reader, alert, cursor === undefined ? {} : { cursor });
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

function reading<T>({ dataDir }: Options, read: (place: Place) => Promise<T>): Promise<T> {
  return readPlace(dataDir, systemClock, read);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
