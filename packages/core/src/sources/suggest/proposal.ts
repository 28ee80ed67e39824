// What is proposed for an export: in which columns the fields of its statements stand.
import type { SampledColumn } from './sampled.ts';

/** How the options of a source name a column. */
export type ColumnSuggestion =
  | string
  | { readonly constant: string | boolean }
  | {
      readonly column: string;
      readonly format?: string;
      readonly as?: 'email';
      readonly scale?: Scale;
      readonly map?: Readonly<Record<string, string | number | null>>;
    };

export type Scale = { readonly min: number; readonly max: number };

export type Guess = { readonly field: string; readonly column: string; readonly suggestion: ColumnSuggestion };

type Columns = Readonly<Record<string, ColumnSuggestion>>;

/** What one statement of a row adds to the columns of all. */
export type StatementSuggestion = {
  readonly name?: string;
  /** the list whose elements are the statements */
  readonly each?: string;
  readonly columns: Columns;
};

/** Field of the signal → as the options of a source name a column. `used`: the columns that are taken. */
export type Proposal = {
  readonly columns: Columns;
  /** where a row says several things, each in its time */
  readonly statements?: readonly StatementSuggestion[];
  readonly used: readonly string[];
};

export function freeOf(filled: readonly SampledColumn[], guesses: readonly Guess[]): SampledColumn[] {
  return filled.filter(({ name }) => !guesses.some(({ column }) => column === name));
}

const order = ['subject', 'thread', 'customer', 'occurredAt', 'stage', 'rating', 'text', 'author'];

/** The columns of a statement of a kind. */
export function columnsOf(kind: string, guesses: readonly Guess[]): Record<string, ColumnSuggestion> {
  return { kind: { constant: kind }, ...fieldsOf(guesses) };
}

export function fieldsOf(guesses: readonly Guess[]): Record<string, ColumnSuggestion> {
  const ordered = guesses.toSorted((one, other) => order.indexOf(one.field) - order.indexOf(other.field));
  return Object.fromEntries(ordered.map(({ field, suggestion }) => [field, suggestion]));
}
