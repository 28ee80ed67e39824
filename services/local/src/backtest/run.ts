// A backtest from files to a report: read, understood, put in order, folded.
import { type AcceptedSignal, type Configuration, type SourceSettings, spokenKinds } from '@gapwatch/contracts';
import { understand, type WindowStep } from '@gapwatch/core';
import { customerMayChange, type ExportAccount, knownAt, newAccount, readExport } from '../exports/read.ts';
import { inOrder, type Timed } from '../files/order.ts';
import type { Sourcing } from '../settings/sourcing.ts';
import { BacktestPipeline } from './pipeline.ts';
import { alertsOf, type BacktestReport, signalsOf, watchOf, windowsOf } from './report.ts';

export type BacktestOptions = {
  readonly files: readonly string[];
  readonly configuration: Configuration;
  readonly hash: string;
  readonly source: SourceSettings;
  readonly sourcing: Sourcing;
  /** null: no windows in the report */
  readonly step: WindowStep | null;
  readonly stdin?: AsyncIterable<Buffer>;
  /** bytes of the file read; then statements folded */
  readonly onRead: (bytes: number, total: number | null) => void;
  readonly onFold: (signals: number, time: number) => void;
};

export type BacktestResult = { readonly report: BacktestReport; readonly account: ExportAccount };

export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const account = newAccount();
  const pipeline = new BacktestPipeline(options.configuration, options.hash, options.step ?? '7d');
  const tally = new Tally();
  const mayChange = customerMayChange(options.source, options.sourcing.types);
  let folded = 0;
  for await (const { text, time } of inOrder(signalsIn(options, account))) {
    const signal = JSON.parse(text) as AcceptedSignal;
    const understood = understand(signal, options.configuration.stages ?? null);
    const accepted = pipeline.take({ ...understood, customerMayChange: mayChange }, time);
    if (accepted) tally.add(understood.signal, time);
    folded += 1;
    if (folded % 10_000 === 0) options.onFold(folded, time);
  }
  pipeline.finish();
  return { report: reportOf(options, pipeline, account, tally), account };
}

async function* signalsIn(options: BacktestOptions, account: ExportAccount): AsyncGenerator<Timed> {
  const { source, sourcing, files, stdin } = options;
  const onProgress = (progress: { bytesRead: number; totalBytes: number | null }) =>
    options.onRead(progress.bytesRead, progress.totalBytes);
  // a payload without a time of its own stands at the beginning of all, so that the answer depends on the input alone
  const reading = { source, sourcing, receivedAt: 0, account, onProgress, ...(stdin !== undefined && { stdin }) };
  for await (const { signals } of readExport(files, reading)) {
    for (const signal of signals) yield { time: knownAt(signal), text: JSON.stringify(signal) };
  }
}

/** Who was heard where, over the whole history. */
class Tally {
  readonly customers = new Map<string, Set<string>>();
  first: number | null = null;
  last: number | null = null;

  add(signal: AcceptedSignal, time: number): void {
    this.first ??= time;
    this.last = time;
    if (!spokenKinds.has(signal.kind) || signal.stage === undefined) return;
    const heard = this.customers.get(signal.stage) ?? new Set();
    this.customers.set(signal.stage, heard);
    if (signal.customer !== null && signal.op === 'upsert') heard.add(signal.customer);
  }
}

function reportOf(
  options: BacktestOptions,
  pipeline: BacktestPipeline,
  account: ExportAccount,
  tally: Tally,
): BacktestReport {
  const alerts = alertsOf(pipeline.alerts);
  const targets = new Map<string, number>();
  for (const { id, target } of options.configuration.stages ?? []) if (target !== undefined) targets.set(id, target);
  const stages = [...tally.customers].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    signals: signalsOf(account, pipeline.counts),
    from: isoOrNull(tally.first),
    to: isoOrNull(tally.last),
    stages: stages.map(([stage, customers]) => ({
      stage,
      statements: statementsOf(pipeline, stage),
      customers: customers.size,
      alerts: alerts.filter((alert) => alert.stage === stage && !alert.reversed).length,
      ...watchOf(pipeline.detector, stage),
    })),
    alerts,
    windows: options.step === null ? [] : windowsOf(pipeline.windows, options.step, targets),
  };
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function statementsOf(pipeline: BacktestPipeline, stage: string): number {
  let statements = 0;
  for (const window of windowsOf(pipeline.windows, '7d', new Map()))
    if (window.stage === stage) statements += window.statements;
  return statements;
}
