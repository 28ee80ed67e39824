// What the row of a ticket says beside the words of its customer: that staff replied, that it was solved, how it stood when it
// was last touched. Each has a time of its own; a status without one is left out, since nobody could say when it was so.
import { listNames } from '../rows/paths.ts';
import {
  type ColumnSuggestion,
  columnsOf,
  fieldsOf,
  type Guess,
  type Proposal,
  type StatementSuggestion,
} from './proposal.ts';
import type { SampledColumn } from './sampled.ts';
import { suggestTime } from './time.ts';

type Says = Readonly<Record<string, ColumnSuggestion>>;
type Later = { readonly name: string; readonly called: RegExp; readonly says: Says };

const author = { constant: 'staff' };
const laters: readonly Later[] = [
  { name: 'reply', called: /(first|initial).*(repl|respon|answer)|repli|respond|answered/i, says: { author } },
  { name: 'solved', called: /solv|resol|complet/i, says: { author, status: { constant: 'solved' } } },
  { name: 'closed', called: /clos/i, says: { author, status: { constant: 'closed' } } },
];
const touched = /updat|modif|chang|last/i;

/** `free`: the columns that nothing takes yet; `status`: the one of them that says how a ticket stands. */
export function proposeTicket(
  guesses: readonly Guess[],
  free: readonly SampledColumn[],
  status: string | null,
  doubts: string[],
): Proposal {
  // only under a name of its own its statements are one conversation
  const isNamed = guesses.some(({ field }) => field === 'subject');
  const later = isNamed ? laterStatements(free, status) : [];
  if (status !== null && !later.some(saysStatus))
    doubts.push(`status: no column says since when it is what ${listNames([status])} says, so that it is left out`);
  const used = [...guesses.map(({ column }) => column), ...later.flatMap(({ columns }) => columns), status ?? ''];
  if (later.length === 0) return { columns: columnsOf('ticket', guesses), used };
  const first = fieldsOf(guesses.filter((guess) => !isOfAll(guess)));
  return {
    columns: columnsOf('ticket', underOneThread(guesses.filter(isOfAll))),
    statements: [{ columns: { ...first, status: { constant: 'new' } } }, ...later.map(({ suggestion }) => suggestion)],
    used,
  };
}

/** A statement, and the columns that it is made of. */
type LaterStatement = { readonly suggestion: StatementSuggestion; readonly columns: readonly string[] };

function saysStatus({ suggestion }: LaterStatement): boolean {
  return suggestion.columns.status !== undefined;
}

/** Where there is a time of its end, that says more than how it stood when it was touched. */
function laterStatements(columns: readonly SampledColumn[], status: string | null): readonly LaterStatement[] {
  const found = laters.flatMap((later) => timed(columns, later));
  if (status === null || found.some(saysStatus)) return found;
  return [...found, ...timed(columns, { name: 'status', called: touched, says: { author, status } })];
}

function timed(columns: readonly SampledColumn[], { name, called, says }: Later): LaterStatement[] {
  for (const column of columns) {
    const time = called.test(column.name) ? suggestTime(column) : null;
    if (time === null) continue;
    return [{ suggestion: { name, columns: { occurredAt: time.suggestion, ...says } }, columns: [column.name] }];
  }
  return [];
}

const fieldsOfAll: ReadonlySet<string> = new Set(['subject', 'thread', 'customer', 'stage']);

/** Whether every statement of a conversation has it; the others are what its customer says first. */
export function isOfAll({ field }: Guess): boolean {
  return fieldsOfAll.has(field);
}

/** The conversation is called like the row, where nothing else names it. */
export function underOneThread(ofAll: readonly Guess[]): readonly Guess[] {
  const subject = ofAll.find(({ field }) => field === 'subject');
  const isNamed = subject === undefined || ofAll.some(({ field }) => field === 'thread');
  return isNamed ? ofAll : [...ofAll, { ...subject, field: 'thread' }];
}
