// What is read from the rows of one header: made once a header, used for every row under it. JSON objects with named paths
// need one plan for all.
import type { ColumnReader } from './columns.ts';
import { columnReader } from './columns.ts';
import { type Condition, condition } from './conditions.ts';
import { cellTypeOf } from './fields.ts';
import { type Locate, listNames, locator, type Row, type Scope, type Shape } from './paths.ts';
import { type ColumnSettings, nameOf, type RowSettings, type StatementSettings } from './settings.ts';

/** One statement of a row. */
export type StatementPlan = {
  /** what stands behind the subject of the row; empty: nothing does */
  readonly name: string;
  /** the list whose elements are the statements; null: the row is one */
  readonly each: Locate | null;
  /** names an element in its list */
  readonly elementKey: readonly Locate[];
  readonly when: Condition;
  /** times first, since the scale of a rating may depend on them */
  readonly readers: readonly ColumnReader[];
  /** whether the subject is this statement's own, to be taken as it is */
  readonly hasOwnSubject: boolean;
  /** the name under which the user knows a path of the signal */
  label(path: string): string;
};

export type Plan = {
  /** why no row of this header can be read, or null */
  readonly fault: string | null;
  readonly warnings: readonly string[];
  /** the columns in an order that does not depend on the file; null: those of the row at hand */
  readonly sortedColumns: readonly string[] | null;
  readonly when: Condition;
  readonly key: readonly Locate[];
  /** whether the statements are listed, so that one without a time is left out rather than refused */
  readonly isListed: boolean;
  readonly statements: readonly StatementPlan[];
};

/** A plan for each header that comes by; the last one is kept, since rows of one file share it. */
export function planner(settings: RowSettings, shape: Shape): (row: Row) => Plan {
  const isNamed = namesColumns(settings);
  if (shape.isNested && isNamed) {
    const plan = makePlan(null, [], settings, shape);
    return () => plan;
  }
  let lastHeader = '';
  let last: Plan | null = null;
  return (row) => {
    const columns = shape.isNested ? flattenedKeys(row) : Object.keys(row);
    const header = columns.join('\u0000');
    if (last === null || header !== lastHeader) {
      // exports have columns called `subject`, `source` or `version` that mean something else: once any is named, all are
      const taken = isNamed ? [] : columns.filter((column) => cellTypeOf(column) !== null);
      last = makePlan(columns, taken, settings, shape);
    }
    lastHeader = header;
    return last;
  };
}

function namesColumns({ columns, statements = [] }: RowSettings): boolean {
  return [columns, ...statements.map((statement) => statement.columns)].some((each) => Object.keys(each).length > 0);
}

const groups: ReadonlySet<string> = new Set(['rating', 'promise', 'belief', 'lifecycle', 'segment', 'attributes']);

/** The keys of an object, those of `rating` and the like as `rating.value`. */
function flattenedKeys(row: Row): string[] {
  return Object.keys(row).flatMap((key) => {
    const value = row[key];
    const isGroup = groups.has(key) && typeof value === 'object' && value !== null;
    return isGroup ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key];
  });
}

/** `columns` null: every row has its own. `taken`: columns that are named like fields, where the settings name none. */
function makePlan(
  columns: readonly string[] | null,
  taken: readonly string[],
  settings: RowSettings,
  shape: Shape,
): Plan {
  const named = Object.fromEntries(taken.map((column) => [column, column]));
  const shared = { ...settings.columns, ...named };
  const listed = settings.statements ?? [{ columns: {} }];
  const statements = listed.map((statement) => planStatement(statement, shared, settings, shape));
  const when = condition(settings.when, shape, 'row');
  const used = new Set([...statements.flatMap(columnsOf), ...when.columns, ...(settings.key ?? [])]);
  const missing = shape.isNested || columns === null ? null : missingColumns(columns, used);
  const warnings = columns === null ? [] : unusedColumns(columns, used);
  return {
    fault: missing ?? missingFields(statements),
    warnings,
    sortedColumns: shape.isNested ? null : (columns ?? []).toSorted(),
    when,
    key: (settings.key ?? []).map((column) => locator(column, shape, 'row')),
    isListed: settings.statements !== undefined,
    statements,
  };
}

type Columns = Readonly<Record<string, string | ColumnSettings>>;

function planStatement(
  statement: Pick<StatementSettings, 'name' | 'each' | 'key' | 'when' | 'columns'>,
  shared: Columns,
  all: RowSettings,
  shape: Shape,
): StatementPlan {
  const reader = (base: keyof Scope) => (entry: [string, string | ColumnSettings]) => {
    const [field, column] = entry;
    return columnReader(field, typeof column === 'string' ? { column } : column, { all, shape, base });
  };
  const own = Object.entries(statement.columns);
  const others = Object.entries(shared).filter(([field]) => !Object.hasOwn(statement.columns, field));
  const readers = [...own.map(reader('element')), ...others.map(reader('row'))];
  const labels = new Map(readers.map(({ field, label }) => [field, label]));
  return {
    name: nameOf(statement),
    each: statement.each === undefined ? null : locator(statement.each, shape, 'row'),
    elementKey: (statement.key ?? []).map((column) => locator(column, shape, 'element')),
    when: condition(statement.when, shape, 'element'),
    readers: readers.toSorted((left, right) => rank(left.field) - rank(right.field)),
    hasOwnSubject: Object.hasOwn(statement.columns, 'subject'),
    label: (path) => labels.get(path) ?? labels.get(path.replace(/\.value$/, '')) ?? path,
  };
}

function rank(field: string): number {
  return field === 'occurredAt' ? 0 : field === 'rating' ? 1 : 2;
}

function columnsOf({ readers, when }: StatementPlan): readonly string[] {
  return [...readers.flatMap(({ column }) => column ?? []), ...when.columns];
}

const shownColumns = 40;

function missingColumns(columns: readonly string[], used: ReadonlySet<string>): string | null {
  const there = new Set(columns);
  const missing = [...used].filter((column) => !there.has(column));
  if (missing.length === 0) return null;
  return `the file has no column ${listNames(missing)}; its columns are ${listNames(columns.slice(0, shownColumns))}`;
}

function unusedColumns(columns: readonly string[], used: ReadonlySet<string>): readonly string[] {
  const unused = columns.filter((column) => !used.has(column));
  return unused.length === 0 ? [] : [`columns that no field takes: ${listNames(unused)}`];
}

function missingFields(statements: readonly StatementPlan[]): string | null {
  for (const { name, readers } of statements) {
    const there = new Set(readers.map(({ field }) => field));
    const where = name === '' ? '' : ` (statement ${JSON.stringify(name)})`;
    if (!there.has('kind'))
      return `kind${where}: say it once for all rows, at the source in gapwatch.yaml: columns: { kind: { constant: review } }`;
    if (there.has('occurredAt')) continue;
    return `occurredAt${where}: say which column holds the time: columns: { occurredAt: { column: …, format: DD/MM/YYYY } }`;
  }
  return null;
}
