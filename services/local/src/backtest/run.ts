// A backtest from files to a report: read, understood, put in order, folded.
import type { AcceptedSignal, Configuration } from '@gapwatch/contracts';
import { understand, type WindowStep } from '@gapwatch/core';
import { customerMayChange, type ExportAccount, knownAt, newAccount, readExports } from '../exports/read.ts';
import type { Export } from '../exports/source.ts';
import { inOrder, type Timed } from '../files/order.ts';
import type { Sourcing } from '../settings/sourcing.ts';
import { Heard } from './heard.ts';
import { BacktestPipeline } from './pipeline.ts';
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
  /** bytes of the file read; then statements folded */
  readonly onRead: (bytes: number, total: number | null) => void;
  readonly onFold: (signals: number, time: number) => void;
};

export type BacktestResult = {
  readonly report: BacktestReport;
  readonly account: ExportAccount;
  /** the history of each stage, for charts */
  readonly stages: readonly StageView[];
  readonly files: readonly string[];
  readonly budget: Configuration['alerts']['falseAlarms'];
};

export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const account = newAccount();
  const pipeline = new BacktestPipeline(options.configuration, options.hash, options.step);
  const heard = new Heard();
  const sources = options.exports.map(({ source }) => source);
  const fixed = new Set(sources.filter((one) => !customerMayChange(one, options.sourcing.types)).map(({ id }) => id));
  let folded = 0;
  for await (const block of inOrder(signalsIn(options, account))) {
    for (const { text, time } of block) {
      const signal = JSON.parse(text) as AcceptedSignal;
      const understood = understand(signal, options.configuration.stages ?? null);
      const accepted = pipeline.take({ ...understood, customerMayChange: !fixed.has(signal.source) }, time);
      if (accepted) heard.add(understood.signal, time);
      folded += 1;
      if (folded % 10_000 === 0) options.onFold(folded, time);
    }
  }
  pipeline.finish();
  return resultOf(options, pipeline, account, heard);
}

async function* signalsIn(options: BacktestOptions, account: ExportAccount): AsyncGenerator<Timed> {
  const { exports, sourcing, stdin } = options;
  const onProgress = (progress: { bytesRead: number; totalBytes: number | null }) =>
    options.onRead(progress.bytesRead, progress.totalBytes);
  // a payload without a time of its own stands at the beginning of all, so that the answer depends on the input alone
  const reading = { sourcing, receivedAt: 0, account, onProgress, ...(stdin !== undefined && { stdin }) };
  for await (const { signals } of readExports(exports, reading)) {
    for (const signal of signals) yield { time: knownAt(signal), text: JSON.stringify(signal) };
  }
}

function resultOf(
  { exports, configuration, step }: BacktestOptions,
  pipeline: BacktestPipeline,
  account: ExportAccount,
  heard: Heard,
): BacktestResult {
  const stages = stagesOf(heard.stages.keys(), pipeline, configuration);
  const alerts = alertsOf(pipeline.alerts);
  const report = {
    shows: showsOf({ heard, stages, configuration }),
    signals: signalsOf(account, pipeline.counts),
    from: isoOrNull(heard.first),
    to: isoOrNull(heard.last),
    stages: stages.map((stage) => ({
      ...summaryOf(stage),
      customers: heard.stages.get(stage.stage)?.size ?? 0,
      alerts: alerts.filter((alert) => alert.stage === stage.stage && !alert.reversed).length,
    })),
    alerts,
    windows: step === null ? [] : windowsOf(pipeline.windows, step, stages),
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
