// From files as they lie to signals: every line is accounted for, and what is wrong is told with file, line and remedy.
import type { AcceptedSignal, SourceSettings } from '@gapwatch/contracts';
import { createMapping, sources } from '@gapwatch/core';
import { type FileItem, type FileOptions, type FilePayload, readPayloads } from '../files/index.ts';

/** What became of what was read: `read` is the sum of all the others and of the signals that came out. */
export type ExportAccount = {
  read: number;
  skipped: Record<string, number>;
  rejected: Record<string, number>;
  /** the first faults, for a person */
  faults: string[];
  warnings: Set<string>;
};

export function newAccount(): ExportAccount {
  return { read: 0, skipped: {}, rejected: {}, faults: [], warnings: new Set() };
}

const shownFaults = 20;

/** One payload of a file with the signals that its source makes of it; payloads that give none are only counted. */
export type ExportItem = {
  readonly payload: FilePayload;
  readonly signals: readonly AcceptedSignal[];
};

export type ReadExportOptions = Pick<FileOptions, 'onProgress' | 'onNote' | 'stdin'> & {
  readonly source: SourceSettings;
  /** the time of a payload that has none, milliseconds UTC */
  readonly receivedAt: number;
  readonly account: ExportAccount;
};

/** Whether a later version of a source's subject may name another customer. */
export function customerMayChange(source: SourceSettings): boolean {
  return sources.get(source.type)?.customerMayChange ?? true;
}

/** Reads files one after another, through the mapping of one source. */
export async function* readExport(files: readonly string[], options: ReadExportOptions): AsyncGenerator<ExportItem> {
  const mapping = createMapping(options.source);
  const context = { sourceId: options.source.id, receivedAt: options.receivedAt };
  for (const file of files) {
    for await (const item of readPayloads(file, fileOptions(options))) {
      if ('fault' in item) {
        reject(file, item.line, item.fault, options.account);
        continue;
      }
      const signals = mapItem(file, item, mapping, context, options.account);
      if (signals.length > 0) yield { payload: item, signals };
    }
  }
}

function fileOptions({ source, onProgress, onNote, stdin }: ReadExportOptions): FileOptions {
  const isTable = source.type === 'csv';
  return {
    ...(isTable && { format: 'csv' as const }),
    ...(onProgress !== undefined && { onProgress }),
    ...(onNote !== undefined && { onNote }),
    ...(stdin !== undefined && { stdin }),
  };
}

type Mapping = ReturnType<typeof createMapping>;
type Context = Parameters<Mapping>[1];

function mapItem(
  file: string,
  { line, bytes, headers }: Extract<FileItem, { bytes: unknown }>,
  mapping: Mapping,
  context: Context,
  account: ExportAccount,
): AcceptedSignal[] {
  const signals: AcceptedSignal[] = [];
  for (const outcome of mapping({ value: bytes, headers }, context)) {
    if (outcome.kind === 'reject') reject(file, line, outcome, account);
    else if (outcome.kind === 'skip') {
      account.read += 1;
      account.skipped[outcome.code] = (account.skipped[outcome.code] ?? 0) + 1;
    } else {
      account.read += 1;
      for (const warning of outcome.warnings ?? []) account.warnings.add(warning);
      signals.push(outcome.signal);
    }
  }
  return signals;
}

function reject(file: string, line: number, fault: { code: string; message: string }, account: ExportAccount): void {
  account.read += 1;
  account.rejected[fault.code] = (account.rejected[fault.code] ?? 0) + 1;
  if (account.faults.length < shownFaults) account.faults.push(`${file}:${line}: ${fault.message}`);
}

/** When a statement became known: milliseconds UTC. */
export function knownAt(signal: AcceptedSignal): number {
  return Date.parse(signal.observedAt ?? signal.occurredAt);
}
