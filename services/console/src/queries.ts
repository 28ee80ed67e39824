// What is asked of the API: queries and the body of a replay, each mistake in words. Part of the schemas.
import { z } from 'zod';

export const timeBound = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'write a date, 2026-11-03, or a time with its offset, 2026-11-03T10:00:00Z',
  })
  .meta({ description: 'A date (UTC) or RFC 3339; a bound inside a window selects the whole window' });

export const limits = {
  stages: 500,
  windows: 10_000,
  alerts: 500,
  defaultAlerts: 50,
  notes: 500,
  defaultNotes: 100,
  deadLetters: 500,
  defaultDeadLetters: 50,
  deadLetterPageCharacters: 1_048_576,
  replayIds: 1_000,
  cursorCharacters: 1_500,
  defaultDays: 90,
} as const;

export function limitOf(most: number) {
  const error = `write a whole number from 1 to ${most}`;
  return z
    .string({ error })
    .regex(/^\d{1,6}$/, error)
    .refine((text) => Number(text) >= 1 && Number(text) <= most, error);
}

export const cursor = z
  .string({ error: 'give one cursor' })
  .max(limits.cursorCharacters, 'take `next` of the answer before, as it is')
  .meta({ description: '`next` of the answer before' });

export const text = (what: string) =>
  z
    .string({ error: `name one ${what}` })
    .min(1, `name a ${what}`)
    .max(600, `no ${what} is that long`);

export const stagesQuery = z.strictObject({
  limit: limitOf(limits.stages).optional(),
  cursor: cursor.optional(),
});
export type StagesQuery = z.infer<typeof stagesQuery>;

export const windowsQuery = z.strictObject({
  from: timeBound.optional(),
  to: timeBound.optional(),
  step: z.enum(['1h', '1d', '7d'], { error: 'one of 1h, 1d, 7d' }).optional(),
  segment: text('segment')
    .regex(/^[^:]+:./su, 'write dimension:value, as in plan:pro')
    .optional(),
  limit: limitOf(limits.windows).optional(),
  cursor: cursor.optional(),
});
export type WindowsQuery = z.infer<typeof windowsQuery>;

export const alertsQuery = z.strictObject({
  state: z.enum(['open', 'closed'], { error: 'open or closed' }).optional(),
  stage: text('stage').optional(),
  reversed: z.enum(['true', 'false'], { error: 'true or false' }).optional(),
  limit: limitOf(limits.alerts).optional(),
  cursor: cursor.optional(),
});
export type AlertsQuery = z.infer<typeof alertsQuery>;

export const deadLettersQuery = z.strictObject({
  reason: text('reason').optional(),
  source: text('source').optional(),
  limit: limitOf(limits.deadLetters).optional(),
  cursor: cursor.optional(),
});
export type DeadLettersQuery = z.infer<typeof deadLettersQuery>;

export const replaySchema = z.strictObject({
  ids: z.array(z.string()).min(1, 'name a dead letter').max(limits.replayIds).optional(),
  all: z.literal(true, { error: 'true, or leave it out' }).optional(),
  reason: text('reason').optional().meta({ description: 'with all: only those of this reason' }),
  source: text('source').optional().meta({ description: 'with all: only those of this source' }),
  again: z.boolean().optional().meta({ description: 'also what was sent again before' }),
});

export const noQuery = z.strictObject({});
export const readyQuery = z.strictObject({ verbose: z.string({ error: 'give it once' }).optional() });
