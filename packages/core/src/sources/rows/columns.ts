// One column made ready: reads its cell from a row into the draft of a signal.
import { readCell } from './cells.ts';
import { dateReader } from './dates.ts';
import { cellTypeOf, pathOf } from './fields.ts';
import type { ColumnSettings, RowSettings, Scale } from './settings.ts';

export type Row = Readonly<Record<string, unknown>>;
/** A signal in the making, and what is wrong with it so far. */
export type Draft = { readonly fields: Record<string, unknown>; readonly faults: string[] };
export type ColumnReader = {
  readonly field: string;
  /** null for a constant */
  readonly column: string | null;
  read(row: Row, draft: Draft): void;
};

/** The trimmed text of a cell; empty when there is none. Values of parsed JSON that are no text are written as JSON would. */
export function cellText(row: Row, column: string): string {
  if (!Object.hasOwn(row, column)) return '';
  const value = row[column];
  if (typeof value === 'string') return value.trim();
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** Makes the reader of one field. Throws when the field does not exist: settings are checked before. */
export function columnReader(field: string, settings: ColumnSettings, all: RowSettings): ColumnReader {
  const column = settings.column ?? null;
  const map = settings.map === undefined ? null : new Map(Object.entries(settings.map));
  const store = storeOf(field, settings, all);
  const constant = settings.constant === undefined ? '' : String(settings.constant);
  return {
    field,
    column,
    read(row, draft) {
      const text = translate(column === null ? constant : cellText(row, column), map);
      if (text !== '') store(text, draft);
    },
  };
}

type Meanings = ReadonlyMap<string, string | number | boolean | null>;

function translate(text: string, map: Meanings | null): string {
  if (map === null || text === '') return text;
  const meaning = map.has(text) ? map.get(text) : map.get('*');
  if (meaning === undefined) return text;
  return meaning === null ? '' : String(meaning);
}

type Store = (text: string, draft: Draft) => void;

function storeOf(field: string, settings: ColumnSettings, all: RowSettings): Store {
  const type = cellTypeOf(field);
  if (type === null) throw new RangeError(`no field of a signal: ${field}`);
  if (type === 'time') {
    const read = dateReader(settings.format, settings.zone ?? all.zone);
    return (text, draft) => {
      const reading = read(text);
      if (reading.fault !== undefined) fail(draft, field, settings, reading.fault);
      else put(draft, field, reading.time);
    };
  }
  const rate = settings.scale === undefined ? null : scaler([settings.scale].flat());
  return (text, draft) => {
    const reading = readCell(text, type);
    if ('fault' in reading) fail(draft, field, settings, reading.fault);
    else if (rate !== null && typeof reading.value === 'number') rate(reading.value, draft);
    else put(draft, field, reading.value);
  };
}

/** Puts a rating with its scale; a reversed one is turned round, so that higher is better. */
function scaler(scales: readonly Scale[]): (value: number, draft: Draft) => void {
  return (value, draft) => {
    const day = draft.fields.occurredAt;
    const scale = scales.find(({ before }) => before === undefined || (typeof day === 'string' && day < before));
    if (scale === undefined) return;
    const { min, max, reversed } = scale;
    draft.fields.rating = { value: reversed ? min + max - value : value, min, max };
  };
}

function put(draft: Draft, field: string, value: unknown): void {
  const [first, second] = pathOf(field);
  if (second === undefined) {
    draft.fields[first] = value;
    return;
  }
  const group = (draft.fields[first] ?? {}) as Record<string, unknown>;
  draft.fields[first] = group;
  // defined, not assigned: a column may be called `attributes.__proto__`
  Object.defineProperty(group, second, { value, enumerable: true, writable: true, configurable: true });
}

function fail(draft: Draft, field: string, settings: ColumnSettings, fault: string): void {
  draft.faults.push(`${columnLabel(field, settings.column ?? null)}: ${fault}`);
}

export function columnLabel(field: string, column: string | null): string {
  return column === null || column === field ? field : `${field} (column ${JSON.stringify(column)})`;
}
