// What the API takes and gives. The OpenAPI document is made from these, and the page takes its types from here.
import { alertRecordSchema, commandActions, deadLetterSchema, gapNames, peopleSchema } from '@gapwatch/contracts';
import { z } from 'zod';

export * from './queries.ts';

export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });
const share = z.number().min(0).max(1);
export const count = z.number().int().min(0);
const interval = z.tuple([z.number(), z.number()]);

export const windowSchema = z.object({
  stage: z.string(),
  from: time,
  to: time,
  statements: count.meta({ description: 'live statements, anonymous ones too' }),
  customers: count.meta({ description: 'distinct customers heard' }),
  unhappy: count.meta({ description: 'customers whose friction is above one half' }),
  anonymous: z.object({ statements: count, unhappy: count }),
  experience: share.nullable().meta({ description: 'X; null where nobody was heard' }),
  friction: share.nullable().meta({ description: "mean of the customers' friction" }),
  belief: share.nullable().meta({ description: 'B: what the company reports' }),
  target: share.nullable().meta({ description: 'T: what the company wants' }),
  exposed: count.nullable().meta({ description: 'customers who were there; null where nobody says' }),
  coverage: share.nullable().meta({ description: 'customers / exposed' }),
});
export type Window = z.infer<typeof windowSchema>;

const unmeasured = z.object({
  state: z.literal('unmeasured'),
  size: z.null(),
  needs: z.enum(['belief', 'target', 'voices', 'history']),
});
const measured = z.object({ state: z.literal('measured'), size: z.number(), interval: interval.nullable() });
export const gapSchema = z.discriminatedUnion('state', [measured, unmeasured]);
export type Gap = z.infer<typeof gapSchema>;

const directions = ['worse', 'better', 'steady'] as const;

export const stageSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string().nullable(),
  configured: z.boolean(),
  state: z.enum(['silent', 'learning', 'watching', 'open']).meta({ description: 'silent: nobody was heard yet' }),
  learningUntil: time.nullable().meta({ description: 'when the stage will be watched, as far as is known' }),
  now: windowSchema.nullable().meta({ description: 'the newest week of which at least four days are known' }),
  heardOf: z.enum(['customers', 'voices']),
  heard: count.meta({ description: 'customers, or anonymous voices where no customer is known, in that week' }),
  unhappyShare: share.nullable(),
  unhappyInterval: interval.nullable().meta({ description: '95 %, Wilson' }),
  usual: share.nullable().meta({
    description: 'unhappy share of the twelve weeks up to three weeks ago, or up to the beginning of the open alert',
  }),
  direction: z
    .enum(directions)
    .nullable()
    .meta({ description: 'of the open alert, else of the week against the usual' }),
  evidence: z.object({ value: z.number(), threshold: z.number() }).nullable(),
  gaps: z.object({ baseline: gapSchema, knowledge: gapSchema, desire: gapSchema, total: gapSchema }),
  coverage: share.nullable(),
  target: share.nullable(),
  belief: share.nullable(),
  alert: z
    .object({
      id: z.string(),
      openedAt: time,
      onset: time,
      before: share,
      now: share,
      size: z.number(),
      interval,
      heard: count,
    })
    .nullable(),
  days: z
    .object({ from: time, heard: z.array(count), unhappy: z.array(count) })
    .meta({ description: 'one entry a day, the oldest first' }),
  statements: count.meta({ description: 'in these days' }),
  firstStatementAt: time.nullable(),
  lastStatementAt: time.nullable().meta({ description: 'freshness' }),
});
export type StageOverview = z.infer<typeof stageSchema>;

export const alertSummarySchema = z.object({
  id: z.string(),
  sequence: z.number().int().min(1),
  at: time,
  stage: z.string(),
  stageName: z.string(),
  owner: z.string().nullable(),
  segment: z.string().nullable(),
  gap: z.enum(gapNames),
  state: z.enum(['open', 'closed']),
  outcome: z.enum(['closed', 'escalated', 'rebased']).nullable(),
  reversed: z.literal(true).optional(),
  openedAt: time,
  closedAt: time.nullable(),
  onset: time,
  onsetInterval: z.tuple([time, time]).nullable(),
  size: z.number().meta({ description: 'in shares of unhappy customers' }),
  interval,
  before: share,
  now: share,
  cause: z.enum(['experience-fell', 'belief-rose', 'mix-moved']),
  evidence: z.object({ value: z.number(), threshold: z.number() }),
  budget: z.object({ count: z.number(), perDays: z.number() }),
  customers: z.object({ exposed: count.nullable(), heard: count }),
  churn: z.object({
    state: z.enum(['measured', 'prior', 'not-enough-evidence']),
    excess: z.number().nullable(),
    interval: interval.nullable(),
    days: z.number(),
  }),
  sources: z.array(z.object({ source: z.string(), votes: count, before: share, now: share })),
  fragile: z
    .object({ loudestSource: z.string().nullable(), standsWithout: z.boolean().nullable() })
    .meta({ description: 'would it still stand without its loudest source; null where there is no other' }),
  reason: z.string(),
  configuration: z.string(),
  people: peopleSchema.optional().meta({ description: 'the newest word of people, by what they did' }),
  follows: z.string().optional().meta({ description: 'the alert that got worse again and whose place this one takes' }),
  gaps: alertRecordSchema.shape.gaps.meta({ description: 'signed shares of customers; null: not measured' }),
  mix: alertRecordSchema.shape.mix.meta({
    description: 'whose share of the voices moved, if that explains the change',
  }),
});
export type AlertSummary = z.infer<typeof alertSummarySchema>;

export const alertSchema = alertSummarySchema.extend({
  history: z.array(
    z.object({
      sequence: z.number().int(),
      event: z.enum(['opened', 'updated', 'closed']),
      at: time,
      size: z.number(),
      evidence: z.number(),
      reason: z.string().optional().meta({ description: 'of a command its outcome: superseded, closed-already, …' }),
      command: z
        .object({
          id: z.string(),
          action: z.enum(commandActions),
          by: z.string(),
          details: z.record(z.string(), z.string()).optional(),
        })
        .optional()
        .meta({ description: 'what a person did' }),
    }),
  ),
});
export type Alert = z.infer<typeof alertSchema>;

export const commandAnswerSchema = z.object({
  id: z.string().meta({ description: 'of the command; its outcome stands under it in the history of the alert' }),
  alert: z.string(),
  sequence: z.number().int().meta({ description: 'the transition that it answers' }),
});

export const sourceSchema = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  accepted: count.nullable().meta({ description: 'payloads taken; null where it is not known' }),
  rejected: count.nullable().meta({ description: 'payloads that became dead letters' }),
  lastAt: time.nullable().meta({ description: 'freshness: when the newest payload came in' }),
  joined: share.nullable().meta({
    description: 'of its customers, the share that another source names too; null where that cannot be said',
  }),
  hint: z.string().nullable().meta({ description: 'what to do where nearly none does' }),
});
export type SourceOverview = z.infer<typeof sourceSchema>;

export const next = z.string().nullable().meta({ description: 'cursor of the next page' });

/** A list that also says what time it is in the log. `until` is where its newest windows end. */
export const stagesSchema = z.object({
  items: z.array(stageSchema),
  next,
  logTime: time.nullable().meta({ description: 'highest record time of the log: the time that decisions know' }),
  until: time
    .nullable()
    .meta({ description: 'what is shown ends here: the log time, or the end of a past that was played' }),
});
export type Stages = z.infer<typeof stagesSchema>;

export const windowsSchema = z.object({ items: z.array(windowSchema), next });
export type Windows = z.infer<typeof windowsSchema>;
export const alertsSchema = z.object({ items: z.array(alertSummarySchema), next });
export type Alerts = z.infer<typeof alertsSchema>;
export const sourcesSchema = z.object({ items: z.array(sourceSchema), next });
export type Sources = z.infer<typeof sourcesSchema>;

export const deadLettersSchema = z.object({
  items: z.array(
    deadLetterSchema.extend({
      source: z.string().nullable().meta({ description: 'of the payload, where it is known' }),
      replayed: z.object({ at: time, by: z.string() }).nullable().meta({ description: 'when it was sent again' }),
    }),
  ),
  next,
});

export const replayAnswerSchema = z.object({
  replayed: count.meta({ description: 'sent again; what is wrong with it still becomes a new dead letter' }),
  refused: z.record(z.string(), count).meta({ description: 'by reason: replayed-already, written-by-us, left-out' }),
  unknown: z.array(z.string()).meta({ description: 'ids of no dead letter' }),
});

export const healthSchema = z.object({
  status: z.enum(['pass', 'fail']),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })).optional(),
});
export type HealthAnswer = z.infer<typeof healthSchema>;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
