// From the first rows of an export to columns that a person looks through: what each column is called, and what stands in it.
// A guess is written down, never acted on; what cannot be known from the rows is said as a doubt.
import { listNames } from '../rows/paths.ts';
import { guessCustomer, guessStage, guessStatus, guessSubject, guessText, guessThread, guessTime } from './fields.ts';
import { proposeLife } from './life.ts';
import { proposeDialogue, type SampledList } from './list.ts';
import { columnsOf, freeOf, type Guess, type Proposal } from './proposal.ts';
import { guessRating, surveyPattern } from './ratings.ts';
import { isCalled, type SampledColumn, withoutHeads } from './sampled.ts';
import { proposeTicket } from './ticket.ts';
import { proposeTouchpoints } from './touchpoints.ts';

/** `columns` null: nothing holds a time. `doubts`: what a person has to look at. */
export type Suggestion = (Omit<Proposal, 'used'> | { readonly columns: null; readonly statements?: never }) & {
  readonly doubts: readonly string[];
};

/**
 * Columns for the rows of which these are the cells; `rows`: how many there were; `lists`: those whose elements are objects.
 */
export function suggestColumns(
  sampled: readonly SampledColumn[],
  rows: number,
  lists: readonly SampledList[] = [],
): Suggestion {
  const { columns, heads } = withoutHeads(sampled);
  const doubts = heads === 0 ? [] : [headsDoubt(heads)];
  const filled = columns.filter(({ cells }) => cells.length > 0);
  const guesses = guessFields(filled, rows - heads, doubts);
  const proposal = proposeDialogue(guesses, lists) ?? propose(guesses, filled, rows - heads, doubts);
  if (proposal === null) return { columns: null, doubts: [noTime] };
  const { used, ...suggestion } = proposal;
  const unused = filled.map(({ name }) => name).filter((name) => !used.includes(name));
  if (unused.length > 0) doubts.push(`no field takes ${listNames(unused)}`);
  return { ...suggestion, doubts };
}

function headsDoubt(heads: 1 | 2): string {
  const rows =
    heads === 1 ? 'another row of heads follows the first: it is' : 'two rows of heads follow the first: they are';
  return `${rows} left out, and no row is missing`;
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

const noTime =
  'no column holds times of one format in most of its cells: say which one does, with columns: { occurredAt: { column: …, format: … } }';

const nothingSaid =
  'neither words nor a rating: name the column that says how it went, or what else the rows are (kind: lifecycle, belief)';

/** Null where nothing says when. */
function propose(
  guesses: readonly Guess[],
  filled: readonly SampledColumn[],
  rows: number,
  doubts: string[],
): Proposal | null {
  const fields = new Set(guesses.map(({ field }) => field));
  if (!fields.has('occurredAt')) return null;
  const free = freeOf(filled, guesses);
  const status = guessStatus(free);
  const kind = kindOf(fields, status !== null, filled);
  if (kind === 'ticket') return proposeTicket(guesses, free, status, doubts);
  const life = proposeLife(guesses, free, rows, doubts);
  if (life === null && !fields.has('text') && !fields.has('rating')) doubts.push(nothingSaid);
  return life ?? proposeRow(kind, guesses, filled, doubts);
}

/** A row that says one thing, or one of each touchpoint. */
function proposeRow(
  kind: string,
  guesses: readonly Guess[],
  filled: readonly SampledColumn[],
  doubts: string[],
): Proposal {
  const one = { columns: columnsOf(kind, guesses), used: guesses.map(({ column }) => column) };
  const { columns, ...others } = proposeTouchpoints(kind, guesses, filled, doubts) ?? one;
  const solicited = isAsked(filled) ? { solicited: { constant: true } } : {};
  return { columns: { ...columns, ...solicited }, ...others };
}

function kindOf(fields: ReadonlySet<string>, hasStatus: boolean, filled: readonly SampledColumn[]): string {
  const names = filled.map(({ name }) => name).join('\n');
  if (hasStatus || /ticket|complaint|conversation|case[ _-]?(id|number)/i.test(names)) return 'ticket';
  if (isAsked(filled)) return 'feedback';
  if (/review/i.test(names)) return 'review';
  return fields.has('rating') && !/answer|respon[sd]|feedback/i.test(names) ? 'review' : 'feedback';
}

/** The answers of a survey. */
function isAsked(filled: readonly SampledColumn[]): boolean {
  return filled.some((column) => isCalled(column, surveyPattern));
}
