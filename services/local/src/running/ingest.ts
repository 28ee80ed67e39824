// Files into the log of a directory, and an account of every line: what the reading said, and what the fold made of it.
// Beside a running start it appends and waits; without one it folds what it appended itself.
import { randomUUID } from 'node:crypto';
import { namespace as aggregator } from '@gapwatch/aggregator';
import { type Output, type SourceSettings, topicNames } from '@gapwatch/contracts';
import { intakeHeaders, runKey } from '@gapwatch/core';
import type { Clock, Logger } from '@gapwatch/runtime';
import { UnknownTopic } from '@gapwatch/transport';
import { type ExportAccount, newAccount, readExport, warn } from '../exports/read.ts';
import { type Settled, withSource } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';
import { checkStart, tryLock } from './beside.ts';
import { type DataDirectory, discardPlay, makeDirectory, openDirectory, readPlayMarker } from './directory.ts';
import { type Reading, readingsOf, waitUntilFolded } from './folded.ts';
import { checkSignal, checkSource, checkStages, type InForce, inForceOfStart } from './in-force.ts';
import { createServices } from './pipeline.ts';
import { type Chosen, type Place, withParts } from './place.ts';
import { announceConfiguration, prepareTopics, topicOf } from './topics.ts';

export type IngestOptions = {
  readonly files: readonly string[];
  readonly settled: Settled;
  readonly source: SourceSettings;
  readonly place: Chosen;
  readonly partitions: number | null;
  /** history: shapes windows and baselines, raises no alert */
  readonly backfill: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRead: (bytes: number, total: number | null) => void;
  readonly onFold: (left: number, total: number) => void;
};

/** `read` is the sum of all the others. */
export type IngestReport = {
  read: number;
  accepted: number;
  repeated: number;
  skipped: Record<string, number>;
  rejected: Record<string, number>;
};

export type IngestResult = { readonly report: IngestReport; readonly account: ExportAccount };

export function ingest(options: IngestOptions): Promise<IngestResult> {
  const { place, clock } = options;
  if (place === 'parts') return withParts(clock, (parts) => ingestIntoParts(parts, options));
  return ingestIntoPath(place.path, options);
}

/** What only the fold can know, such as a repeat, is counted as accepted: the workers find it out in their time. */
async function ingestIntoParts({ log }: Place, options: IngestOptions): Promise<IngestResult> {
  const topic = topicOf(options.source);
  await log.partitions(topic).catch((error: unknown) => {
    if (!(error instanceof UnknownTopic)) throw error;
    throw new UsageError(`${error.message}, with gapwatch topics where the source is configured`);
  });
  const account = newAccount();
  const { configuration } = options.settled;
  const inForce = { configuration, how: 'run gapwatch topics and start the workers again' };
  const accepted = await append({ log }, inForce, randomUUID(), account, options);
  const { read, skipped, rejected } = account;
  return { report: { read, accepted, repeated: 0, skipped: { ...skipped }, rejected: { ...rejected } }, account };
}

async function ingestIntoPath(dataDirectory: string, options: IngestOptions): Promise<IngestResult> {
  const { clock } = options;
  makeDirectory(dataDirectory);
  const lock = tryLock(dataDirectory);
  try {
    if (lock !== null && readPlayMarker(dataDirectory)?.written === false) discardPlay(dataDirectory);
    const directory = openDirectory(dataDirectory, clock);
    try {
      return await ingestInto(directory, lock !== null, options);
    } finally {
      await directory.close();
    }
  } finally {
    lock?.release();
  }
}

async function ingestInto(directory: DataDirectory, isAlone: boolean, options: IngestOptions): Promise<IngestResult> {
  const { source } = options;
  const settled = withSource(options.settled, source);
  const inForce = await inForceIn(directory, isAlone, settled, options);
  const partitions = await prepareTopics(directory.log, settled.configuration, options.partitions);
  if (isAlone) await announceConfiguration(directory, settled, { partitions });
  const run = randomUUID();
  const account = newAccount();
  const appended = await append(directory, inForce, run, account, options);
  // what arrived before, of whatever source, is folded on the way
  const readings = readingsOf(isAlone ? settled.configuration.sources.map(topicOf) : [topicOf(source)]);
  await (isAlone
    ? foldAlone(directory, settled, partitions, readings, account, options)
    : waitForStart(directory, readings, options));
  const outcomes = await outcomesOf(directory, run, partitions);
  return { report: reportOf(account, appended, outcomes), account };
}

/** Who is alone puts the configuration at hand in force. @throws UsageError where a start does not know what is meant here */
async function inForceIn(
  directory: DataDirectory,
  isAlone: boolean,
  { configuration }: Settled,
  options: IngestOptions,
): Promise<InForce> {
  if (isAlone) return { configuration, how: 'run this again' };
  const inForce = await inForceOfStart(directory, checkStart(directory.path, options.clock));
  checkSource(options.source, inForce);
  checkStages(configuration.stages, inForce);
  return inForce;
}

const appendRecords = 1_000;

/** Answers how many signals are in the payloads that were appended. */
async function append(
  { log }: Pick<Place, 'log'>,
  inForce: InForce,
  run: string,
  account: ExportAccount,
  options: IngestOptions,
): Promise<number> {
  const { files, source, settled, clock, backfill, onRead } = options;
  const { sourcing } = settled;
  const topic = topicOf(source);
  const marks = { [intakeHeaders.run]: run, ...(backfill && { [intakeHeaders.backfill]: 'true' }) };
  const onProgress = (read: { bytesRead: number; totalBytes: number | null }) =>
    onRead(read.bytesRead, read.totalBytes);
  let batch: Output[] = [];
  let appended = 0;
  const flush = async () => {
    if (batch.length > 0) await log.append(batch);
    batch = [];
  };
  const reading = { source, sourcing, account, receivedAt: clock.now(), onProgress };
  for await (const items of readExport(files, reading)) {
    for (const { payload, signals } of items) {
      for (const signal of signals) for (const one of checkSignal(signal, inForce)) warn(one, account);
      batch.push({ topic, key: null, value: payload.bytes, headers: { ...payload.headers, ...marks } });
      appended += signals.length;
      if (batch.length >= appendRecords) await flush();
    }
  }
  await flush();
  return appended;
}

/** Detector and notifier read on when a start does: nobody is paged by a file that is read in. */
async function foldAlone(
  directory: DataDirectory,
  { configuration, sourcing, deadLetterLimits }: Settled,
  partitions: number,
  readings: readonly Reading[],
  account: ExportAccount,
  { clock, logger, onFold }: IngestOptions,
): Promise<void> {
  const failures: Error[] = [];
  const onFailure = ({ error }: { error: Error }) => failures.push(error);
  const loop = { log: directory.log, clock, logger, random: Math.random, deadLetterLimits, onFailure };
  const onWarning = (_: string, warning: string) => warn(warning, account);
  const all = createServices({ directory, configuration, sourcing, partitions, loop, receivers: [], warn: onWarning });
  const services = all.filter(({ name }) => name === 'tagger' || name === 'aggregator');
  for (const service of services) await service.start();
  const check = () => {
    const [failure] = failures;
    if (failure !== undefined) throw failure;
  };
  try {
    await waitUntilFolded(directory, upToWindows(readings), {
      onProgress: (_, left, total) => onFold(left, total),
      check,
    });
  } finally {
    for (const service of services) await service.stop();
  }
}

/** The account is complete when the windows are. */
function upToWindows(readings: readonly Reading[]): Reading[] {
  return readings.slice(0, readings.findIndex(({ topic }) => topic === topicNames.signals) + 1);
}

async function waitForStart(
  directory: DataDirectory,
  readings: readonly Reading[],
  { onFold, clock }: IngestOptions,
): Promise<void> {
  await waitUntilFolded(directory, upToWindows(readings), {
    onProgress: (_, left, total) => onFold(left, total),
    check: checkStart(directory.path, clock),
  });
}

async function outcomesOf({ state }: DataDirectory, run: string, partitions: number): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (let partition = 0; partition < partitions; partition += 1) {
    const [document] = await state.partition(aggregator, partition).documents([runKey(run)]);
    const counts = document ? (JSON.parse(document.value) as Record<string, number>) : {};
    for (const [outcome, count] of Object.entries(counts)) sums[outcome] = (sums[outcome] ?? 0) + count;
  }
  return sums;
}

const skips = ['too-late', 'older-version', 'conflicting'];

function reportOf(account: ExportAccount, appended: number, outcomes: Readonly<Record<string, number>>): IngestReport {
  const skipped = { ...account.skipped };
  const rejected = { ...account.rejected };
  for (const skip of skips) if (outcomes[skip]) skipped[skip] = (skipped[skip] ?? 0) + outcomes[skip];
  const future = outcomes['in-the-future'] ?? 0;
  if (future > 0) rejected['in-the-future'] = (rejected['in-the-future'] ?? 0) + future;
  const told = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  // a running start with another configuration may refuse what this one could read: its dead letters say why
  if (appended > told) rejected['dead-letter'] = appended - told;
  return { read: account.read, accepted: outcomes.accepted ?? 0, repeated: outcomes.repeated ?? 0, skipped, rejected };
}
