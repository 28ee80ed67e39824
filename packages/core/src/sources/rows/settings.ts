// The options of a source that reads rows or JSON objects: which column fills which field, how, and when.
import { z } from 'zod';
import { dateFormatRemedy, isDateFormat } from './dates.ts';
import { cellTypeOf, plainFieldNames } from './fields.ts';
import { isZone } from './zones.ts';

const columnName = z.string().min(1);
const plainValue = z.union([z.string(), z.number(), z.boolean()]);
const zone = z
  .string()
  .refine(isZone, 'no time zone: write a name such as Europe/Paris, an offset such as +02:00, or UTC');

const scaleSchema = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    /** the lowest number is the best answer: the scale is turned round */
    reversed: z.boolean().default(false),
    /** this scale holds for what occurred before this day (UTC); the last scale of a list has none */
    before: z.iso.date().optional(),
  })
  .refine(
    (scale) => scale.min < scale.max,
    'min must be below max; for a scale whose lowest number is best add reversed: true',
  );

const scalesSchema = z
  .union([scaleSchema, z.array(scaleSchema).min(1)])
  .refine(
    (scales) => !Array.isArray(scales) || isInOrder(scales.map((scale) => scale.before)),
    'a list of scales goes by time: every one but the last says before: YYYY-MM-DD, each later than the one above',
  );
export type Scale = z.output<typeof scaleSchema>;

export const columnSchema = z
  .strictObject({
    column: columnName.optional(),
    /** the same for every row */
    constant: plainValue.optional(),
    /** of a date */
    format: z.string().refine(isDateFormat, dateFormatRemedy).optional(),
    /** of dates that name no offset */
    zone: zone.optional(),
    /** of a rating */
    scale: scalesSchema.optional(),
    /** of a customer: an e-mail address that becomes an id by a keyed hash, the same in every source under the same key */
    as: z.enum(['email']).optional(),
    /** text of a cell → what it means; null: nothing; `*`: every other text */
    map: z.record(z.string(), plainValue.nullable()).optional(),
  })
  .refine(
    (column) => (column.column === undefined) !== (column.constant === undefined),
    'name either a column or a constant',
  );

const fieldName = z
  .string()
  .refine(
    (field) => cellTypeOf(field) !== null,
    `no field of a signal; the fields are ${plainFieldNames.join(', ')}, segment.NAME and attributes.NAME`,
  );

const columnsSchema = z.record(fieldName, z.union([columnName, columnSchema])).superRefine(checkEmails);

const texts = z.union([plainValue, z.array(plainValue).min(1)]);
export const conditionSchema = z
  .strictObject({
    column: columnName,
    /** a text or a list: one of them must stand in the cell; '' is the empty cell */
    is: texts.optional(),
    isNot: texts.optional(),
  })
  .refine((condition) => condition.is !== undefined || condition.isNot !== undefined, 'say is: … or isNot: …');
const whenSchema = z.union([conditionSchema, z.array(conditionSchema).min(1)]);

const statementSchema = z.strictObject({
  /** what the subject of the row gets behind it: `row:77/food` */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/, 'use letters, digits, dot, dash or underscore, at most 50')
    .optional(),
  /** beside the shared ones; the same field here goes before it there */
  columns: columnsSchema.default({}),
  /** only then; conditions of a list must all hold */
  when: whenSchema.optional(),
});

const nestedStatementSchema = statementSchema.extend({
  /** path of a list in the object: one statement for each element; columns here are paths in the element, `$.` leads back out */
  each: columnName.optional(),
  /** paths that name an element in its list; without them its place does, from 1 */
  key: z.array(columnName).min(1).optional(),
});

/** Of a table: a column is the name at its head. */
export const rowSettingsSchema = z.strictObject({
  /** field of the signal → column of the file; with no entry at all, the columns that are named like fields are taken */
  columns: columnsSchema.default({}),
  /** columns that together name a row, where no single one does */
  key: z.array(columnName).min(1).optional(),
  /** of dates that name no offset */
  zone: zone.default('UTC'),
  /** rows that are read; the others are skipped as `condition` */
  when: whenSchema.optional(),
  /** several statements a row, each with its own time; without them a row is one */
  statements: z.array(statementSchema).min(1).max(100).superRefine(checkNames).optional(),
  /** ids of customers hold in this source only: its id is put before them */
  prefix: z.boolean().default(false),
});

/** Of JSON objects: a column is a path such as `ticket.requester.email` or `answers.0.value`. */
export const objectSettingsSchema = rowSettingsSchema.extend({
  statements: z.array(nestedStatementSchema).min(1).max(100).superRefine(checkNames).optional(),
});

export type RowSettings = z.output<typeof objectSettingsSchema>;
export type StatementSettings = z.output<typeof nestedStatementSchema>;
export type ColumnSettings = z.output<typeof columnSchema>;
export type ConditionSettings = z.output<typeof conditionSchema>;

const emailFields: ReadonlySet<string> = new Set(['customer', 'contact', 'lifecycle.mergedInto']);

function checkEmails(columns: Readonly<Record<string, string | { as?: unknown }>>, context: z.RefinementCtx): void {
  for (const [field, column] of Object.entries(columns)) {
    if (typeof column === 'string' || column.as === undefined || emailFields.has(field)) continue;
    const message = `only ids of people are made of e-mail addresses: ${[...emailFields].join(', ')}`;
    context.addIssue({ code: 'custom', path: [field, 'as'], message });
  }
}

/** Two statements of one row with one name would be one subject. */
function checkNames(statements: readonly StatementName[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, statement] of statements.entries()) {
    const name = nameOf(statement);
    if (seen.has(name)) {
      const message = `${name === '' ? 'a second statement without a name' : `"${name}" stands above already`}: give it a name of its own`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    }
    seen.add(name);
  }
}

type StatementName = { readonly name?: string | undefined; readonly each?: string | undefined };

/** What stands behind the subject of the row; empty for a statement that is called as its row. */
export function nameOf({ name, each }: StatementName): string {
  return name ?? each ?? '';
}

function isInOrder(days: readonly (string | undefined)[]): boolean {
  return days.every((day, index) => {
    if (index === days.length - 1) return day === undefined;
    return day !== undefined && (index === 0 || day > (days[index - 1] ?? ''));
  });
}
