// gapwatch dead-letters: what could not be taken, why, and sending it again once that is mended.
import type { DeadLetter } from '@gapwatch/contracts';
import { readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command } from 'commander';
import { LetterReader } from '../dead-letters/letters.ts';
import { marksIn } from '../dead-letters/marks.ts';
import { payloadOf } from '../dead-letters/replay.ts';
import { type ReplayReport, sendAgain } from '../dead-letters/send-again.ts';
import { deadLettersOf } from '../dead-letters/serve.ts';
import { type Place, withPlace } from '../running/place.ts';
import { loadSettled, type Settled } from '../settings/configuration.ts';
import { letterLine, letterLines } from '../terminal/dead-letters.ts';
import { exitStatus, LineWriter, UsageError } from '../terminal/output.ts';
import { userName } from '../terminal/user.ts';

type Options = { config?: string; dataDir?: string; json?: boolean; reason?: string; source?: string };

export function deadLettersCommand(): Command {
  const command = new Command('dead-letters').description(
    'what could not be taken, with the reason; works beside a running start',
  );
  narrowed(common(command.command('list')))
    .description('every dead letter, the newest first')
    .action(list);
  common(command.command('show'))
    .description('one dead letter: the reason, the place it came from, and the payload as it came')
    .argument('<id>', 'as list shows it')
    .action(show);
  narrowed(common(command.command('replay')))
    .description('send dead letters again, after what was wrong is mended')
    .argument('[id...]', 'as list shows them')
    .option('--all', 'every one that was not sent again yet')
    .option('--again', 'also what was sent again before')
    .option('--by <name>', 'who does it (default: the name of the user)')
    .action(replay);
  return command;
}

function common(command: Command): Command {
  return command
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout');
}

function narrowed(command: Command): Command {
  return command
    .option('--reason <code>', 'only those of this reason')
    .option('--source <id>', 'only those of this source');
}

type Work<T> = (place: Place, settled: Settled) => Promise<T>;

async function working<T>({ config, dataDir }: Options, work: Work<T>): Promise<T> {
  const settings = readEnvironment(process.env);
  const settled = await loadSettled(config ?? settings.configurationFile ?? undefined);
  return withPlace(dataDir, systemClock, (place) => work(place, settled));
}

async function list(options: Options): Promise<void> {
  const { json = false, reason, source } = options;
  const output = new LineWriter(process.stdout);
  await working(options, async ({ log, state }, { configuration }) => {
    const letters = deadLettersOf({ log, state, configuration, clock: systemClock }).read(null, { reason, source });
    let written = 0;
    for await (const { letter, source: from, replayed } of letters) {
      const line = json ? JSON.stringify({ ...letter, source: from, replayed }) : letterLine(letter, replayed);
      await output.write(json ? `${written === 0 ? '[' : ','}${line}` : line);
      written += 1;
    }
    if (json) await output.write(written === 0 ? '[]' : ']');
    else if (written === 0) await output.write('no dead letter');
  });
  await output.flush();
}

async function show(id: string, options: Options): Promise<void> {
  const text = await working(options, async ({ log, state }, { configuration }) => {
    const found = await new LetterReader(log, configuration).find(id);
    if (found === null) throw new UsageError(`no dead letter ${id}: gapwatch dead-letters list names them`);
    const { letter, source } = found;
    const [replayed = null] = await marksIn(state).read([id]);
    if (options.json) return JSON.stringify({ ...letter, source, replayed });
    return letterLines(letter, source, replayed, payloadText(letter)).join('\n');
  });
  process.stdout.write(`${text}\n`);
}

function payloadText(letter: DeadLetter): string {
  const { leftOutBytes } = letter;
  if (leftOutBytes === undefined) return Buffer.from(payloadOf(letter)).toString();
  return `(${leftOutBytes} bytes, too many for a letter: they lie where it came from, for as long as that topic keeps them)`;
}

type ReplayOptions = Options & { all?: boolean; again?: boolean; by?: string };

async function replay(ids: string[], options: ReplayOptions): Promise<void> {
  const { all = false, again = false, by = userName(), reason, source } = options;
  if (all === ids.length > 0) throw new UsageError('name dead letters, or say --all');
  if (!all && (reason ?? source) !== undefined) throw new UsageError('--reason and --source narrow --all');
  const report = await working(options, (place, settled) =>
    sendAgain(
      { ids: all ? undefined : ids, again, by, reason, source },
      { place, configuration: settled.configuration, clock: systemClock },
    ),
  );
  process.stdout.write(`${options.json ? JSON.stringify(report) : replayLine(report)}\n`);
  for (const id of report.unknown) process.stderr.write(`gapwatch: no dead letter ${id}\n`);
  if (isFaulty(report, all)) process.exitCode = exitStatus.faults;
}

/** With --all, what was sent before is left out as meant; by name it is a mistake to be told of. */
function isFaulty({ refused, unknown, rejectedAgain }: ReplayReport, all: boolean): boolean {
  const repeated = all ? 0 : (refused['replayed-already'] ?? 0);
  return unknown.length > 0 || repeated > 0 || (rejectedAgain ?? 0) > 0;
}

function replayLine({ replayed, refused, rejectedAgain }: ReplayReport): string {
  const already = refused['replayed-already'] ?? 0;
  const ours = refused['written-by-us'] ?? 0;
  const leftOut = refused['left-out'] ?? 0;
  const outcome =
    rejectedAgain === null
      ? 'the next start folds them'
      : `${replayed - rejectedAgain} taken, ${rejectedAgain} rejected again`;
  return [
    `replayed ${replayed}${replayed === 0 ? '' : `: ${outcome}`}`,
    ...(already > 0 ? [`${already} were replayed before (--again sends them once more)`] : []),
    ...(leftOut > 0 ? [`${leftOut} hold too many bytes for a letter: send them again from where they came`] : []),
    ...(ours > 0 ? [`${ours} hold records that Gapwatch made itself, which are not sent but made`] : []),
  ].join('; ');
}
