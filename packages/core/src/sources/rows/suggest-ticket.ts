// What the row of a ticket says beside the words of its customer: that staff replied, that it was solved, how it stood when it
// was last touched. Each has a time of its own; a status without one is left out, since nobody could say when it was so.
import type { ColumnSuggestion, SampledColumn } from './sampled.ts';
import { suggestTime } from './suggest-time.ts';

/** What one statement of a row adds to the columns of all. */
export type StatementSuggestion = {
  readonly name?: string;
  /** the list whose elements are the statements */
  readonly each?: string;
  readonly columns: Readonly<Record<string, ColumnSuggestion>>;
};

type Says = Readonly<Record<string, ColumnSuggestion>>;
type Later = { readonly name: string; readonly called: RegExp; readonly says: Says };

const author = { constant: 'staff' };
const laters: readonly Later[] = [
  { name: 'reply', called: /(first|initial).*(repl|respon|answer)|repli|respond|answered/i, says: { author } },
  { name: 'solved', called: /solv|resol|complet/i, says: { author, status: { constant: 'solved' } } },
  { name: 'closed', called: /clos/i, says: { author, status: { constant: 'closed' } } },
];
const touched = /updat|modif|chang|last/i;

/** A statement, and the columns that it is made of. */
export type LaterStatement = { readonly suggestion: StatementSuggestion; readonly columns: readonly string[] };

/**
 * The statements behind the first one, of the columns that nothing takes yet; `status`: the one that says how a ticket stands.
 * Where there is a time of its end, that says more.
 */
export function laterStatements(columns: readonly SampledColumn[], status: string | null): readonly LaterStatement[] {
  const found = laters.flatMap((later) => timed(columns, later));
  const isEnded = found.some(({ suggestion }) => suggestion.columns.status !== undefined);
  if (status === null || isEnded) return found;
  const asTouched = timed(columns, { name: 'status', called: touched, says: { author, status } });
  return [...found, ...asTouched.map((one) => ({ ...one, columns: [...one.columns, status] }))];
}

function timed(columns: readonly SampledColumn[], { name, called, says }: Later): LaterStatement[] {
  for (const column of columns) {
    const time = called.test(column.name) ? suggestTime(column) : null;
    if (time === null) continue;
    return [{ suggestion: { name, columns: { occurredAt: time.suggestion, ...says } }, columns: [column.name] }];
  }
  return [];
}
