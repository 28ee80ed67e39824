// The command line: one table of commands, each in a file of its own that says what it takes and what it answers.
import { Command, CommanderError } from 'commander';
import { simulateCommand } from './commands/simulate.ts';
import { BrokenPipe, exitStatus, UsageError } from './terminal/output.ts';

const commands = [simulateCommand];

/** Runs one command; the exit status is 0 good, 1 faults in the input, 2 called wrongly or could not run. */
export async function main(words: readonly string[]): Promise<number> {
  const program = new Command('gapwatch')
    .description('Alerts when a stage of the customer journey shows a widening gap that predicts churn')
    .exitOverride()
    .showHelpAfterError('(gapwatch COMMAND --help says more)');
  for (const create of commands) program.addCommand(create().exitOverride());
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitStatus.good;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof BrokenPipe) return exitStatus.good;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.good : exitStatus.wrong;
  if (error instanceof UsageError) {
    process.stderr.write(`gapwatch: ${error.message}\n`);
    return exitStatus.wrong;
  }
  throw error;
}
