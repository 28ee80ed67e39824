// A backtest from files to a report: read, put in order, folded.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Configuration } from '@gapwatch/contracts';
import type { WindowStep } from '@gapwatch/core';
import { customerMayChange, type ExportAccount, knownAt, newAccount, readExports } from '../exports/read.ts';
import type { Export } from '../exports/source.ts';
import { Scratch } from '../files/order.ts';
import type { Sourcing } from '../settings/sourcing.ts';
import { type FoldedHistory, foldHistory } from './history.ts';
import { Partitions, partitionsFor } from './partitions.ts';
import { alertsOf, type BacktestReport, signalsOf, windowsOf } from './report.ts';
import { showsOf } from './shows.ts';
import { type StageView, stagesOf } from './stages.ts';

export type BacktestOptions = {
  readonly exports: readonly Export[];
  readonly configuration: Configuration;
  readonly hash: string;
  readonly sourcing: Sourcing;
  /** null: no windows in the report */
  readonly step: WindowStep | null;
  readonly stdin?: AsyncIterable<Buffer>;
  /** bytes of the files read; then statements folded, of how many */
  readonly onRead: (bytes: number, total: number | null) => void;
  readonly onFold: (signals: number, total: number) => void;
};

export type BacktestResult = {
  readonly report: BacktestReport;
  readonly account: ExportAccount;
  /** the history of each stage, for charts */
  readonly stages: readonly StageView[];
  readonly files: readonly string[];
  readonly budget: Configuration['alerts']['falseAlarms'];
};

/** A second thread is worth its memory; more would take more than a backtest should. */
const threads = Math.min(2, availableParallelism());

export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { configuration, hash, step } = options;
  const account = newAccount();
  const scratch = new Scratch();
  try {
    const { parted, ticks, count } = await read(options, account, scratch);
    const sources = options.exports.map(({ source }) => source);
    const fixed = new Set(sources.filter((one) => !customerMayChange(one, options.sourcing.types)).map(({ id }) => id));
    let done = 0;
    const onFold = (statements: number) => {
      done += statements;
      options.onFold(done, count);
    };
    const folded = await foldHistory(parted, { configuration, hash, fixed, step, ticks, scratch, threads, onFold });
    return resultOf(options, folded, account);
  } finally {
    scratch.remove();
  }
}

async function read(options: BacktestOptions, account: ExportAccount, scratch: Scratch) {
  const { exports, sourcing, stdin } = options;
  const files = exports.flatMap((one) => one.files);
  const partitions = new Partitions({ scratch, partitions: partitionsFor(sizeOf(files)) });
  const onProgress = (progress: { bytesRead: number; totalBytes: number | null }) =>
    options.onRead(progress.bytesRead, progress.totalBytes);
  // a payload without a time of its own stands at the beginning of all, so that the answer depends on the input alone
  const reading = { sourcing, receivedAt: 0, account, onProgress, ...(stdin !== undefined && { stdin }) };
  for await (const { items } of readExports(exports, reading)) {
    for (const { signals } of items) for (const signal of signals) partitions.add(signal, knownAt(signal));
  }
  return { parted: partitions.end(), ticks: partitions.ticks(), count: partitions.count };
}

/** of which nobody knows the size */
const unknownBytes = 2 ** 30;
const packed = /\.(gz|zst|zstd)$/i;
const timesPacked = 8;

/** About how many bytes files unpack to. */
function sizeOf(files: readonly string[]): number {
  const sizes = files.map((file) => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? unknownBytes;
    return packed.test(file) ? size * timesPacked : size;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

function resultOf(
  { exports, configuration, step }: BacktestOptions,
  folded: FoldedHistory,
  account: ExportAccount,
): BacktestResult {
  const { heard } = folded;
  const stages = stagesOf(heard.stages.keys(), folded, configuration);
  const alerts = alertsOf(folded.alerts.values());
  const report = {
    shows: showsOf({ heard, stages, configuration }),
    signals: signalsOf(account, folded.counts),
    from: isoOrNull(heard.first),
    to: isoOrNull(heard.last),
    stages: stages.map((stage) => ({
      ...summaryOf(stage),
      customers: heard.stages.get(stage.stage) ?? 0,
      alerts: alerts.filter((alert) => alert.stage === stage.stage && !alert.reversed).length,
    })),
    alerts,
    windows: step === null ? [] : windowsOf(folded, step, stages),
  };
  const files = exports.flatMap((one) => one.files);
  return { report, account, stages, files, budget: configuration.alerts.falseAlarms };
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function summaryOf({ days, of: _, beliefs, target, ...facts }: StageView) {
  const statements = days.statements.reduce((sum, count) => sum + count, 0);
  return { ...facts, statements };
}
