// gapwatch rebuild: the past folded again, by the configuration and the tagger of today.
import { createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { lockDataDirectory } from '@gapwatch/storage';
import { Command } from 'commander';
import { type RebuildParts, type RebuildReport, rebuild } from '../rebuild/rebuild.ts';
import { closeRestored, type RestoreParts, restoreLog } from '../rebuild/restore.ts';
import { checkDirectory } from '../running/beside.ts';
import { type DataDirectory, openDirectory } from '../running/directory.ts';
import { exampleConfiguration } from '../running/example.ts';
import { choosePlace, withParts } from '../running/place.ts';
import { announcedConfiguration } from '../running/topics.ts';
import { loadSettled, type Settled, settle } from '../settings/configuration.ts';
import { exitStatus, UsageError } from '../terminal/output.ts';
import { progressOf } from '../terminal/progress.ts';

/** `restored`: offsets that the log was given from the archive before. */
type Report = RebuildReport & { readonly restored?: number };

type Options = { config?: string; dataDir?: string; json?: boolean };

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description(
      'fold all signals again, beside the state in force, and switch over in one step; on a stopped directory, or on Kafka while aggregator and detector stand still',
    )
    .option('--config <file>', 'what shall hold for the past (default: gapwatch.yaml; without one what holds now)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const chosen = choosePlace(options.dataDir);
  const report: Report = await (chosen === 'parts' ? rebuildParts(options) : rebuildDirectory(chosen.path, options));
  process.stdout.write(`${options.json ? JSON.stringify(report) : printReport(report)}\n`);
  if (!report.switched) process.exitCode = exitStatus.faults;
}

async function rebuildDirectory(path: string, options: Options): Promise<RebuildReport> {
  checkDirectory(path);
  const lock = lockDataDirectory(path);
  try {
    await using directory = disposable(openDirectory(path, systemClock));
    const settled = await configurationFor(directory, namedIn(options));
    // the lock keeps everybody else from folding
    return await folded({ ...directory, checkAlone: async () => {} }, settled);
  } finally {
    lock.release();
  }
}

const folding = ['aggregator', 'detector'] as const;

async function rebuildParts(options: Options): Promise<Report> {
  return withParts(systemClock, async (place, parts) => {
    const { log } = parts;
    const checkAlone = async () => {
      for (const role of folding) {
        if ((await log.members(role)) === 0) continue;
        throw new UsageError(
          `${role} runs: stop the workers of ${folding.join(' and ')}, rebuild, and start them again; the others may go on`,
        );
      }
    };
    const settled = await loadSettled(namedIn(options));
    await checkAlone();
    const restored = await restoredLog(parts);
    const known = settled.file === null ? await announcedConfiguration(place) : settled;
    if (known === null) throw new UsageError('this Kafka has no configuration yet: run gapwatch topics first');
    const report = await folded({ ...place, checkAlone }, known);
    if (restored === null) return report;
    if (report.switched) await closeRestored(log);
    return { ...report, restored };
  });
}

async function restoredLog(parts: RestoreParts): Promise<number | null> {
  const progress = progressOf('restoring the log');
  try {
    return await restoreLog(parts, (done, total) => progress.update(done, total, `${done} of ${total} records`));
  } finally {
    progress.stop();
  }
}

function namedIn({ config }: Options): string | undefined {
  return config ?? readEnvironment(process.env).configurationFile ?? undefined;
}

async function folded(parts: RebuildParts, settled: Pick<Settled, 'configuration' | 'hash'>): Promise<RebuildReport> {
  const progresses = { folding: progressOf('folding again'), comparing: progressOf('comparing') };
  try {
    return await rebuild(parts, {
      settled,
      clock: systemClock,
      logger: createLogger(readEnvironment(process.env).logLevel),
      onProgress: (what, done, total) => progresses[what].update(done, total, `${done} of ${total} records`),
    });
  } finally {
    for (const progress of Object.values(progresses)) progress.stop();
  }
}

function disposable(directory: DataDirectory): DataDirectory & AsyncDisposable {
  return { ...directory, [Symbol.asyncDispose]: () => directory.close() };
}

/** Where no file says anything, what is in force. */
async function configurationFor(
  directory: DataDirectory,
  named: string | undefined,
): Promise<Pick<Settled, 'configuration' | 'hash'>> {
  const example = await exampleConfiguration(directory, named);
  if (example !== null) return example;
  const settled = await loadSettled(named);
  if (settled.file !== null) return settled;
  const { configuration } = (await announcedConfiguration(directory)) ?? {};
  if (configuration !== undefined) return settle(configuration, null);
  throw new UsageError(
    `${directory.path} does not say which configuration holds: name one with --config, or start it once`,
  );
}

function printReport({ records, windows, alerts, verified, switched, restored }: Report): string {
  const { kept, closing, found } = alerts;
  if (!switched) {
    const { wrong, missing, extra } = verified;
    return `nothing was switched: of the new windows ${wrong} are wrong, ${missing} missing, ${extra} extra; the old state is in force`;
  }
  return [
    ...(restored === undefined ? [] : [`${restored} records of the archive are in Kafka now; run gapwatch topics`]),
    `${records} records folded again; ${windows.changed} of ${windows.cells} windows differ from before`,
    `open alerts: ${kept.length} kept, ${closing.length} to be closed by the next hour, since the past no longer shows them`,
    `found in history: ${found.length === 0 ? 'nothing' : `${found.join(', ')}; told if it worsens`}`,
  ].join('\n');
}
