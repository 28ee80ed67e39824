// What the tagger adds to a signal.
import { z } from 'zod';

export const tagsSchema = z.object({
  language: z.string().nullable(),
  sentiment: z.object({
    label: z.enum(['negative', 'neutral', 'positive']),
    score: z.number().min(-1).max(1),
    confidence: z.number().min(0).max(1),
  }),
  issue: z.object({
    state: z.enum(['none', 'raised', 'unresolved', 'resolved']),
    reasons: z.array(z.string()),
    confidence: z.number().min(0).max(1),
  }),
  effort: z.array(z.string()),
});

export type Tags = z.infer<typeof tagsSchema>;
