// From a file to payloads, one after another: NDJSON, a JSON array or CSV, plain or compressed, or stdin.
// Every line, element or row comes out once, as bytes or as a fault, in order; memory is bounded by the size of one record
// (where equal rows are told apart, 24 bytes a row beside it). The next chunk is read when the last one was taken.
import { limits } from '@gapwatch/contracts';
import { occurrenceHeader } from '@gapwatch/core';
import type { Chunks } from './bytes.ts';
import { peek } from './bytes.ts';
import type { Separator } from './csv.ts';
import { readRows } from './csv.ts';
import type { LineFault } from './faults.ts';
import { BrokenArchive } from './faults.ts';
import { readElements } from './json.ts';
import { readLineBlocks } from './lines.ts';
import type { OpenOptions } from './open.ts';
import { isZlibError, openBytes } from './open.ts';
import { RepeatCounter } from './repeats.ts';

export const fileFormats = ['ndjson', 'json', 'csv'] as const;
export type FileFormat = (typeof fileFormats)[number];

export type FilePayload = {
  /** where it begins, counted from 1 */
  readonly line: number;
  readonly bytes: Buffer;
  /** CSV: `line`; the occurrence where the same content stood before; to be given to the source with the bytes */
  readonly headers: Readonly<Record<string, string>>;
};
export type FileItem = FilePayload | { readonly line: number; readonly fault: LineFault };
type FileBlocks = AsyncGenerator<readonly FileItem[]>;

export type FileOptions = OpenOptions & {
  /** default: by the ending of the name, else by the first bytes */
  readonly format?: FileFormat;
  /** of CSV; default: by the header */
  readonly separator?: Separator;
  readonly maxBytes?: number;
  /** whether equal JSON objects are told apart, as equal rows of a table always are; default false */
  readonly countsRepeats?: boolean;
  /** what was found or assumed about the file, each once */
  readonly onNote?: (note: string) => void;
};

/** What is looked at of a file to tell its format: more than most first lines. */
const firstBytes = 65_536;
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** Reads a file, or stdin for `-`. Throws FileError when there is nothing to read; a broken archive is the last item. */
export async function* readPayloads(path: string, options: FileOptions = {}): AsyncGenerator<FileItem> {
  for await (const block of readPayloadBlocks(path, options)) yield* block;
}

/** The same in blocks of what ends in one chunk of the file: whoever reads millions need not wait for each. */
export async function* readPayloadBlocks(path: string, options: FileOptions = {}): FileBlocks {
  let line = 0;
  try {
    for await (const block of readBlocks(path, options)) {
      line = block.at(-1)?.line ?? line;
      yield block;
    }
  } catch (error) {
    if (!(error instanceof BrokenArchive) && !isZlibError(error)) throw error;
    const message = `after line ${line} ${path} cannot be unpacked: ${(error as Error).message}`;
    yield [{ line: line + 1, fault: { code: 'broken-archive', message } }];
  }
}

async function* readBlocks(path: string, options: FileOptions): FileBlocks {
  const { maxBytes = limits.recordBytes } = options;
  const { head, all } = await peek(await openBytes(path, options), path === '-' ? 1 : firstBytes);
  const format = (options.format === 'json' ? jsonFormat(head, 'json') : options.format) ?? guessFormat(path, head);
  if (format === 'csv') yield* readCsv(all, maxBytes, options);
  else {
    const blocks = format === 'json' ? readJsonArray(all, maxBytes) : readNdjson(all, maxBytes);
    yield* options.countsRepeats ? numbered(blocks) : blocks;
  }
}

async function* numbered(blocks: FileBlocks): FileBlocks {
  const repeats = new RepeatCounter();
  for await (const block of blocks) {
    yield block.map((item) => {
      const count = 'fault' in item ? 1 : repeats.count(item.bytes);
      return count === 1 ? item : { ...item, headers: { [occurrenceHeader]: String(count) } };
    });
  }
}

async function* readNdjson(chunks: Chunks, maxBytes: number): FileBlocks {
  for await (const lines of readLineBlocks(chunks, maxBytes)) {
    const block: FileItem[] = [];
    for (const { line, bytes, sizeBytes } of lines) {
      if (bytes === null) {
        const message = `${sizeBytes} bytes in one line; at most ${maxBytes} are taken: split it`;
        block.push({ line, fault: { code: 'too-large', message } });
      } else if (!isBlank(bytes)) block.push({ line, bytes, headers: noHeaders });
    }
    yield block;
  }
}

async function* readJsonArray(chunks: Chunks, maxBytes: number): FileBlocks {
  for await (const elements of readElements(chunks, maxBytes)) {
    yield elements.map((element) => ('fault' in element ? element : { ...element, headers: noHeaders }));
  }
}

async function* readCsv(chunks: Chunks, maxBytes: number, options: FileOptions): FileBlocks {
  const repeats = new RepeatCounter();
  for await (const rows of readRows(chunks, maxBytes, options)) {
    yield rows.map((row) => {
      if ('fault' in row) return row;
      const line = String(row.line);
      const count = repeats.count(row.bytes);
      return { ...row, headers: count === 1 ? { line } : { line, [occurrenceHeader]: String(count) } };
    });
  }
}

const endings: Readonly<Record<string, FileFormat>> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
};

/** Whether a file holds a table, as the ending of its name says; null where that says nothing. */
export function isTable(path: string): boolean | null {
  const named = namedFormat(path);
  if (named !== undefined) return named === 'csv';
  return endingOf(path) === 'json' ? false : null;
}

function namedFormat(path: string): FileFormat | undefined {
  const ending = endingOf(path);
  return Object.hasOwn(endings, ending) ? endings[ending] : undefined;
}

function endingOf(path: string): string {
  return /\.([a-z0-9]+)(?:\.(?:gz|zst|zstd))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** The format that the ending of a name says, else the first bytes: `[` an array, `{` objects, anything else a table. */
export function guessFormat(path: string, head: Buffer): FileFormat {
  const named = namedFormat(path);
  if (named !== undefined) return named;
  const [first = ''] = firstLines(head);
  if (/^[[{]/.test(first)) return jsonFormat(head, 'ndjson');
  return endingOf(path) === 'json' || first === '' ? 'ndjson' : 'csv';
}

/**
 * One document, which may go on in the next line, or an object a line, of which one may be broken: both are called .json.
 * `unknown`: where one line is all.
 */
function jsonFormat(head: Buffer, unknown: FileFormat): FileFormat {
  const [first = '', second = ''] = firstLines(head);
  if (!first.startsWith('{') || first.trim() === '{') return 'json';
  if (isWhole(first) || isWhole(second)) return 'ndjson';
  return second === '' ? unknown : 'json';
}

/** The first two lines, as far as they are there. */
function firstLines(head: Buffer): string[] {
  return head.toString('latin1').trimStart().split('\n', 2);
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** How a file is read for a source: a table reads tables; what reads JSON takes lines and lists, whatever its type says first. */
export function formatOf(type: string, path: string): Pick<FileOptions, 'format' | 'countsRepeats'> {
  if (type === 'csv') return { format: 'csv' };
  if (type === 'json') return { format: namedFormat(path) === 'ndjson' ? 'ndjson' : 'json', countsRepeats: true };
  if (type !== 'ndjson') return {};
  return endingOf(path) === 'json' ? { countsRepeats: true } : { format: 'ndjson', countsRepeats: true };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte <= 0x20);
}
