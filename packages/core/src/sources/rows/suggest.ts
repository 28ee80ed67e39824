// From the first rows of an export to columns that a person looks through: what each column is called, and what stands in it.
// A guess is written down, never acted on; what cannot be known from the rows is said as a doubt.
import { listNames } from './paths.ts';
import type { ColumnSuggestion, SampledColumn } from './sampled.ts';
import {
  type Guess,
  guessCustomer,
  guessRating,
  guessStage,
  guessStatus,
  guessSubject,
  guessText,
  guessThread,
  guessTime,
  textPattern,
} from './suggest-fields.ts';
import { type SampledList, wordsIn } from './suggest-list.ts';
import { type LaterStatement, laterStatements, type StatementSuggestion } from './suggest-ticket.ts';

export type Suggestion = {
  /** field of the signal → as the options of a source name a column; null: no column holds a time */
  readonly columns: Readonly<Record<string, ColumnSuggestion>> | null;
  /** where a row says several things, each in its time: what each adds to the columns of all */
  readonly statements?: readonly StatementSuggestion[];
  /** what a person has to look at */
  readonly doubts: readonly string[];
};

/**
 * Columns for the rows of which these are the cells; `rows`: how many there were; `lists`: of objects, those whose elements are
 * objects.
 */
export function suggestColumns(
  sampled: readonly SampledColumn[],
  rows: number,
  lists: readonly SampledList[] = [],
): Suggestion {
  const doubts: string[] = [];
  const filled = sampled.filter(({ cells }) => cells.length > 0);
  const guesses = guessFields(filled, rows, doubts);
  const words = wordsIn(lists);
  if (words !== null) {
    const beside = besideWords(guesses);
    return { ...dialogue(beside, words), doubts: [...doubts, ...unusedDoubt(filled, beside)] };
  }
  if (!guesses.some(({ field }) => field === 'occurredAt')) return { columns: null, doubts: [noTime] };
  const event = eventOf(guesses);
  if (event !== null) return { ...lifeOf(guesses, event), doubts: [...doubts, ...unusedDoubt(filled, guesses)] };
  const free = freeOf(filled, guesses);
  const status = guessStatus(free);
  const kind = kindOf(new Set(guesses.map(({ field }) => field)), status !== null, sampled);
  const isNamed = guesses.some(({ field }) => field === 'subject');
  const later = kind === 'ticket' && isNamed ? laterStatements(free, status) : [];
  const used = [status, ...later.flatMap(({ columns }) => columns)];
  doubts.push(...statusDoubt(status, later), ...unusedDoubt(filled, guesses, used));
  return { ...(later.length > 0 ? conversation(guesses, later) : { columns: columnsOf(kind, guesses) }), doubts };
}

/** One after the other, since a column is taken once. */
function guessFields(filled: readonly SampledColumn[], rows: number, doubts: string[]): readonly Guess[] {
  const guesses: Guess[] = [];
  for (const guess of [guessTime, guessRating, guessText, guessCustomer, guessSubject, guessThread, guessStage]) {
    const found = guess(freeOf(filled, guesses), doubts, rows);
    if (found !== null) guesses.push(found);
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

function unusedDoubt(
  filled: readonly SampledColumn[],
  guesses: readonly Guess[],
  used: readonly (string | null)[] = [],
): string[] {
  const unused = freeOf(filled, guesses).flatMap(({ name }) => (used.includes(name) ? [] : name));
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
  const first = fieldsOf(guesses.filter(({ field }) => !shared.has(field)));
  return {
    columns: columnsOf('ticket', ofConversation(guesses)),
    statements: [{ columns: { ...first, status: { constant: 'new' } } }, ...later.map(({ suggestion }) => suggestion)],
  };
}

/** A ticket with a list of what was said in it: its own words begin it, if it has any. */
function dialogue(guesses: readonly Guess[], words: StatementSuggestion) {
  const own = guesses.filter(({ field }) => !shared.has(field));
  const first = own.length === 0 ? [] : [{ columns: fieldsOf(own) }];
  return { columns: columnsOf('ticket', ofConversation(guesses)), statements: [...first, words] };
}

/** What a ticket says itself, beside a list of what was said in it: words, if they are called so, at a time. */
function besideWords(guesses: readonly Guess[]): readonly Guess[] {
  const ofAll = guesses.filter(({ field }) => shared.has(field));
  const time = guesses.find(({ field }) => field === 'occurredAt');
  const text = guesses.find(({ field, column }) => field === 'text' && textPattern.test(column));
  return time === undefined || text === undefined ? ofAll : [...ofAll, time, text];
}

/** What its statements share; they are a conversation under the name of the row. */
function ofConversation(guesses: readonly Guess[]): readonly Guess[] {
  const ofAll = guesses.filter(({ field }) => shared.has(field));
  const subject = ofAll.find(({ field }) => field === 'subject');
  const isNamed = subject === undefined || ofAll.some(({ field }) => field === 'thread');
  return isNamed ? ofAll : [...ofAll, { ...subject, field: 'thread' }];
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
