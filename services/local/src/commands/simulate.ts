// gapwatch simulate: a made-up company as canonical NDJSON on stdout, the same for the same options.
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parsePlant, type SimulateOptions, simulate, truth } from '../simulate/index.ts';
import { LineWriter, UsageError } from '../terminal/output.ts';
import { progressOf } from '../terminal/progress.ts';

type Options = {
  days: string;
  customers: string;
  stages: string;
  seed: string;
  plant: string[];
  ratingsOnly?: boolean;
  perDay?: string;
  from?: string;
  truth?: string;
};

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('write a made-up company as canonical NDJSON on stdout')
    .option('--days <n>', 'how long', '180')
    .option('--customers <n>', 'how many', '2000')
    .option('--stages <n|names>', 'how many stages, or their ids, comma separated', '6')
    .option('--seed <n>', 'the same seed gives the same bytes', '1')
    .option(
      '--plant <STAGE:STEP@DAY[+RAMP]>',
      'STEP more of the customers are unhappy from DAY on; may be repeated',
      collect,
      [],
    )
    .option('--ratings-only', 'ratings and lifecycle alone, no words')
    .option('--per-day <n>', 'statements a day at each stage (default: customers / 20)')
    .option('--from <date>', 'the first day')
    .option('--truth <file>', 'write what was planted, and who left for it')
    .action(run);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

async function run(given: Options): Promise<void> {
  const options = understand(given);
  const signals = startSimulation(options);
  if (given.truth !== undefined) await writeFile(given.truth, `${JSON.stringify(truth(options), null, 2)}\n`);
  const writer = new LineWriter(process.stdout);
  const progress = progressOf('simulating');
  let written = 0;
  for (const signal of signals) {
    await writer.write(JSON.stringify(signal));
    written += 1;
    if (written % 10_000 === 0) progress.update(written, null, `${written} signals, ${signal.occurredAt}`);
  }
  await writer.flush();
  progress.stop();
}

function understand(given: Options): SimulateOptions {
  try {
    const stages = /^\d+$/.test(given.stages)
      ? Number(given.stages)
      : given.stages.split(',').map((stage) => stage.trim());
    return {
      days: Number(given.days),
      customers: Number(given.customers),
      stages,
      seed: Number(given.seed),
      plants: given.plant.map(parsePlant),
      ratingsOnly: given.ratingsOnly ?? false,
      ...(given.perDay !== undefined && { signalsPerDay: Number(given.perDay) }),
      ...(given.from !== undefined && { from: given.from }),
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The simulator checks its options before the first signal. */
function startSimulation(options: SimulateOptions) {
  try {
    return simulate(options);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
