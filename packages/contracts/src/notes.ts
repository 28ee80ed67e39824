// A mark on the time line: a deploy, a price change, an incident. It explains, and decides nothing.
import { z } from 'zod';
import { nameSchema } from './signal.ts';

const time = z.iso.datetime({ offset: true, error: 'write a time with its offset, such as 2026-03-04T08:00:00Z' });

export const noteSchema = z.object({
  type: z.literal('note'),
  id: nameSchema,
  text: z
    .string({ error: 'write a text' })
    .max(2_000, 'at most 2000 characters')
    .refine((text) => text.trim() !== '', 'write something'),
  /** null: of the whole journey */
  stage: z.string().max(512).nullable(),
  /** when it happened */
  at: time,
  url: z
    .url({ protocol: /^https$/, error: 'write an address that begins with https://' })
    .max(2_000)
    .optional(),
  by: z.string(),
});
export type Note = z.infer<typeof noteSchema>;
