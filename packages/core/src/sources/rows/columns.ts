// One column made ready: reads its cell from a row into the draft of a signal.
import { emailId, isEmail } from '../customers.ts';
import type { SourceContext } from '../define.ts';
import { readCell, textOf } from './cells.ts';
import { dateReader } from './dates.ts';
import { cellTypeOf, pathOf } from './fields.ts';
import { type Locate, locator, type Row, type Scope, type Shape } from './paths.ts';
import { readRating } from './ratings.ts';
import type { ColumnSettings, RowSettings, Scale } from './settings.ts';

/** A signal in the making, and what is wrong with it so far. */
export type Draft = {
  readonly fields: Record<string, unknown>;
  readonly faults: string[];
  readonly context: SourceContext;
};
export type ColumnReader = {
  readonly field: string;
  /** null for a constant */
  readonly column: string | null;
  /** the name under which the user knows the field */
  readonly label: string;
  /** whether the column is an id made of an e-mail address */
  readonly isEmail: boolean;
  /** whether the row lacks the column, which is more than an empty cell */
  isAbsent(scope: Scope): boolean;
  read(scope: Scope, draft: Draft): void;
};

export type ColumnPlace = { readonly all: RowSettings; readonly shape: Shape; readonly base: keyof Scope };

/** Makes the reader of one field. Throws when the field does not exist: settings are checked before. */
export function columnReader(field: string, settings: ColumnSettings, { all, shape, base }: ColumnPlace): ColumnReader {
  const column = settings.column ?? null;
  const label = labelOf(field, column, shape);
  const locate = column === null ? null : locator(column, shape, base);
  const read = valueReader(field, label, locate, settings, all);
  const isAbsent = (scope: Scope) => locate !== null && locate(scope) === undefined;
  return { field, column, label, isEmail: settings.as === 'email', isAbsent, read };
}

function valueReader(
  field: string,
  label: string,
  locate: Locate | null,
  settings: ColumnSettings,
  all: RowSettings,
): ColumnReader['read'] {
  const map = settings.map === undefined ? null : new Map(Object.entries(settings.map));
  const store = storeOf(field, label, settings, all);
  const constant = settings.constant === undefined ? '' : String(settings.constant);
  if (locate === null) {
    const text = translate(constant, map);
    return (_, draft) => store(text, draft);
  }
  return (scope, draft) => {
    const value = locate(scope);
    const text = textOf(value);
    const fault = text === null ? describeGroup(value as object) : lostDigits(value);
    if (fault !== null) draft.faults.push(`${label}: ${fault}`);
    else store(translate(text ?? '', map), draft);
  };
}

const shownKeys = 10;

function describeGroup(value: object): string {
  if (Array.isArray(value)) return 'a list: name one of its elements, such as NAME.0, or read them all with each: NAME';
  const keys = Object.keys(value).slice(0, shownKeys);
  return `an object: name what is meant in it: ${keys.map((key) => `NAME.${key}`).join(', ')}`;
}

/** Digits beyond 2^53 are lost before anybody sees them: such a number is no id, and no count either. */
function lostDigits(value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  return `${value} has lost digits on its way: it must come as text, in quotes`;
}

type Meanings = ReadonlyMap<string, string | number | boolean | null>;

function translate(text: string, map: Meanings | null): string {
  if (map === null || text === '') return text;
  const meaning = map.has(text) ? map.get(text) : map.get('*');
  if (meaning === undefined) return text;
  return meaning === null ? '' : String(meaning);
}

type Store = (text: string, draft: Draft) => void;

function storeOf(field: string, label: string, settings: ColumnSettings, all: RowSettings): Store {
  const store = storeFilled(field, label, settings, all);
  return (text, draft) => {
    if (text !== '') store(text, draft);
  };
}

const peopleFields: ReadonlySet<string> = new Set(['customer', 'contact', 'lifecycle.mergedInto']);

function storeFilled(field: string, label: string, settings: ColumnSettings, all: RowSettings): Store {
  const type = cellTypeOf(field);
  if (type === null) throw new RangeError(`no field of a signal: ${field}`);
  if (settings.as === 'email') return storeEmail(field, label);
  if (all.prefix && peopleFields.has(field)) {
    return (text, draft) => put(draft, field, `${draft.context.sourceId}:${text}`);
  }
  if (type === 'time') return storeTime(field, label, settings, all);
  if (type === 'rating') return storeRating(field, label, settings);
  return (text, draft) => {
    const reading = readCell(text, type);
    if ('fault' in reading) draft.faults.push(`${label}: ${reading.fault}`);
    else put(draft, field, reading.value);
  };
}

function storeRating(field: string, label: string, settings: ColumnSettings): Store {
  const rate = settings.scale === undefined ? null : scaler([settings.scale].flat());
  return (text, draft) => {
    const reading = readRating(text);
    if ('fault' in reading) draft.faults.push(`${label}: ${reading.fault}`);
    else if (rate === null) put(draft, field, reading.value);
    else {
      const fault = rate(reading, draft);
      if (fault !== null) draft.faults.push(`${label}: ${JSON.stringify(text.slice(0, 40))} ${fault}`);
    }
  };
}

function storeTime(field: string, label: string, settings: ColumnSettings, all: RowSettings): Store {
  const read = dateReader(settings.format, settings.zone ?? all.zone);
  return (text, draft) => {
    const reading = read(text);
    if (reading.fault !== undefined) draft.faults.push(`${label}: ${reading.fault}`);
    else put(draft, field, reading.time);
  };
}

function storeEmail(field: string, label: string): Store {
  return (text, draft) => {
    if (isEmail(text)) put(draft, field, emailId(text, draft.context.customerKey));
    else draft.faults.push(`${label}: this is no e-mail address: read it without as: email, or translate it with map`);
  };
}

type Rated = { readonly value: number; readonly of?: number };

/** Puts a rating with its scale; a reversed one is turned round, so that higher is better. Answers what is wrong, or null. */
function scaler(scales: readonly Scale[]): (rated: Rated, draft: Draft) => string | null {
  return ({ value, of }, draft) => {
    const day = draft.fields.occurredAt;
    const scale = scales.find(({ before }) => before === undefined || (typeof day === 'string' && day < before));
    if (scale === undefined) return null;
    const { min, max, reversed } = scale;
    if (of !== undefined && of !== max) return `is out of ${of}, and the scale ends at ${max}`;
    draft.fields.rating = { value: reversed ? min + max - value : value, min, max };
    return null;
  };
}

function put(draft: Draft, field: string, value: unknown): void {
  const [first, second] = pathOf(field);
  if (second === undefined) {
    draft.fields[first] = value;
    return;
  }
  const group = (draft.fields[first] ?? {}) as Row;
  draft.fields[first] = group;
  // defined, not assigned: a column may be called `attributes.__proto__`
  Object.defineProperty(group, second, { value, enumerable: true, writable: true, configurable: true });
}

function labelOf(field: string, column: string | null, shape: Shape): string {
  return column === null || column === field ? field : `${field} (${shape.word} ${JSON.stringify(column)})`;
}
