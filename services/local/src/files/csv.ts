// Rows of a CSV file as JSON objects of column name → text. Every row comes out, as an object or as a fault with its line.
// At most one row is held, up to the limit of its size; a quote that is never closed costs its own row and no other.
import { isUtf8 } from 'node:buffer';
import type { Chunks } from './bytes.ts';
import type { LineFault } from './faults.ts';
import { readLineBlocks } from './lines.ts';

export type Row =
  | { readonly line: number; readonly bytes: Buffer }
  | { readonly line: number; readonly fault: LineFault };

export const separators = [',', ';', '\t', '|'] as const;
export type Separator = (typeof separators)[number];

export type CsvOptions = {
  readonly separator?: Separator;
  /** told once what was found or assumed about the file */
  readonly onNote?: (note: string) => void;
};

/** Characters of a file that are read again because of broken quotes; beyond that the lines of such a row are one fault together. */
const maxRereadCharacters = 67_108_864;
const quote = '"';

/** The rows that end in each chunk. */
export async function* readRows(chunks: Chunks, maxBytes: number, options: CsvOptions): AsyncGenerator<readonly Row[]> {
  const reader = new RowReader(maxBytes, options);
  for await (const block of readLineBlocks(chunks, maxBytes)) {
    for (const { line, bytes, sizeBytes } of block) {
      if (bytes === null) reader.tooLarge(line, sizeBytes);
      else reader.add({ line, text: reader.decode(line, bytes) });
    }
    yield reader.found.splice(0);
  }
  reader.end();
  yield reader.found.splice(0);
}

type TextLine = { readonly line: number; readonly text: string };

class RowReader {
  readonly found: Row[] = [];
  private readonly maxBytes: number;
  private readonly options: CsvOptions;
  private separator: Separator | null;
  /** the names of the columns as they begin a member of a JSON object */
  private header: readonly string[] | null = null;
  /** the lines of the row that is being read; more than one while a quote is open */
  private lines: TextLine[] = [];
  private held = 0;
  private cells: CellReader | null = null;
  private reread = 0;
  private isOtherEncodingSaid = false;

  constructor(maxBytes: number, options: CsvOptions) {
    this.maxBytes = maxBytes;
    this.options = options;
    this.separator = options.separator ?? null;
  }

  /** UTF-8; a line that is none is read as Windows-1252, the usual code of older exports, and that is said once. */
  decode(line: number, bytes: Buffer): string {
    if (isUtf8(bytes)) return bytes.toString('utf8');
    if (!this.isOtherEncodingSaid)
      this.options.onNote?.(`line ${line} is not UTF-8: such lines are read as Windows-1252`);
    this.isOtherEncodingSaid = true;
    return windows1252.decode(bytes);
  }

  add(first: TextLine): void {
    const stack = [first];
    for (let line = stack.pop(); line !== undefined; line = stack.pop()) {
      for (const again of this.read(line).toReversed()) stack.push(again);
    }
  }

  tooLarge(line: number, sizeBytes: number): void {
    this.closeOpen('a line in it is too large');
    this.fail(line, 'too-large', `${sizeBytes} bytes in one line; at most ${this.maxBytes} are taken`);
  }

  end(): void {
    this.closeOpen('the file ends before it is closed');
  }

  private closeOpen(why: string): void {
    while (this.cells !== null) {
      for (const line of this.takeBack('quote-not-closed', `a quote opens in this row and ${why}`)) this.add(line);
    }
  }

  /** Reads one line; gives back the lines that must be read again. */
  private read(line: TextLine): readonly TextLine[] {
    if (this.cells === null) {
      if (line.text === '' || this.isSeparatorLine(line)) return [];
      this.separator ??= guessSeparator(line.text);
      this.cells = new CellReader(this.separator);
    }
    this.lines.push(line);
    this.held += line.text.length + 1;
    const state = this.cells.add(line.text);
    if (state === 'open') {
      if (this.held <= this.maxBytes) return [];
      return this.takeBack(
        'quote-not-closed',
        `a quote opens in this row and is not closed within ${this.maxBytes} characters`,
      );
    }
    if (state === 'stray') {
      return this.takeBack(
        'stray-quote',
        'a quoted cell goes on after its closing quote: write a quote inside a cell twice',
      );
    }
    const { cells } = this.cells;
    const { line: start } = this.lines[0] ?? line;
    this.reset();
    this.finish(start, cells);
    return [];
  }

  /** Spreadsheets write `sep=;` before the header. */
  private isSeparatorLine(line: TextLine): boolean {
    const match = line.line === 1 ? /^sep=([,;\t|])$/i.exec(line.text) : null;
    if (match !== null) this.separator = match[1] as Separator;
    return match !== null;
  }

  /** Gives up the row that is being read: its first line is the fault, the others are read again as rows of their own. */
  private takeBack(code: LineFault['code'], message: string): readonly TextLine[] {
    const [first, ...others] = this.lines;
    const isAffordable = this.reread + this.held <= maxRereadCharacters;
    if (others.length > 0) this.reread += this.held;
    this.reset();
    const upTo = isAffordable || others.length === 0 ? '' : ` (this row goes up to line ${others.at(-1)?.line})`;
    this.fail(first?.line ?? 0, code, message + upTo);
    return isAffordable ? others : [];
  }

  private reset(): void {
    this.cells = null;
    this.lines = [];
    this.held = 0;
  }

  private finish(line: number, cells: readonly string[]): void {
    if (this.header === null) {
      this.header = this.nameColumns(cells);
      return;
    }
    const row = fit(cells, this.header.length);
    if (row === null) this.fail(line, 'wrong-columns', countFault(cells.length, this.header.length));
    else this.found.push({ line, bytes: Buffer.from(toJson(this.header, row)) });
  }

  private nameColumns(cells: readonly string[]): readonly string[] {
    const { names, notes } = nameColumns(cells);
    for (const note of notes) this.options.onNote?.(note);
    // written by hand, so that a column called `__proto__` is a name like any other
    return names.map((name) => `${JSON.stringify(name)}:`);
  }

  private fail(line: number, code: LineFault['code'], message: string): void {
    this.found.push({ line, fault: { code, message } });
  }
}

const windows1252 = new TextDecoder('windows-1252');

/** Collects the cells of one row from its lines. */
class CellReader {
  readonly cells: string[] = [];
  private readonly separator: Separator;
  /** what an open quoted cell holds so far */
  private open: string | null = null;

  constructor(separator: Separator) {
    this.separator = separator;
  }

  add(text: string): 'done' | 'open' | 'stray' {
    if (this.open === null && !text.includes(quote)) {
      for (const cell of text.split(this.separator)) this.cells.push(cell);
      return 'done';
    }
    let at = 0;
    if (this.open !== null) {
      this.open += '\n';
      at = this.readQuoted(text, 0);
    } else at = this.readCell(text, 0);
    while (at >= 0 && at < text.length) {
      if (text[at] !== this.separator) return 'stray';
      at = this.readCell(text, at + 1);
    }
    return at < 0 ? 'open' : 'done';
  }

  /** Reads the cell that begins at `from`; gives the place after it, or -1 when the line ends inside its quotes. */
  private readCell(text: string, from: number): number {
    let start = from;
    while (text[start] === ' ') start += 1;
    if (text[start] === quote) {
      this.open = '';
      return this.readQuoted(text, start + 1);
    }
    const end = text.indexOf(this.separator, from);
    this.cells.push(text.slice(from, end < 0 ? undefined : end));
    return end < 0 ? text.length : end;
  }

  private readQuoted(text: string, from: number): number {
    let start = from;
    for (let at = text.indexOf(quote, start); at >= 0; at = text.indexOf(quote, start)) {
      this.open += text.slice(start, at);
      start = at + 1;
      if (text[start] !== quote) return this.close(text, start);
      this.open += quote;
      start += 1;
    }
    this.open += text.slice(start);
    return -1;
  }

  private close(text: string, from: number): number {
    this.cells.push(this.open ?? '');
    this.open = null;
    let end = from;
    while (text[end] === ' ') end += 1;
    return end;
  }
}

/** The separator that stands most often outside quotes in the header; a comma when there is none. */
function guessSeparator(header: string): Separator {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = separators.map((separator) => bare.split(separator).length - 1);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

function nameColumns(cells: readonly string[]): { names: readonly string[]; notes: readonly string[] } {
  const taken = new Set<string>();
  const notes: string[] = [];
  const names = cells.map((cell, index) => {
    const wanted = cell.trim() === '' ? `column ${index + 1}` : cell.trim();
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted} (${count})`;
    taken.add(name);
    if (name !== cell.trim())
      notes.push(
        `column ${index + 1} of the header is ${cell.trim() === '' ? 'empty' : 'a repeat'}: it is called ${JSON.stringify(name)}`,
      );
    return name;
  });
  return { names, notes };
}

/** The cells of a row that fits its header; empty cells too many at its end are let go. */
function fit(cells: readonly string[], columns: number): readonly string[] | null {
  if (cells.length === columns) return cells;
  if (cells.length < columns || cells.slice(columns).some((cell) => cell.trim() !== '')) return null;
  return cells.slice(0, columns);
}

function countFault(cells: number, columns: number): string {
  const why =
    cells < columns
      ? 'the row stops half-way, or a line break stands in a cell without quotes'
      : 'a cell with the separator in it needs quotes';
  return `${cells} cells under a header of ${columns}: ${why}`;
}

function toJson(header: readonly string[], cells: readonly string[]): string {
  const members = header.map((name, index) => name + JSON.stringify(cells[index]));
  return `{${members.join(',')}}`;
}
