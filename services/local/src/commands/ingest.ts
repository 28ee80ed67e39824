// gapwatch ingest: files into the log of a data directory.
import { createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command } from 'commander';
import { chooseOneSource } from '../exports/source.ts';
import { type IngestReport, ingest } from '../running/ingest.ts';
import { choosePlace } from '../running/place.ts';
import { loadSettled } from '../settings/configuration.ts';
import { named, printFaults } from '../terminal/account.ts';
import { exitStatus } from '../terminal/output.ts';
import { progressOf } from '../terminal/progress.ts';

type Options = { source?: string; config?: string; dataDir?: string; backfill?: boolean; json?: boolean };

export function ingestCommand(): Command {
  return new Command('ingest')
    .description('append files to the log of a data directory; works beside a running start')
    .argument('<file...>', 'NDJSON, JSON array or CSV; .gz or .zst; - for stdin')
    .option('--source <id>', 'the source of the configuration that reads the files')
    .option('--backfill', 'history: shapes windows and baselines, raises no alert')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  const settings = readEnvironment(process.env);
  const settled = await loadSettled(options.config ?? settings.configurationFile ?? undefined, options.source);
  const reading = progressOf('reading');
  const folding = progressOf('folding');
  const { report, account } = await ingest({
    files,
    settled,
    source: chooseOneSource(settled, files, options.source),
    place: choosePlace(options.dataDir),
    partitions: settings.partitions,
    backfill: options.backfill ?? false,
    clock: systemClock,
    logger: createLogger(settings.logLevel),
    onRead: (bytes, total) => reading.update(bytes, total),
    onFold: (left, total) => folding.update(total - left, total, `${left} left`),
  }).finally(() => {
    reading.stop();
    folding.stop();
  });
  for (const line of printFaults(account)) process.stderr.write(`${line}\n`);
  process.stdout.write(`${options.json ? JSON.stringify(report) : printReport(report)}\n`);
  if (isMostlyLate(report)) process.stderr.write(`${lateAdvice}\n`);
  if (Object.keys(report.rejected).length > 0) process.exitCode = exitStatus.faults;
}

function printReport({ read, accepted, repeated, skipped, rejected }: IngestReport): string {
  return `read ${read}: accepted ${accepted}, repeated ${repeated}${named('skipped', skipped)}${named('rejected', rejected)}`;
}

function isMostlyLate({ read, skipped }: IngestReport): boolean {
  return (skipped['too-late'] ?? 0) > read / 2;
}

const lateAdvice =
  'over half of it is older than what can still change: read history with --backfill, or play it with gapwatch start --replay FILE';
