// Rows of a table and JSON objects into statements: one engine, the plan of a header made once and used for every row under it.
// Every row is accounted for: as statements, each a signal, a skip or a rejection, or as one skip where it gives none.
// The same row of the same export is always the same subject.
import type { Mapping, Outcome, SourceContext } from '../define.ts';
import { reject, skip, skipReasons } from '../define.ts';
import { openRows } from '../payload.ts';
import { AbsentPaths } from './absent.ts';
import { textOf } from './cells.ts';
import type { Row, Shape } from './paths.ts';
import type { Plan } from './plan.ts';
import { planner } from './plan.ts';
import type { RowSettings } from './settings.ts';
import { mapStatement, type StatementReading } from './statement.ts';
import { contentSubject, keySubject, keyText, type RowName } from './subject.ts';

/** Header of a payload: 2 for the second row of the file with exactly this content, and so on; absent: the first. */
export const occurrenceHeader = 'gapwatch-occurrence';

/** `takesLists`: whether one payload may hold a list of rows. */
export type RowsOptions = { readonly shape: Shape; readonly takesLists: boolean };

export function rowMapping(settings: RowSettings, { shape, takesLists }: RowsOptions): Mapping {
  const planFor = planner(settings, shape);
  const paths = shape.isNested ? new AbsentPaths(settings) : null;
  const map: Mapping = (payload, context) => {
    const opened = openRows(payload, takesLists);
    if ('outcome' in opened) return [opened.outcome];
    const occurrences = new Occurrences(Number(payload.headers[occurrenceHeader] ?? 1));
    const outcomes: Outcome[] = [];
    for (const row of opened.rows) {
      if ('outcome' in row) {
        outcomes.push(row.outcome);
        continue;
      }
      paths?.look(row.object);
      const plan = planFor(row.object);
      // one by one: a list may be longer than a call has room for
      for (const outcome of mapRow({ row: row.object, plan, settings, shape, occurrences, context }))
        outcomes.push(outcome);
    }
    return outcomes;
  };
  return paths === null ? map : Object.assign(map, { absent: () => paths.warnings() });
}

type Reading = {
  readonly row: Row;
  readonly plan: Plan;
  readonly settings: RowSettings;
  readonly shape: Shape;
  readonly occurrences: Occurrences;
  readonly context: SourceContext;
};

/** How often a content came by: in the file, as the payload says, or in the list that the payload is. */
class Occurrences {
  readonly #before: number;
  readonly #seen = new Map<string, number>();

  constructor(first: number) {
    this.#before = first - 1;
  }

  /** Two rows with one content are two subjects. */
  subject(content: string): string {
    const count = (this.#seen.get(content) ?? this.#before) + 1;
    this.#seen.set(content, count);
    return count === 1 ? content : `${content}/${count}`;
  }
}

function mapRow(reading: Reading): readonly Outcome[] {
  const { row, plan, shape } = reading;
  if (plan.fault !== null) return [reject('no-column', plan.fault)];
  const columns = plan.sortedColumns ?? Object.keys(row);
  if (columns.every((column) => textOf(row[column]) === '')) {
    return [skip(skipReasons.emptyRow, 'every cell of the row is empty')];
  }
  if (!shape.isNested && isHeader(row)) {
    return [skip(skipReasons.headerAgain, 'the names of the columns stand here again: two files in one?')];
  }
  const left = plan.when.fault({ row, element: row });
  if (left !== null) return [skip(skipReasons.condition, left)];
  const outcomes = mapStatements(reading);
  if (outcomes.length > 0) return outcomes;
  return [skip(skipReasons.nothingSaid, 'the lists of its statements are empty')];
}

/** Whether each cell holds the name of its column; a column that had to be given another name is known by that. */
function isHeader(row: Row): boolean {
  return Object.entries(row).every(([name, cell]) => {
    const text = textOf(cell);
    if (text === name) return true;
    return text === '' ? /^column \d+$/.test(name) : name.startsWith(`${text} (`);
  });
}

function mapStatements(reading: Reading): Outcome[] {
  const { row, plan, shape, context } = reading;
  const outcomes: Outcome[] = [];
  let name: RowName | null = null;
  const rowName = () => {
    name ??= nameRow(reading);
    return name;
  };
  const shared = { plan, shape, context, rowName };
  for (const statement of plan.statements) {
    if (statement.each === null) {
      outcomes.push(mapStatement({ ...shared, statement, scope: { row, element: row }, place: '' }));
    } else for (const outcome of mapElements({ ...shared, statement, row })) outcomes.push(outcome);
  }
  return outcomes;
}

type Elements = Omit<StatementReading, 'scope' | 'place'> & { readonly row: Row };

function mapElements({ row, ...shared }: Elements): Outcome[] {
  const { statement } = shared;
  const list = statement.each?.({ row, element: row }) ?? [];
  if (!Array.isArray(list)) return [reject('not-list', `${statement.name}: each needs a list, this is none`)];
  return list.map((element: unknown, index) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) {
      return reject('not-object', `${statement.name}: element ${index + 1} is no object`);
    }
    const scope = { row, element: element as Row };
    const place = keyText(statement.elementKey, scope) ?? String(index + 1);
    return mapStatement({ ...shared, scope, place: `/${place}` });
  });
}

function nameRow({ row, plan, settings, occurrences }: Reading): RowName {
  if (settings.key !== undefined) return keySubject(settings.key, plan.key, { row, element: row });
  const columns = plan.sortedColumns ?? Object.keys(row).toSorted();
  return { subject: occurrences.subject(contentSubject(row, columns)) };
}
