// gapwatch alerts acknowledge, snooze, assign, fix, verdict, accept: what a person does with an alert, from a terminal.
import {
  type Command as AlertCommand,
  type CommandAction,
  commandFaults,
  durationMs,
  durationSchema,
  verdicts,
} from '@gapwatch/contracts';
import { createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { Argument, type Command } from 'commander';
import { findAlert } from '../running/alerts.ts';
import { type CommandResult, give } from '../running/command.ts';
import { withPlace } from '../running/place.ts';
import { exitStatus, UsageError } from '../terminal/output.ts';
import { userName } from '../terminal/user.ts';

type Details = NonNullable<AlertCommand['details']>;
type Options = { by?: string; sequence?: string; dataDir?: string; json?: boolean };

/** Adds the actions to `gapwatch alerts`. */
export function addActions(command: Command): void {
  actionOf(command, 'acknowledge', 'I have it').action((id: string, options: Options) =>
    act('acknowledge', id, {}, options),
  );
  actionOf(command, 'snooze', 'remind me at a time')
    .option('--until <time>', 'RFC 3339 with its offset, such as 2026-03-09T08:00:00Z')
    .option('--for <duration>', 'instead: 8h, 3d or 2w from now on')
    .action((id: string, options: Options & { until?: string; for?: string }) =>
      act('snooze', id, { until: untilOf(options) }, options),
    );
  actionOf(command, 'assign', 'somebody else has it')
    .requiredOption('--to <who>', 'a person or a department')
    .action((id: string, options: Options & { to: string }) => act('assign', id, { to: options.to }, options));
  actionOf(command, 'fix', 'what was done about it')
    .argument('<text>', 'in a sentence; e-mail addresses and numbers of telephones and accounts are taken out')
    .action((id: string, text: string, options: Options) => act('fix', id, { text }, options));
  actionOf(command, 'verdict', 'was it right?')
    .addArgument(new Argument('<value>', 'what it was').choices(verdicts))
    .action((id: string, value: string, options: Options) => act('verdict', id, { value }, options));
  actionOf(command, 'accept', 'take the present level as normal; closes the alert').action(
    (id: string, options: Options) => act('accept', id, {}, options),
  );
}

function actionOf(command: Command, action: CommandAction, description: string): Command {
  return command
    .command(action)
    .description(description)
    .argument('<id>', 'as list shows it; its beginning is enough')
    .option('--by <name>', 'who does it (default: the name of the user)')
    .option('--sequence <n>', 'the transition that you saw; what came after it supersedes (default: the newest)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout');
}

function untilOf({ until, for: duration }: { until?: string; for?: string }): string {
  if ((until === undefined) === (duration === undefined)) throw new UsageError('say --until TIME or --for DURATION');
  if (until !== undefined) return until;
  const parsed = durationSchema.safeParse(duration);
  if (!parsed.success) throw new UsageError(`--for: ${parsed.error.issues[0]?.message}`);
  return new Date(systemClock.now() + durationMs(parsed.data)).toISOString();
}

async function act(action: CommandAction, id: string, details: Details, options: Options): Promise<void> {
  const faults = commandFaults(action, details, systemClock.now());
  if (faults.length > 0) throw new UsageError(faults.map(({ path, message }) => `${path}: ${message}`).join('; '));
  const logger = createLogger(readEnvironment(process.env).logLevel);
  const by = options.by ?? userName();
  const result = await withPlace(options.dataDir, systemClock, async (place) => {
    const { record } = await findAlert(place.state, id);
    const sequence = sequenceOf(options, record.sequence);
    const given = { action, alert: record.id, by, sequence, ...(Object.keys(details).length > 0 && { details }) };
    return give(place, given, { clock: systemClock, logger });
  });
  process.stdout.write(`${options.json ? JSON.stringify(result) : lineOf(action, by, result)}\n`);
  if (result.outcome !== 'applied') process.exitCode = exitStatus.faults;
}

function sequenceOf({ sequence }: Options, newest: number): number {
  if (sequence === undefined) return newest;
  const number = /^[1-9]\d{0,8}$/.test(sequence) ? Number(sequence) : Number.NaN;
  if (number <= newest) return number;
  throw new UsageError(`--sequence: the alert has come to ${newest}; write a whole number from 1 to ${newest}`);
}

const explanations: Readonly<Record<string, string>> = {
  superseded: 'the alert got news, or a colleague did the same, after what you saw: gapwatch alerts show says what',
  'closed-already': 'the alert is closed; what can still be said is fix and verdict',
};

function lineOf(action: CommandAction, by: string, { alert, sequence, outcome }: CommandResult): string {
  const explained = explanations[outcome] === undefined ? '' : `: ${explanations[outcome]}`;
  return `${outcome}: ${action} of alert ${alert} by ${by}, which is at ${sequence} now${explained}`;
}
