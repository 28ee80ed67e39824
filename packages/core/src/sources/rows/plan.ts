// What is read from the rows of one header: made once a header, used for every row under it.
import type { ColumnReader, Draft, Row } from './columns.ts';
import { columnLabel, columnReader } from './columns.ts';
import { cellTypeOf } from './fields.ts';
import type { RowSettings } from './settings.ts';

export type Plan = {
  /** why no row of this header can be read, or null */
  readonly fault: string | null;
  readonly warnings: readonly string[];
  /** the columns in an order that does not depend on the file */
  readonly sortedColumns: readonly string[];
  read(row: Row): Draft;
  /** the name under which the user knows a path of the signal */
  label(path: string): string;
};

/** A plan for each header that comes by; the last one is kept, since rows of one file share it. */
export function planner(settings: RowSettings): (row: Row) => Plan {
  let lastHeader = '';
  let last: Plan | null = null;
  return (row) => {
    const columns = Object.keys(row);
    const header = columns.join('\u0000');
    if (last === null || header !== lastHeader) last = makePlan(columns, settings);
    lastHeader = header;
    return last;
  };
}

function makePlan(columns: readonly string[], settings: RowSettings): Plan {
  const readers = readersFor(columns, settings);
  const used = new Set([...readers.map((reader) => reader.column), ...(settings.key ?? [])]);
  const labels = new Map(readers.map((reader) => [reader.field, columnLabel(reader.field, reader.column)]));
  const unused = columns.filter((column) => !used.has(column));
  return {
    fault: missingColumns(columns, used) ?? missingFields(readers),
    warnings:
      unused.length === 0
        ? []
        : [`columns that no field takes: ${unused.map((name) => JSON.stringify(name)).join(', ')}`],
    sortedColumns: columns.toSorted(),
    read: (row) => readRow(row, readers),
    label: (path) => labels.get(path) ?? labels.get(path.replace(/\.value$/, '')) ?? path,
  };
}

/**
 * The configured fields; with none configured, every column that is named like a field. Never both: exports have columns
 * called `subject`, `source` or `version` that mean something else, and would fill those fields unasked.
 * Times go before ratings, whose scale may depend on them.
 */
function readersFor(columns: readonly string[], settings: RowSettings): readonly ColumnReader[] {
  const configured = Object.entries(settings.columns);
  const named = columns.filter((column) => cellTypeOf(column) !== null).map((column) => [column, column] as const);
  const readers = (configured.length > 0 ? configured : named).map(([field, column]) =>
    columnReader(field, typeof column === 'string' ? { column } : column, settings),
  );
  return readers.toSorted((left, right) => rank(left.field) - rank(right.field));
}

function rank(field: string): number {
  return field === 'occurredAt' ? 0 : field === 'rating' ? 1 : 2;
}

function missingColumns(columns: readonly string[], used: ReadonlySet<string | null>): string | null {
  const there = new Set(columns);
  const missing = [...used].filter((column) => column !== null && !there.has(column));
  if (missing.length === 0) return null;
  const list = (names: readonly unknown[]) => names.map((name) => JSON.stringify(name)).join(', ');
  return `the file has no column ${list(missing)}; its columns are ${list(columns.slice(0, 40))}`;
}

function missingFields(readers: readonly ColumnReader[]): string | null {
  const there = new Set(readers.map((reader) => reader.field));
  if (!there.has('kind')) return 'kind: say it once for all rows: columns: { kind: { constant: review } }';
  if (there.has('occurredAt')) return null;
  return 'occurredAt: say which column holds the time: columns: { occurredAt: { column: …, format: DD/MM/YYYY } }';
}

function readRow(row: Row, readers: readonly ColumnReader[]): Draft {
  const draft: Draft = { fields: {}, faults: [] };
  for (const reader of readers) reader.read(row, draft);
  return draft;
}
