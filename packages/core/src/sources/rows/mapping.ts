// Rows of a table and JSON objects into statements: one engine, the plan of a header made once and used for every row under it.
// Every row is accounted for: as statements, each a signal, a skip or a rejection, or as one skip where it gives none.
// The same row of the same export is always the same subject.
import { acceptSignal } from '../accept.ts';
import { openKeyWarning } from '../customers.ts';
import type { Mapping, Outcome, SourceContext } from '../define.ts';
import { reject, skip, skipReasons } from '../define.ts';
import { openRows } from '../payload.ts';
import { AbsentPaths } from './absent.ts';
import { textOf } from './cells.ts';
import type { ColumnReader, Draft } from './columns.ts';
import { describeAbsence, type Row, type Scope, type Shape } from './paths.ts';
import type { Plan, StatementPlan } from './plan.ts';
import { planner } from './plan.ts';
import type { RowSettings } from './settings.ts';
import { contentSubject, keySubject, keyText, type RowName } from './subject.ts';

/** Header of a payload: 2 for the second row of the file with exactly this content, and so on; absent: the first. */
export const occurrenceHeader = 'occurrence';

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
      outcomes.push(...mapRow({ row: row.object, plan, settings, shape, occurrences, context }));
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
  const { row, plan } = reading;
  const outcomes: Outcome[] = [];
  let name: RowName | null = null;
  const rowName = () => {
    name ??= nameRow(reading);
    return name;
  };
  for (const statement of plan.statements) {
    if (statement.each === null) outcomes.push(mapStatement(reading, statement, { row, element: row }, '', rowName));
    else outcomes.push(...mapElements(reading, statement, rowName));
  }
  return outcomes;
}

function mapElements(reading: Reading, statement: StatementPlan, rowName: () => RowName): Outcome[] {
  const { row } = reading;
  const list = statement.each?.({ row, element: row }) ?? [];
  if (!Array.isArray(list)) return [reject('not-list', `${statement.name}: each needs a list, this is none`)];
  return list.map((element: unknown, index) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) {
      return reject('not-object', `${statement.name}: element ${index + 1} is no object`);
    }
    const scope = { row, element: element as Row };
    const place = keyText(statement.elementKey, scope) ?? String(index + 1);
    return mapStatement(reading, statement, scope, `/${place}`, rowName);
  });
}

/** `place`: of the element in its list, with the mark that parts it from what stands before. */
function mapStatement(
  reading: Reading,
  statement: StatementPlan,
  scope: Scope,
  place: string,
  rowName: () => RowName,
): Outcome {
  const { plan, context, shape } = reading;
  const left = statement.when.fault(scope);
  if (left !== null) return skip(skipReasons.condition, left);
  const draft: Draft = { fields: {}, faults: [], context };
  for (const reader of statement.readers) {
    reader.read(scope, draft);
    const isTimeless = reader.field === 'occurredAt' && draft.fields.occurredAt === undefined;
    if (plan.isListed && isTimeless && draft.faults.length === 0) return withoutTime(reader, scope, shape);
  }
  const lacking = shape.isNested ? statement.readers.find((reader) => isNeeded(reader, draft, scope)) : undefined;
  if (lacking !== undefined) return reject('no-column', absence(lacking, scope));
  nameStatement(draft, statement, place, rowName);
  return complete(draft, statement, scope, reading);
}

function withoutTime(reader: ColumnReader, scope: Scope, shape: Shape): Outcome {
  const isAbsent = shape.isNested && reader.isAbsent(scope);
  return skip(skipReasons.noTime, isAbsent ? absence(reader, scope) : `${reader.label} is empty: it did not happen`);
}

const needed: ReadonlySet<string> = new Set(['kind', 'occurredAt', 'subject']);

function isNeeded(reader: ColumnReader, { fields }: Draft, scope: Scope): boolean {
  return needed.has(reader.field) && fields[reader.field] === undefined && reader.isAbsent(scope);
}

function absence({ field, column }: ColumnReader, scope: Scope): string {
  return `${field}: ${describeAbsence(column ?? '', scope)}`;
}

function nameStatement(draft: Draft, statement: StatementPlan, place: string, rowName: () => RowName): void {
  const { fields, faults } = draft;
  const isOwn = statement.hasOwnSubject && fields.subject !== undefined;
  if (isOwn || (fields.subject !== undefined && statement.name === '')) return;
  const name = fields.subject === undefined ? rowName() : { subject: fields.subject as string };
  if (name.fault !== undefined) faults.push(`subject: ${name.fault}`);
  else fields.subject = statement.name === '' ? name.subject : `${name.subject}/${statement.name}${place}`;
}

function nameRow({ row, plan, settings, occurrences }: Reading): RowName {
  if (settings.key !== undefined) return keySubject(settings.key, plan.key, { row, element: row });
  const columns = plan.sortedColumns ?? Object.keys(row).toSorted();
  return { subject: occurrences.subject(contentSubject(row, columns)) };
}

function complete(draft: Draft, statement: StatementPlan, scope: Scope, { plan, context, shape }: Reading): Outcome {
  const { fields, faults } = draft;
  const isRated = checkRating(draft, statement);
  if (faults.length > 0) return reject('invalid', faults.slice(0, 3).join('; '));
  if (!isRated && saysNothing(fields)) {
    const absent = shape.isNested ? statement.readers.filter((one) => isSaying(one) && one.isAbsent(scope)) : [];
    const why = absent.map((reader) => `; ${absence(reader, scope)}`).join('');
    return skip(skipReasons.nothingSaid, `neither text nor rating: nobody said anything here${why}`);
  }
  const outcome = acceptSignal(fields, context.sourceId, statement.label);
  const warnings = warningsOf(plan, statement, context);
  return outcome.kind === 'signal' && warnings.length > 0 ? { ...outcome, warnings } : outcome;
}

function warningsOf({ warnings }: Plan, { readers }: StatementPlan, { customerKey }: SourceContext): readonly string[] {
  if (customerKey !== undefined || !readers.some(({ isEmail }) => isEmail)) return warnings;
  return [...warnings, openKeyWarning];
}

/** Whether there is a rating. One without a value is none; one without a scale is a fault. */
function checkRating(draft: Draft, { label }: StatementPlan): boolean {
  const rating = draft.fields.rating as { value?: number; min?: number; max?: number } | undefined;
  if (rating === undefined) return false;
  if (rating.value === undefined) delete draft.fields.rating;
  else if (rating.min === undefined || rating.max === undefined) {
    draft.faults.push(`${label('rating')}: its scale is not known: add scale: { min: 1, max: 5 }`);
  }
  return rating.value !== undefined;
}

const spoken: ReadonlySet<unknown> = new Set(['feedback', 'review', 'ticket']);

function isSaying({ field }: ColumnReader): boolean {
  return field === 'text' || field === 'rating' || field === 'rating.value';
}

/** That staff or a bot answered a ticket is something, also without their words. */
function saysNothing(fields: Draft['fields']): boolean {
  if (!spoken.has(fields.kind) || fields.op === 'delete' || fields.text !== undefined) return false;
  if (fields.kind !== 'ticket') return true;
  const isByCustomer = fields.author === undefined || fields.author === 'customer';
  return isByCustomer && fields.status === undefined && fields.promise === undefined;
}
