// The options of a source that reads rows: which column fills which field, and how.
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

export const rowSettingsSchema = z.strictObject({
  /** field of the signal → column of the file; with no entry at all, the columns that are named like fields are taken */
  columns: z.record(fieldName, z.union([columnName, columnSchema])).default({}),
  /** columns that together name a row, where no single one does */
  key: z.array(columnName).min(1).optional(),
  /** of dates that name no offset */
  zone: zone.default('UTC'),
});

export type RowSettings = z.output<typeof rowSettingsSchema>;
export type ColumnSettings = z.output<typeof columnSchema>;

function isInOrder(days: readonly (string | undefined)[]): boolean {
  return days.every((day, index) => {
    if (index === days.length - 1) return day === undefined;
    return day !== undefined && (index === 0 || day > (days[index - 1] ?? ''));
  });
}
