// gapwatch tag: statements on stdin, what the tagger makes of them on stdout, line for line.
import { Command } from 'commander';
import { loadSettled } from '../settings/configuration.ts';
import { tagLines, tagThreads } from '../tag/index.ts';
import { exitStatus, LineWriter } from '../terminal/output.ts';

type Options = { threads?: boolean; config?: string; json?: boolean };

export function tagCommand(): Command {
  return new Command('tag')
    .description('tag NDJSON of stdin: language, stage, sentiment, issue, effort, a line for each line')
    .option('--threads', 'read the statements of one thread as one conversation: a line for each thread')
    .option('--config <file>', 'configuration with the stages (default: gapwatch.yaml, where there is one)')
    .option('--json', 'the same: it is JSON')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { configuration } = await loadSettled(options.config ?? process.env.GAPWATCH_CONFIG);
  const writer = new LineWriter(process.stdout);
  const stages = configuration.stages ?? null;
  let faults = 0;
  for await (const answer of options.threads ? tagThreads(process.stdin) : tagLines(process.stdin, stages)) {
    if ('error' in answer) faults += 1;
    await writer.write(JSON.stringify(answer));
  }
  await writer.flush();
  if (faults > 0) process.exitCode = exitStatus.faults;
}
