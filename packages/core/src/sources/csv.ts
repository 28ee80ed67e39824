// Rows of a table: each row comes as a JSON object of column name → text, and becomes one signal.
// Every row is a signal, a skip or a rejection; the same row of the same export is always the same subject.
import { sha256Hex } from '../hash.ts';
import { acceptSignal } from './accept.ts';
import type { Mapping, Outcome, Payload } from './define.ts';
import { defineSource, reject, skip, skipReasons } from './define.ts';
import { openObject } from './payload.ts';
import type { Draft, Row } from './rows/columns.ts';
import { cellText } from './rows/columns.ts';
import type { Plan } from './rows/plan.ts';
import { planner } from './rows/plan.ts';
import { csvSamples } from './rows/samples.ts';
import type { RowSettings } from './rows/settings.ts';
import { rowSettingsSchema } from './rows/settings.ts';

/** Header of a payload: 2 for the second row of the file with exactly this content, and so on; absent: the first. */
export const occurrenceHeader = 'occurrence';

const spoken: ReadonlySet<unknown> = new Set(['feedback', 'review', 'ticket']);

function create(settings: RowSettings): Mapping {
  const planFor = planner(settings);
  return (payload, context) => {
    const opened = openObject(payload);
    if ('outcome' in opened) return [opened.outcome];
    return [mapRow(opened.object, planFor(opened.object), settings, payload, context.sourceId)];
  };
}

function mapRow(row: Row, plan: Plan, settings: RowSettings, payload: Payload, sourceId: string): Outcome {
  if (plan.fault !== null) return reject('no-column', plan.fault);
  if (plan.sortedColumns.every((column) => cellText(row, column) === '')) {
    return skip(skipReasons.emptyRow, 'every cell of the row is empty');
  }
  const draft = plan.read(row);
  const { fields } = draft;
  if (fields.subject === undefined) fields.subject = subjectOf(row, plan, settings, payload, draft);
  const rating = checkRating(draft, plan);
  if (draft.faults.length > 0) return reject('invalid', draft.faults.slice(0, 3).join('; '));
  if (!rating && saysNothing(fields)) {
    return skip(skipReasons.nothingSaid, 'neither text nor rating: nobody said anything here');
  }
  const outcome = acceptSignal(fields, sourceId, plan.label);
  return outcome.kind === 'signal' && plan.warnings.length > 0 ? { ...outcome, warnings: plan.warnings } : outcome;
}

/** Whether there is a rating. One without a value is none; one without a scale is a fault. */
function checkRating(draft: Draft, plan: Plan): boolean {
  const rating = draft.fields.rating as { value?: number; min?: number; max?: number } | undefined;
  if (rating === undefined) return false;
  if (rating.value === undefined) delete draft.fields.rating;
  else if (rating.min === undefined || rating.max === undefined) {
    draft.faults.push(`${plan.label('rating')}: its scale is not known: add scale: { min: 1, max: 5 }`);
  }
  return rating.value !== undefined;
}

function saysNothing(fields: Draft['fields']): boolean {
  if (!spoken.has(fields.kind) || fields.op === 'delete' || fields.text !== undefined) return false;
  return fields.kind !== 'ticket' || (fields.status === undefined && fields.promise === undefined);
}

/** Names a row that has no id: by its key columns, else by its content and the count of such rows before it. */
function subjectOf(row: Row, plan: Plan, settings: RowSettings, payload: Payload, draft: Draft): string {
  if (settings.key === undefined) return contentSubject(row, plan, payload.headers[occurrenceHeader]);
  const parts = settings.key.map((column) => cellText(row, column));
  if (parts.every((part) => part === '')) {
    draft.faults.push(`subject: the key columns ${settings.key.join(', ')} are all empty`);
  }
  const subject = `row:${parts.map(escapePart).join('/')}`;
  return subject.length <= 200 ? subject : `row:${sha256Hex(subject)}`;
}

/** So that `a/b`, `c` and `a`, `b/c` are two keys. */
function escapePart(part: string): string {
  return part.replace(/[%/]/g, (character) => (character === '/' ? '%2F' : '%25'));
}

// Empty cells are left out, so that a column which an export gains later changes no name of an older row.
function contentSubject(row: Row, plan: Plan, occurrence: string | undefined): string {
  const cells: string[] = [];
  for (const column of plan.sortedColumns) {
    const text = cellText(row, column);
    if (text !== '') cells.push(column, text);
  }
  const subject = `row:${sha256Hex(JSON.stringify(cells)).slice(0, 32)}`;
  return occurrence === undefined || occurrence === '1' ? subject : `${subject}/${occurrence}`;
}

export const csv = defineSource({
  type: 'csv',
  title: 'Rows of a table, by the names of their columns',
  settings: rowSettingsSchema,
  customerMayChange: true,
  create,
  samples: csvSamples,
});
