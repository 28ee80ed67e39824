// From files as they lie to signals: every line is accounted for, and what is wrong is told with file, line and remedy.
import type { AcceptedSignal, SourceSettings } from '@gapwatch/contracts';
import { createMapping, type SourceContext, type SourceTypes } from '@gapwatch/core';
import { type FileItem, type FileOptions, type FilePayload, formatOf, readPayloadBlocks } from '../files/index.ts';
import type { Sourcing } from '../settings/sourcing.ts';
import { Doubts } from './doubts.ts';
import type { Export } from './source.ts';

/**
 * What became of what was read: `read` is the sum of all the others and of the signals that came out. Statements are counted:
 * a row that is three statements counts three times, each as what it became, and one that gives none counts once.
 */
export type ExportAccount = {
  read: number;
  skipped: Record<string, number>;
  rejected: Record<string, number>;
  /** the first faults that differ, for a person: by what is said of them, where the first of each is and how many there are */
  faults: Map<string, { readonly place: string; count: number }>;
  warnings: Set<string>;
};

export function newAccount(): ExportAccount {
  return { read: 0, skipped: {}, rejected: {}, faults: new Map(), warnings: new Set() };
}

const shownFaults = 20;
/** A file whose every line has a field of its own would have a warning each. */
const shownWarnings = 100;

/** One payload of a file with the signals that its source makes of it; payloads that give none are only counted. */
export type ExportItem = {
  readonly payload: FilePayload;
  readonly signals: readonly AcceptedSignal[];
  /** the place of each signal among all that its payload became */
  readonly places: readonly number[];
};

/** Items of the files of several sources. */
export type SourcedItems = { readonly sourceId: string; readonly items: readonly ExportItem[] };

export type ReadExportOptions = Pick<FileOptions, 'onProgress' | 'stdin'> & {
  readonly source: SourceSettings;
  readonly sourcing: Sourcing;
  /** the time of a payload that has none, milliseconds UTC */
  readonly receivedAt: number;
  readonly account: ExportAccount;
};

/** Whether a later version of a source's subject may name another customer. */
export function customerMayChange(source: SourceSettings, types: SourceTypes): boolean {
  return types.get(source.type)?.customerMayChange ?? true;
}

/** Reads the files of several sources, one source after the other. */
export async function* readExports(
  exports: readonly Export[],
  options: Omit<ReadExportOptions, 'source'>,
): AsyncGenerator<SourcedItems> {
  for (const { source, files } of exports) {
    for await (const items of readExport(files, { ...options, source })) yield { sourceId: source.id, items };
  }
}

/** Reads files one after another, through the mapping of one source. */
export async function* readExport(
  files: readonly string[],
  options: ReadExportOptions,
): AsyncGenerator<readonly ExportItem[]> {
  const { source, sourcing, receivedAt } = options;
  const mapping = createMapping(source, sourcing.types);
  const context = contextOf(source.id, receivedAt, sourcing);
  const doubts = new Doubts();
  for (const file of files) {
    for await (const block of readPayloadBlocks(file, fileOptions(options, file))) {
      const items = block.flatMap((item) => toItem(file, item, mapping, context, options.account));
      for (const { signals } of items) for (const signal of signals) doubts.add(signal);
      yield items;
    }
  }
  for (const warning of [...(mapping.absent?.() ?? []), ...doubts.warnings()]) options.account.warnings.add(warning);
}

/** What a mapping is told about payloads of a source. */
export function contextOf(sourceId: string, receivedAt: number, { customerKey }: Sourcing): SourceContext {
  return { sourceId, receivedAt, ...(customerKey !== null && { customerKey }) };
}

/** Of what the file turned out to be, a person hears as of any warning. */
function fileOptions({ source, account, onProgress, stdin }: ReadExportOptions, file: string): FileOptions {
  return {
    ...formatOf(source.type, file),
    onNote: (note) => account.warnings.add(`${file}: ${note}`),
    ...(onProgress !== undefined && { onProgress }),
    ...(stdin !== undefined && { stdin }),
  };
}

type Mapping = ReturnType<typeof createMapping>;

/** None where no signal comes of it. */
function toItem(
  file: string,
  item: FileItem,
  mapping: Mapping,
  context: SourceContext,
  account: ExportAccount,
): ExportItem[] {
  if ('fault' in item) {
    reject(file, item.line, item.fault, account);
    return [];
  }
  const { signals, places } = mapItem(file, item, mapping, context, account);
  return signals.length === 0 ? [] : [{ payload: item, signals, places }];
}

function mapItem(
  file: string,
  { line, bytes, headers }: Extract<FileItem, { bytes: unknown }>,
  mapping: Mapping,
  context: SourceContext,
  account: ExportAccount,
): Pick<ExportItem, 'signals' | 'places'> {
  const signals: AcceptedSignal[] = [];
  const places: number[] = [];
  mapping({ value: bytes, headers }, context).forEach((outcome, place) => {
    if (outcome.kind === 'reject') {
      reject(file, line, outcome, account);
      return;
    }
    account.read += 1;
    if (outcome.kind === 'skip') account.skipped[outcome.code] = (account.skipped[outcome.code] ?? 0) + 1;
    else {
      for (const warning of outcome.warnings ?? []) warn(warning, account);
      signals.push(outcome.signal);
      places.push(place);
    }
  });
  return { signals, places };
}

export function warn(warning: string, { warnings }: ExportAccount): void {
  if (warnings.size < shownWarnings) warnings.add(warning);
  else if (!warnings.has(warning)) warnings.add('there are more warnings, which are not shown');
}

function reject(file: string, line: number, fault: { code: string; message: string }, account: ExportAccount): void {
  account.read += 1;
  account.rejected[fault.code] = (account.rejected[fault.code] ?? 0) + 1;
  const known = account.faults.get(fault.message);
  if (known !== undefined) known.count += 1;
  else if (account.faults.size < shownFaults) account.faults.set(fault.message, { place: `${file}:${line}`, count: 1 });
}

/** When a statement became known: milliseconds UTC. */
export function knownAt(signal: AcceptedSignal): number {
  return Date.parse(signal.observedAt ?? signal.occurredAt);
}
