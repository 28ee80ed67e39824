// gapwatch belief: a claim of the company about a stage, taken in like any other signal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beliefSchema, type Signal } from '@gapwatch/contracts';
import { createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command, Option } from 'commander';
import { chooseCanonical } from '../exports/source.ts';
import { type IngestReport, ingest } from '../running/ingest.ts';
import { choosePlace } from '../running/place.ts';
import { loadSettled } from '../settings/configuration.ts';
import { exitStatus, UsageError } from '../terminal/output.ts';

type Options = {
  what: string;
  from: string;
  to: string;
  n?: string;
  source?: string;
  config?: string;
  dataDir?: string;
  json?: boolean;
};

export function beliefCommand(): Command {
  return new Command('belief')
    .description('what the company says of a stage; a later claim on the same time replaces it')
    .argument('<stage>', 'its id')
    .argument('<share>', 'of customers with a good experience, 0 to 1')
    .addOption(
      new Option('--what <kind>', 'where the claim comes from').choices(beliefSchema.shape.what.options).default('kpi'),
    )
    .requiredOption('--from <time>', 'a date (UTC) or RFC 3339')
    .requiredOption('--to <time>', 'a date (UTC) or RFC 3339, excluded')
    .option('--n <count>', 'how many customers it rests on')
    .option('--source <id>', 'the canonical source that takes it, where several are configured')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(stage: string, share: string, options: Options): Promise<void> {
  const settings = readEnvironment(process.env);
  const settled = await loadSettled(options.config ?? settings.configurationFile ?? undefined);
  const source = chooseCanonical(settled, 'the claim', options.source);
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-belief-'));
  try {
    const file = join(folder, 'claim.ndjson');
    writeFileSync(file, `${JSON.stringify(claimOf(stage, share, options))}\n`);
    const { report } = await ingest({
      files: [file],
      settled,
      source,
      place: choosePlace(options.dataDir),
      partitions: settings.partitions,
      backfill: false,
      clock: systemClock,
      logger: createLogger(settings.logLevel),
      onRead: () => {},
      onFold: () => {},
    });
    tell(report, `${stage}: ${share} ${options.what}`, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws UsageError naming each mistake */
function claimOf(stage: string, share: string, { what, from, to, n }: Options): Signal {
  const times = { from: timeOf(from), to: timeOf(to) };
  const given = { share: numberOf(share), what, ...times, ...(n !== undefined && { n: numberOf(n) }) };
  const parsed = beliefSchema.safeParse(given);
  if (!parsed.success) {
    throw new UsageError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  if (times.from >= times.to) throw new UsageError('to: it must be later than from');
  const now = systemClock.now();
  const subject = `belief:${stage}:${what}:${times.from}`;
  const occurredAt = new Date(now).toISOString();
  return { kind: 'belief', subject, version: now, occurredAt, stage, belief: parsed.data };
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** In UTC, so that texts compare as times; what is no time is left to the schema. */
function timeOf(text: string): string {
  const time = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(time.getTime()) ? time.toISOString() : text;
}

function tell(report: IngestReport, claim: string, { json }: Options): void {
  const isAccepted = report.accepted === 1;
  const line = isAccepted ? `accepted ${claim}` : `not accepted: ${JSON.stringify(report)}`;
  process.stdout.write(`${json ? JSON.stringify(report) : line}\n`);
  if (!isAccepted) process.exitCode = exitStatus.faults;
}
