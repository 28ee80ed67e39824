// What the API takes and gives of the customers whom an alert concerns.
import { z } from 'zod';
import { count, cursor, limitOf, next, time } from './schemas.ts';

/** Customers of one answer. */
export const customersLimits = { most: 1_000, usual: 100 } as const;

export const customersQuery = z.strictObject({
  format: z.enum(['json', 'csv'], { error: 'json or csv' }).optional(),
  limit: limitOf(customersLimits.most).optional(),
  cursor: cursor.optional(),
});
export type CustomersQuery = z.infer<typeof customersQuery>;

export const concernedSchema = z.object({
  customer: z.string(),
  segment: z.record(z.string(), z.string()),
  issue: z.enum(['open', 'claimed']).meta({ description: 'claimed: said to be solved, not yet confirmed' }),
  reasons: z.array(z.string()).meta({ description: 'why it counts as unresolved' }),
  since: time,
  lastAt: time.meta({ description: "the customer's last word on it" }),
  contacts: count,
  claimedAt: time.nullable(),
  threads: z.array(z.string()).meta({ description: 'the newest conversations, as source|thread' }),
  url: z.string().nullable().meta({ description: 'link to the last statement on it' }),
});
export type Concerned = z.infer<typeof concernedSchema>;

export const customersSchema = z.object({ items: z.array(concernedSchema), next });
export type Customers = z.infer<typeof customersSchema>;
