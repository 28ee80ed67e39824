// The command line: one table of commands, each in a file of its own that says what it takes and what it answers.
import { OtherTagger } from '@gapwatch/core';
import { ConfigurationError, EnvironmentError, StorageError } from '@gapwatch/runtime';
import { DeadLetterStorm, PartitionsDiffer } from '@gapwatch/transport';
import { Command, CommanderError } from 'commander';
import { alertsCommand } from './commands/alerts.ts';
import { backtestCommand } from './commands/backtest.ts';
import { beliefCommand } from './commands/belief.ts';
import { configCommand } from './commands/config.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { doctorCommand } from './commands/doctor.ts';
import { ingestCommand } from './commands/ingest.ts';
import { noteCommand } from './commands/note.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { simulateCommand } from './commands/simulate.ts';
import { sourcesCommand } from './commands/sources.ts';
import { startCommand } from './commands/start.ts';
import { tagCommand } from './commands/tag.ts';
import { topicsCommand } from './commands/topics.ts';
import { verifyCommand } from './commands/verify.ts';
import { workCommand } from './commands/work.ts';
import { FileError } from './files/index.ts';
import { version } from './running/version.ts';
import { BrokenPipe, exitStatus, passBrokenPipe, UsageError } from './terminal/output.ts';

const commands = [
  startCommand,
  ingestCommand,
  tagCommand,
  backtestCommand,
  simulateCommand,
  verifyCommand,
  workCommand,
  topicsCommand,
  alertsCommand,
  deadLettersCommand,
  beliefCommand,
  noteCommand,
  configCommand,
  sourcesCommand,
  rebuildCommand,
  doctorCommand,
];

/** Runs one command; the exit status is 0 good, 1 faults in the input, 2 called wrongly or could not run. */
export async function main(words: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passBrokenPipe);
  const program = new Command('gapwatch')
    .description('Alerts when a stage of the customer journey shows a widening gap that predicts churn')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(gapwatch COMMAND --help says more)');
  for (const create of commands) program.addCommand(throwing(create()));
  try {
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? exitStatus.good);
  } catch (error) {
    return explain(error);
  }
}

/** Its own commands too: what is called wrongly ends with our status, not with that of the library. */
function throwing(command: Command): Command {
  for (const one of command.commands) throwing(one);
  return command.exitOverride();
}

function explain(error: unknown): number {
  if (error instanceof BrokenPipe) return exitStatus.good;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.good : exitStatus.wrong;
  if (isForPeople(error)) {
    process.stderr.write(`gapwatch: ${error.message}\n`);
    return exitStatus.wrong;
  }
  throw error;
}

/** By name: their clients are loaded by the commands that work with them. */
const namesForPeople: ReadonlySet<string> = new Set([
  // on a thread of its own
  'FileError',
  'KafkaAway',
  'KafkaRefused',
  'RedisAway',
  'S3Away',
  'RedisRefused',
  'S3Refused',
  'RecordTooLarge',
  'TimeIsTheBrokers',
  'TopicInUse',
  'UnknownTopic',
  'BelowLowMark',
  'AboveHighMark',
]);

/** Errors whose message says what is wrong and what to do; anything else is a fault of ours and keeps its stack. */
function isForPeople(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    error instanceof FileError ||
    error instanceof ConfigurationError ||
    error instanceof EnvironmentError ||
    error instanceof StorageError ||
    error instanceof OtherTagger ||
    error instanceof PartitionsDiffer ||
    error instanceof DeadLetterStorm ||
    (error instanceof Error && namesForPeople.has(error.name))
  );
}
