// gapwatch config plan: what the file changes against what is in force.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment, systemClock } from '@gapwatch/runtime';
import { openSqliteState } from '@gapwatch/storage';
import { Command } from 'commander';
import { type Estimate, estimateRebuild } from '../rebuild/estimate.ts';
import { type Place, readPlace } from '../running/place.ts';
import { announcedConfiguration } from '../running/topics.ts';
import { loadSettled, type Settled } from '../settings/configuration.ts';
import { type Change, planChange } from '../settings/plan.ts';
import { onOneLine, UsageError } from '../terminal/output.ts';

type Options = { config?: string; dataDir?: string; json?: boolean };

/** `rebuild`: whether one is needed for the past to follow; `estimate` null where none is. */
type Plan = { readonly rebuild: boolean; readonly changes: readonly Change[]; readonly estimate: Estimate | null };

export function configPlanCommand(): Command {
  return new Command('plan')
    .description('what the file changes: taken from here on, or a rebuild for the past to follow; changes nothing')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const settings = readEnvironment(process.env);
  const settled = await loadSettled(options.config ?? settings.configurationFile ?? undefined);
  const plan = await readPlace(options.dataDir, systemClock, (place) => planFor(place, settled));
  process.stdout.write(`${options.json ? JSON.stringify(plan) : printPlan(plan)}\n`);
}

async function planFor(place: Place, settled: Settled): Promise<Plan> {
  const inForce = (await announcedConfiguration(place))?.configuration;
  if (inForce === undefined) {
    throw new UsageError('no configuration is in force yet: run gapwatch start once, or on Kafka gapwatch topics');
  }
  const changes = planChange(inForce, settled.configuration);
  const rebuild = changes.some(({ means }) => means === 'rebuild');
  return { rebuild, changes, estimate: rebuild ? await estimate(place, settled) : null };
}

async function estimate({ history }: Place, settled: Settled): Promise<Estimate> {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-plan-'));
  const scratch = openSqliteState(join(folder, 'state.db'));
  try {
    return await estimateRebuild(history, scratch, { settled, clock: systemClock });
  } finally {
    await scratch.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function printPlan({ changes, estimate: expected }: Plan): string {
  const others = 'receivers and deadLetters are read at each start and need no plan';
  if (changes.length === 0) return `nothing changes; ${others}`;
  const lines = changes.map(({ field, from, to, means, why }) => {
    const what = `${field}: ${shortOf(from)} → ${shortOf(to)}`;
    return `${onOneLine(what)}\n  ${means === 'rebuild' ? 'needs a rebuild' : 'taken from here on'}: ${why}`;
  });
  return [...lines, expected === null ? 'no rebuild is needed' : rebuildLine(expected), others].join('\n');
}

function shortOf(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

const shownCharacters = 80;

function rebuildLine({ records, seconds }: Estimate): string {
  const time = seconds === null ? '' : `, about ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}`;
  return `gapwatch rebuild makes the past follow: ${records} records to fold${time}; without it the change holds from the next start on`;
}
