// gapwatch alerts test: one marked message to a receiver of the configuration, and what came back.
import { sampleAlert } from '@gapwatch/core';
import { type Answer, createReceivers, messageId, type Receiver } from '@gapwatch/notifier';
import { readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command } from 'commander';
import { loadSettled } from '../settings/configuration.ts';
import { exitStatus, UsageError } from '../terminal/output.ts';

type Options = { config?: string; json?: boolean };

export function alertsTestCommand(): Command {
  return new Command('test')
    .description('send a marked test message to a receiver and say what came back')
    .argument('<receiver>', 'its id in the configuration')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(id: string, { config, json }: Options): Promise<void> {
  const receiver = await receiverOf(id, config);
  const at = new Date(systemClock.now()).toISOString();
  const alert = { ...sampleAlert, id: `test-${at}`, at };
  const message = { id: messageId(alert.id, alert.sequence, id, false), news: 'test', alert, at } as const;
  const answer = await receiver.send(message, new AbortController().signal);
  const document = { receiver: id, message: message.id, outcome: answer.outcome, detail: answer.detail };
  process.stdout.write(`${json ? JSON.stringify(document) : wordsOf(id, answer)}\n`);
  if (answer.outcome !== 'delivered') process.exitCode = exitStatus.faults;
}

async function receiverOf(id: string, config: string | undefined): Promise<Receiver> {
  const named = config ?? readEnvironment(process.env).configurationFile ?? undefined;
  const { configuration, receivers } = await loadSettled(named);
  const created = createReceivers({
    configuration,
    receivers: receivers.filter((one) => one.id === id),
    environment: process.env,
    clock: systemClock,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const receiver = created.find((one) => one.id === id);
  if (receiver !== undefined) return receiver;
  const known = new Set(['terminal', ...receivers.map((one) => one.id)]);
  throw new UsageError(`no receiver ${id}: the configuration has ${[...known].join(', ')}`);
}

const meanings: Readonly<Record<Answer['outcome'], string>> = {
  delivered: 'delivered',
  failed: 'not delivered, and never would be',
  later: 'not delivered; an alert would be sent again later',
  gone: 'not delivered; the receiver wants nothing any more',
};

function wordsOf(id: string, { outcome, detail }: Answer): string {
  return `${id}: ${meanings[outcome]} (${detail})`;
}
