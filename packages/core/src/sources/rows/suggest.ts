// From the first rows of an export to columns that a person looks through: what each column is called, and what stands in it.
// A guess is written down, never acted on; what cannot be known from the rows is said as a doubt.
import { isEmail } from '../customers.ts';
import { readCell } from './cells.ts';
import { dateReader } from './dates.ts';
import { listNames } from './paths.ts';

/** A column and its cells that are not empty, trimmed. */
export type SampledColumn = { readonly name: string; readonly cells: readonly string[] };

export type ColumnSuggestion =
  | string
  | { readonly constant: string }
  | {
      readonly column: string;
      readonly format?: string;
      readonly as?: 'email';
      readonly scale?: Scale;
      readonly map?: Readonly<Record<string, null>>;
    };

export type Suggestion = {
  /** field of the signal → as the options of a source name a column; null: no column holds a time */
  readonly columns: Readonly<Record<string, ColumnSuggestion>> | null;
  /** what a person has to look at */
  readonly doubts: readonly string[];
};

type Scale = { readonly min: number; readonly max: number };
type Guess = { readonly field: string; readonly column: string; readonly suggestion: ColumnSuggestion };

/** Columns for the rows of which these are the cells; `rows`: how many there were. */
export function suggestColumns(sampled: readonly SampledColumn[], rows: number): Suggestion {
  const doubts: string[] = [];
  const filled = sampled.filter(({ cells }) => cells.length > 0);
  const guesses: Guess[] = [];
  const free = () => filled.filter(({ name }) => !guesses.some(({ column }) => column === name));
  const take = (guess: Guess | null) => {
    if (guess !== null) guesses.push(guess);
  };
  take(guessTime(free(), doubts));
  if (guesses.length === 0) return { columns: null, doubts: [noTime] };
  take(guessRating(free(), doubts));
  take(guessStatus(free()));
  take(guessText(free()));
  take(guessCustomer(free(), doubts));
  take(guessSubject(free(), rows));
  take(guessStage(free()));
  const unused = free().map(({ name }) => name);
  if (unused.length > 0) doubts.push(`no field takes ${listNames(unused)}`);
  return { columns: columnsOf(guesses, sampled), doubts };
}

const noTime =
  'no column holds times of one format in most of its cells: say which one does, with columns: { occurredAt: { column: …, format: … } }';

const order = ['subject', 'customer', 'occurredAt', 'stage', 'rating', 'status', 'text'];

function columnsOf(guesses: readonly Guess[], sampled: readonly SampledColumn[]): Record<string, ColumnSuggestion> {
  const ordered = guesses.toSorted((one, other) => order.indexOf(one.field) - order.indexOf(other.field));
  const named = ordered.map(({ field, suggestion }) => [field, suggestion] as const);
  return {
    kind: { constant: kindOf(new Set(guesses.map(({ field }) => field)), sampled) },
    ...Object.fromEntries(named),
  };
}

function kindOf(fields: ReadonlySet<string>, sampled: readonly SampledColumn[]): string {
  const names = sampled.map(({ name }) => name).join('\n');
  if (fields.has('status') || /ticket|complaint|case[ _-]?(id|number)/i.test(names)) return 'ticket';
  if (/nps|csat|survey|answer|respon[sd]|feedback/i.test(names)) return 'feedback';
  return fields.has('rating') || /review/i.test(names) ? 'review' : 'feedback';
}

/** The column whose name fits the earliest of the patterns; of several the first. */
function best(columns: readonly SampledColumn[], patterns: readonly RegExp[]): SampledColumn | null {
  for (const pattern of patterns) {
    const found = columns.find(({ name }) => pattern.test(name));
    if (found !== undefined) return found;
  }
  return null;
}

const clocks = ['', ' HH:mm', ' HH:mm:ss', ' hh:mm A', ' hh:mm:ss A'];
const days = ['/', '.', '-'].flatMap((mark) => [
  `DD${mark}MM${mark}YYYY`,
  `MM${mark}DD${mark}YYYY`,
  `DD${mark}MM${mark}YY`,
]);
const words = ['D MMM YYYY', 'MMM D, YYYY', 'D-MMM-YYYY', 'D-MMM-YY'];
const writtenFormats = [...days, ...words].flatMap((day) => clocks.map((clock) => day + clock));

type TimeFormat = { readonly format: string | undefined; readonly odd: readonly string[] };

/** Formats under which most cells are times, those that leave fewest over first; undefined is the one that needs no name. */
function timeFormats({ cells }: SampledColumn): TimeFormat[] {
  const counts = cells.every((cell) => /^\d{10}$/.test(cell)) ? ['unix'] : [];
  const counted = cells.every((cell) => /^\d{13}$/.test(cell)) ? ['unix-ms'] : counts;
  const formats = [undefined, ...counted, ...writtenFormats].map((format) => {
    const read = dateReader(format, 'UTC');
    return { format, odd: cells.filter((cell) => read(cell).fault !== undefined) };
  });
  return formats.filter(({ odd }) => isFew(odd, cells)).toSorted((one, other) => one.odd.length - other.odd.length);
}

/** Exports have rows that are broken, and their header again in the middle. */
function isFew(odd: readonly string[], cells: readonly string[]): boolean {
  return odd.length * 2 < cells.length;
}

function oddDoubt(field: string, { name, cells }: SampledColumn, odd: readonly string[], what: string): string[] {
  if (odd.length === 0) return [];
  return [
    `${field}: ${odd.length} of ${cells.length} cells of ${JSON.stringify(name)} are no ${what}, for one ${listNames(odd.slice(0, 1))}`,
  ];
}

const timePatterns = [
  /creat|submit|occur|post|receiv|report|review|open|sent/i,
  /^(?!.*(updat|modif|clos|solv|birth|due)).*(date|time|datum|fecha)/i,
  /^(?!.*(updat|modif|clos|solv|birth|due))/i,
  /./,
];

function guessTime(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const formats = new Map(columns.map((column) => [column, timeFormats(column)]));
  const times = columns.filter((column) => (formats.get(column) ?? []).length > 0);
  const column = best(times, timePatterns);
  const [first, second] = (column && formats.get(column)) ?? [];
  if (column === null || first === undefined) return null;
  const { format, odd } = first;
  doubts.push(...oddDoubt('occurredAt', column, odd, 'time of that format'));
  if (format === undefined) return { field: 'occurredAt', column: column.name, suggestion: column.name };
  if (
    second?.format !== undefined &&
    second.odd.length === odd.length &&
    second.format.slice(0, 2) !== format.slice(0, 2)
  )
    doubts.push(`occurredAt: ${format} or ${second.format}? Nothing in the rows that were read says which`);
  return { field: 'occurredAt', column: column.name, suggestion: { column: column.name, format } };
}

const ratingPatterns = [/overall/i, /(?<![a-z])(rating|stars?|score|satisfaction|nps|csat|grade|bewertung)(?![a-z])/i];

function guessRating(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const numbers = columns.filter((column) => scaleOf(column) !== null);
  const column = best(numbers, ratingPatterns);
  const scale = column && scaleOf(column);
  if (column === null || scale === null) return null;
  const { odd } = numbersOf(column.cells);
  doubts.push(...oddDoubt('rating', column, odd, 'number'));
  doubts.push(
    `rating: is ${scale.max} the best and ${scale.min} the worst? Else change the scale, or add reversed: true`,
  );
  return { field: 'rating', column: column.name, suggestion: { column: column.name, scale } };
}

/** The smallest usual scale that all numbers lie on; null where they are few, or lie on none. */
function scaleOf({ name, cells }: SampledColumn): Scale | null {
  const { numbers, odd } = numbersOf(cells);
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  if (!isFew(odd, cells) || least < 0 || most > 100) return null;
  if (/(?<![a-z])nps(?![a-z])/i.test(name) && most <= 10) return { min: 0, max: 10 };
  const max = most <= 5 ? 5 : most <= 10 ? 10 : 100;
  return { min: max === 100 || least < 1 ? 0 : 1, max };
}

function numbersOf(cells: readonly string[]): { readonly numbers: readonly number[]; readonly odd: readonly string[] } {
  const numbers: number[] = [];
  const odd: string[] = [];
  for (const cell of cells) {
    const reading = readCell(cell, 'number');
    if ('value' in reading) numbers.push(reading.value as number);
    else odd.push(cell);
  }
  return { numbers, odd };
}

const statuses: ReadonlySet<string> = new Set(['new', 'open', 'pending', 'solved', 'closed']);

function guessStatus(columns: readonly SampledColumn[]): Guess | null {
  const known = columns.filter(({ cells }) => cells.every((cell) => statuses.has(cell.toLowerCase())));
  const found = best(known, [/status|state/i]);
  return found && { field: 'status', column: found.name, suggestion: found.name };
}

const customerPatterns = [
  /^(?=.*(customer|client|account|member|subscriber|kunde)).*(id|number|no|key)\b/i,
  /customer|client|account|member|subscriber|kunde/i,
  /user|requester|reviewer|author|e-?mail/i,
];

/** What exports write where they know no customer. */
const nobody = /^(?:n[./]?a\.?|none|null|nil|nobody|unknown|anonymous|anon|guest|undefined|[-–?.]+|0+)$/i;

function guessCustomer(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const found = best(columns, customerPatterns);
  if (found === null) return null;
  const { name: column, cells } = found;
  const placeholders = [...new Set(cells.filter((cell) => nobody.test(cell)))];
  const isAddress = cells.some(isEmail) && cells.every((cell) => isEmail(cell) || nobody.test(cell));
  if (placeholders.length > 0) doubts.push(`customer: ${listNames(placeholders)} is taken for nobody`);
  const map = Object.fromEntries(placeholders.map((one) => [one, null]));
  const options = { ...(isAddress && { as: 'email' as const }), ...(placeholders.length > 0 && { map }) };
  const suggestion = Object.keys(options).length > 0 ? { column, ...options } : column;
  return { field: 'customer', column, suggestion };
}

/** Whatever is called an id, and names each row. */
function guessSubject(columns: readonly SampledColumn[], rows: number): Guess | null {
  const unique = columns.filter(({ cells }) => cells.length === rows && new Set(cells).size === rows);
  const found = best(unique, [
    /^(ticket|case|complaint|review|respon[sd]e?|answer)?[ _-]?(id|number|key)$/i,
    /[ _-]id$/i,
  ]);
  return found && { field: 'subject', column: found.name, suggestion: found.name };
}

const textPattern =
  /comment|review(?!er)|verbatim|feedback|message|body|content|text|descri|narrative|why|reason|kommentar/i;
/** 'Review ID', 'Comment sentiment': of the words, not the words */
const notTextPattern = /(?<![a-z])(id|number|no|key|date|time|type|status|sentiment|rating|score|title|url|link)$/i;
const fewLetters = 30;

/** The longest of the columns that are called so; where none is, the longest that reads like sentences. */
function guessText(columns: readonly SampledColumn[]): Guess | null {
  const called = columns.filter(
    (column) => textPattern.test(column.name) && !notTextPattern.test(column.name) && scaleOf(column) === null,
  );
  const long = columns.filter(
    (column) => meanLength(column) >= fewLetters && column.cells.some((cell) => cell.includes(' ')),
  );
  const [found = null] = (called.length > 0 ? called : long).toSorted(
    (one, other) => meanLength(other) - meanLength(one),
  );
  return found && { field: 'text', column: found.name, suggestion: found.name };
}

function meanLength({ cells }: SampledColumn): number {
  return cells.reduce((sum, { length }) => sum + length, 0) / cells.length;
}

const mostStages = 30;

function guessStage(columns: readonly SampledColumn[]): Guess | null {
  const few = columns.filter(({ cells }) => new Set(cells).size <= mostStages);
  const found = best(few, [/stage|touchpoint|journey/i, /category|topic|department|queue|product/i]);
  return found && { field: 'stage', column: found.name, suggestion: found.name };
}
