// One statement of a row: read, named, and taken where it says something. Without a time of its own it did not happen.
import { acceptSignal } from '../accept.ts';
import { openKeyWarning } from '../customers.ts';
import type { Outcome, SourceContext } from '../define.ts';
import { reject, skip, skipReasons } from '../define.ts';
import type { ColumnReader, Draft } from './columns.ts';
import { describeAbsence, type Scope, type Shape } from './paths.ts';
import type { Plan, StatementPlan } from './plan.ts';
import type { RowName } from './subject.ts';

export type StatementReading = {
  readonly plan: Plan;
  readonly shape: Shape;
  readonly context: SourceContext;
  readonly statement: StatementPlan;
  readonly scope: Scope;
  /** of an element in its list, with the mark that parts it from what stands before; else empty */
  readonly place: string;
  /** the name of the row, for a statement without a subject of its own */
  readonly rowName: () => RowName;
};

export function mapStatement(reading: StatementReading): Outcome {
  const { plan, context, shape, statement, scope } = reading;
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
  nameStatement(draft, reading);
  return complete(draft, reading);
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

function nameStatement({ fields, faults }: Draft, { statement, place, rowName }: StatementReading): void {
  const isOwn = statement.hasOwnSubject && fields.subject !== undefined;
  if (isOwn || (fields.subject !== undefined && statement.name === '')) return;
  const name = fields.subject === undefined ? rowName() : { subject: fields.subject as string };
  if (name.fault !== undefined) faults.push(`subject: ${name.fault}`);
  else fields.subject = statement.name === '' ? name.subject : `${name.subject}/${statement.name}${place}`;
}

function complete(draft: Draft, { plan, context, shape, statement, scope }: StatementReading): Outcome {
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
