// One signal: the canonical statement that every source produces and everything after the tagger reads.
// The field table of the public face is this schema; its JSON Schema is exported from here.
import { z } from 'zod';

/** Limits that hold before anything is believed: characters, bytes, nesting. */
export const limits = { textCharacters: 100_000, recordBytes: 1_048_576, jsonDepth: 32, idCharacters: 512 } as const;

/** What becomes part of a key: half of a surrogate pair has no UTF-8, so no two stores would keep it alike. */
const part = z.string().refine((text) => text.isWellFormed(), 'half of a surrogate pair is no character: leave it out');
export const nameSchema = part.min(1).max(limits.idCharacters);
const segmentPart = part.max(limits.idCharacters);
const time = z.iso.datetime({ offset: true });
const share = z.number().min(0).max(1);

export const signalKinds = ['feedback', 'ticket', 'review', 'belief', 'lifecycle'] as const;
/** The kinds in which customers speak; only these become statements of a window. */
export const spokenKinds: ReadonlySet<SignalKind> = new Set(['feedback', 'ticket', 'review']);
export type SignalKind = (typeof signalKinds)[number];

export const ratingSchema = z
  .object({ value: z.number(), min: z.number(), max: z.number() })
  .refine((rating) => rating.min < rating.max, 'min must be below max')
  .refine((rating) => Number.isFinite(rating.max - rating.min), 'no number says how wide this scale is')
  .refine((rating) => rating.value >= rating.min && rating.value <= rating.max, 'value must lie between min and max');

export const beliefSchema = z.object({
  share,
  n: z.number().int().min(0).optional(),
  from: time,
  to: time,
  what: z.enum(['kpi', 'mirror-survey', 'sla', 'target']),
});

export const promiseSchema = z.object({ what: nameSchema, dueAt: time, keptAt: time.optional() });

export const lifecycleSchema = z.object({
  event: z.enum(['joined', 'active', 'renewed', 'downgraded', 'churned', 'merged']),
  value: z.number().optional(),
  involuntary: z.boolean().optional(),
  mergedInto: nameSchema.optional(),
});

export const signalSchema = z.object({
  kind: z.enum(signalKinds),
  source: nameSchema.optional(),
  subject: nameSchema,
  version: z.number().int().min(0).optional(),
  op: z.enum(['upsert', 'delete']).optional(),
  thread: nameSchema.optional(),
  customer: nameSchema.nullable().optional(),
  occurredAt: time,
  observedAt: time.optional(),
  stage: nameSchema.optional(),
  segment: z.record(segmentPart, segmentPart).optional(),
  author: z.enum(['customer', 'staff', 'bot']).optional(),
  text: z.string().max(limits.textCharacters).optional(),
  language: z.string().min(2).max(35).optional(),
  rating: ratingSchema.optional(),
  status: z.enum(['new', 'open', 'pending', 'solved', 'closed']).optional(),
  solicited: z.boolean().optional(),
  promise: promiseSchema.optional(),
  belief: beliefSchema.optional(),
  lifecycle: lifecycleSchema.optional(),
  contact: nameSchema.optional(),
  url: z.url({ protocol: /^https$/ }).optional(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** A signal as a source or a user writes it. */
export type Signal = z.input<typeof signalSchema>;

/**
 * A signal inside Gapwatch: the source is known, defaults are filled in, times are UTC with milliseconds.
 * `version` is null only for a delete that named none: it retracts every version.
 */
export type AcceptedSignal = Omit<Signal, 'source' | 'version' | 'op' | 'customer'> & {
  source: string;
  version: number | null;
  op: 'upsert' | 'delete';
  customer: string | null;
};

/** The names of the fields; anything else in a canonical payload is ignored and warned of once. */
export const signalFields: ReadonlySet<string> = new Set(Object.keys(signalSchema.shape));
