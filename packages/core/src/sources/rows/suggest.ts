// From the first rows of an export to columns that a person looks through: what each column is called, and what stands in it.
// A guess is written down, never acted on; what cannot be known from the rows is said as a doubt.
import { isEmail } from '../customers.ts';
import { readCell } from './cells.ts';
import { listNames } from './paths.ts';
import { best, type ColumnSuggestion, isFew, type SampledColumn, type Scale } from './sampled.ts';
import { type LaterStatement, laterStatements, type StatementSuggestion } from './suggest-ticket.ts';
import { suggestTime } from './suggest-time.ts';

export type Suggestion = {
  /** field of the signal → as the options of a source name a column; null: no column holds a time */
  readonly columns: Readonly<Record<string, ColumnSuggestion>> | null;
  /** where a row says several things, each in its time: what each adds to the columns of all */
  readonly statements?: readonly StatementSuggestion[];
  /** what a person has to look at */
  readonly doubts: readonly string[];
};

type Guess = { readonly field: string; readonly column: string; readonly suggestion: ColumnSuggestion };

/** Columns for the rows of which these are the cells; `rows`: how many there were. */
export function suggestColumns(sampled: readonly SampledColumn[], rows: number): Suggestion {
  const doubts: string[] = [];
  const filled = sampled.filter(({ cells }) => cells.length > 0);
  const guesses = guessFields(filled, rows, doubts);
  if (guesses.length === 0) return { columns: null, doubts: [noTime] };
  const free = freeOf(filled, guesses);
  const event = eventOf(guesses);
  if (event !== null) return { ...lifeOf(guesses, event), doubts: [...doubts, ...unusedDoubt(free, null, [])] };
  const status = guessStatus(free);
  const kind = kindOf(new Set(guesses.map(({ field }) => field)), status !== null, sampled);
  const isNamed = guesses.some(({ field }) => field === 'subject');
  const later = kind === 'ticket' && isNamed ? laterStatements(free, status) : [];
  doubts.push(...statusDoubt(status, later), ...unusedDoubt(free, status, later));
  return { ...(later.length > 0 ? conversation(guesses, later) : { columns: columnsOf(kind, guesses) }), doubts };
}

/** One after the other, since a column is taken once; none where nothing says when. */
function guessFields(filled: readonly SampledColumn[], rows: number, doubts: string[]): readonly Guess[] {
  const guesses: Guess[] = [];
  for (const guess of [guessTime, guessRating, guessText, guessCustomer, guessSubject, guessThread, guessStage]) {
    const found = guess(freeOf(filled, guesses), doubts, rows);
    if (found !== null) guesses.push(found);
    else if (guess === guessTime) return [];
  }
  return guesses;
}

function freeOf(filled: readonly SampledColumn[], guesses: readonly Guess[]): SampledColumn[] {
  return filled.filter(({ name }) => !guesses.some(({ column }) => column === name));
}

function statusDoubt(status: string | null, later: readonly LaterStatement[]): string[] {
  if (status === null || later.some(({ suggestion }) => suggestion.columns.status !== undefined)) return [];
  return [`status: no column says since when it is what ${listNames([status])} says, so that it is left out`];
}

function unusedDoubt(free: readonly SampledColumn[], status: string | null, later: readonly LaterStatement[]) {
  const used = new Set([status, ...later.flatMap(({ columns }) => columns)]);
  const unused = free.map(({ name }) => name).filter((name) => !used.has(name));
  return unused.length > 0 ? [`no field takes ${listNames(unused)}`] : [];
}

/** What the time of a row is called tells whether it is the time of a customer's coming or going. */
const lifeEvents: readonly [event: string, called: RegExp][] = [
  ['churned', /churn|cancel|terminat/i],
  ['joined', /sign[ _-]?up|joined|member[ _-]?since/i],
];

function eventOf(guesses: readonly Guess[]): string | null {
  const time = guesses.find(({ field }) => field === 'occurredAt')?.column ?? '';
  return lifeEvents.find(([, called]) => called.test(time))?.[0] ?? null;
}

/** Who comes or goes may say why: words, and beside them the event. */
function lifeOf(guesses: readonly Guess[], event: string) {
  const said = guesses.filter(({ field }) => field === 'text' || field === 'rating');
  const others = guesses.filter((guess) => !said.includes(guess));
  const life = { kind: { constant: 'lifecycle' }, 'lifecycle.event': { constant: event } };
  if (said.length === 0) return { columns: { ...life, ...fieldsOf(others) } };
  return {
    columns: fieldsOf(others),
    statements: [{ columns: columnsOf('feedback', said) }, { name: event, columns: life }],
  };
}

/** Fields that every statement of a row has; the others are what its customer says first. */
const shared: ReadonlySet<string> = new Set(['subject', 'thread', 'customer', 'stage']);

/** A ticket whose row says several things, one after the other. */
function conversation(guesses: readonly Guess[], later: readonly LaterStatement[]) {
  const ofAll = guesses.filter(({ field }) => shared.has(field));
  const subject = ofAll.find(({ field }) => field === 'subject');
  const hasThread = ofAll.some(({ field }) => field === 'thread');
  const thread = subject === undefined || hasThread ? [] : [{ ...subject, field: 'thread' }];
  const first = fieldsOf(guesses.filter(({ field }) => !shared.has(field)));
  return {
    columns: columnsOf('ticket', [...ofAll, ...thread]),
    statements: [{ columns: { ...first, status: { constant: 'new' } } }, ...later.map(({ suggestion }) => suggestion)],
  };
}

const noTime =
  'no column holds times of one format in most of its cells: say which one does, with columns: { occurredAt: { column: …, format: … } }';

const order = ['subject', 'thread', 'customer', 'occurredAt', 'stage', 'rating', 'text'];

function columnsOf(kind: string, guesses: readonly Guess[]): Record<string, ColumnSuggestion> {
  return { kind: { constant: kind }, ...fieldsOf(guesses) };
}

function fieldsOf(guesses: readonly Guess[]): Record<string, ColumnSuggestion> {
  const ordered = guesses.toSorted((one, other) => order.indexOf(one.field) - order.indexOf(other.field));
  return Object.fromEntries(ordered.map(({ field, suggestion }) => [field, suggestion]));
}

function kindOf(fields: ReadonlySet<string>, hasStatus: boolean, sampled: readonly SampledColumn[]): string {
  const names = sampled.map(({ name }) => name).join('\n');
  if (hasStatus || /ticket|complaint|case[ _-]?(id|number)/i.test(names)) return 'ticket';
  if (/nps|csat|survey|answer|respon[sd]|feedback/i.test(names)) return 'feedback';
  return fields.has('rating') || /review/i.test(names) ? 'review' : 'feedback';
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
  const times = columns.filter((column) => suggestTime(column) !== null);
  const column = best(times, timePatterns);
  const time = column && suggestTime(column);
  if (column === null || time === null) return null;
  const { suggestion, odd, doubtful } = time;
  doubts.push(...oddDoubt('occurredAt', column, odd, 'time of that format'));
  if (doubtful !== null)
    doubts.push(`occurredAt: ${doubtful.join(' or ')}? Nothing in the rows that were read says which`);
  return { field: 'occurredAt', column: column.name, suggestion };
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

/** The column that says how a ticket stands. */
function guessStatus(columns: readonly SampledColumn[]): string | null {
  const known = columns.filter(({ cells }) => cells.every((cell) => statuses.has(cell.toLowerCase())));
  return best(known, [/status|state/i])?.name ?? null;
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
function guessSubject(columns: readonly SampledColumn[], _: string[], rows: number): Guess | null {
  const unique = columns.filter(({ cells }) => cells.length === rows && new Set(cells).size === rows);
  const found = best(unique, [
    /^(ticket|case|complaint|review|respon[sd]e?|answer)?[ _-]?(id|number|key)$/i,
    /[ _-]id$/i,
  ]);
  return found && { field: 'subject', column: found.name, suggestion: found.name };
}

/** Where a row is one word of a conversation: what the conversation is called. */
function guessThread(columns: readonly SampledColumn[]): Guess | null {
  const found = best(columns, [/^(ticket|case|complaint|conversation|thread)[ _-]?(id|number|no|key)$/i]);
  return found && { field: 'thread', column: found.name, suggestion: found.name };
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
