// The records of the topics `signals`, `friction`, `alerts`, `deliveries` and `dead-letters`.
// Every schema has a version; recorded messages of released versions stand in ../recorded and are read for ever.
import { z } from 'zod';
import { noteSchema } from './notes.ts';
import { beliefSchema, nameSchema, signalSchema } from './signal.ts';
import { tagsSchema } from './tags.ts';

/** Goes into the header `schema` of every record we write: name and version. */
export const schemaVersions = {
  signals: 'gapwatch.signals/1',
  friction: 'gapwatch.friction/1',
  alerts: 'gapwatch.alerts/1',
  deliveries: 'gapwatch.deliveries/1',
  commands: 'gapwatch.commands/1',
  deadLetters: 'gapwatch.dead-letters/1',
} as const;

const time = z.iso.datetime({ offset: true });

export const originSchema = z.object({
  topic: z.string(),
  partition: z.number().int().min(0),
  offset: z.number().int().min(0),
  index: z.number().int().min(0),
});

/** Lets deadlines, silence and closing hours move on when nobody writes. A doubled tick is harmless. */
export const tickSchema = z.object({ type: z.literal('tick'), at: time });

/** From here on this configuration holds in this partition. */
export const configurationRecordSchema = z.object({
  type: z.literal('configuration'),
  hash: z.string(),
  configuration: z.unknown(),
});

/** A statement with its tags. `content` is the hash by which a repeat is known from a conflict. */
export const taggedSignalSchema = z.object({
  type: z.literal('signal'),
  origin: originSchema,
  revision: z.number().int().min(0),
  content: z.string(),
  friction: z.number().min(0).max(1),
  signal: signalSchema
    .required({ source: true, op: true })
    .extend({ customer: nameSchema.nullable(), version: z.number().int().min(0).nullable() }),
  tags: tagsSchema.nullable(),
  /** history: shapes windows and baselines, never evidence */
  backfill: z.literal(true).optional(),
  /** the run of `ingest` whose account this statement belongs to */
  run: z.string().optional(),
  /** the stage that the payload named; absent where our rules placed the statement, or should */
  named: z.string().optional(),
});

/** Tells every partition that versions below (with `op: delete`: up to) this one no longer hold. `version` null: every version. */
export const supersedeSchema = z.object({
  type: z.literal('supersede'),
  origin: originSchema,
  source: z.string(),
  subject: z.string(),
  version: z.number().int().min(0).nullable(),
  op: z.enum(['upsert', 'delete']),
});

/** A record of the topic `signals`. */
export const signalsRecordSchema = z.discriminatedUnion('type', [
  taggedSignalSchema,
  supersedeSchema,
  tickSchema,
  configurationRecordSchema,
]);

export type TaggedSignal = z.infer<typeof taggedSignalSchema>;
export type Supersede = z.infer<typeof supersedeSchema>;
export type Tick = z.infer<typeof tickSchema>;
export type ConfigurationRecord = z.infer<typeof configurationRecordSchema>;
export type SignalsRecord = z.infer<typeof signalsRecordSchema>;

/** How many levels of friction a vote can have: 0, .1, … 1. */
export const voteLevels = 11;

/** Change of the votes of one hour: `levels` are pairs of level (0 to 10) and change in customers. */
export const voteChangeSchema = z.object({
  /** whole hours since 1970 UTC, by `occurredAt` */
  hour: z.number().int(),
  stage: z.string(),
  /** `dimension:value`, null for all customers */
  segment: z.string().nullable(),
  source: z.string(),
  levels: z.array(
    z.tuple([
      z
        .number()
        .int()
        .min(0)
        .max(voteLevels - 1),
      z.number().int(),
    ]),
  ),
  /** history: shapes the baseline, never the evidence */
  backfill: z.literal(true).optional(),
});
export type VoteChange = z.infer<typeof voteChangeSchema>;

/** A claim of the company about a stage that is new, changed, or (null) taken back. */
export const beliefChangeSchema = z.object({
  stage: z.string(),
  source: z.string(),
  subject: z.string(),
  claim: beliefSchema.nullable(),
});
export type BeliefChange = z.infer<typeof beliefChangeSchema>;

/** What one partition of the aggregator knows at a tick: every hour before `upTo` is closed on its side. */
export const frictionHourSchema = z.object({
  type: z.literal('hour'),
  origin: originSchema,
  partition: z.number().int().min(0),
  partitions: z.number().int().min(1),
  /** whole hours since 1970 UTC, excluded */
  upTo: z.number().int(),
  at: time,
  votes: z.array(voteChangeSchema),
  /** claims that changed since the record before */
  beliefs: z.array(beliefChangeSchema).optional(),
});
export type FrictionHour = z.infer<typeof frictionHourSchema>;

/** What people can say of an alert: they have it, remind me, somebody has it, what was done, was it right, this is normal now. */
export const commandActions = ['acknowledge', 'snooze', 'assign', 'fix', 'verdict', 'accept'] as const;
export const verdicts = ['useful', 'false-alarm', 'known'] as const;

/**
 * What a person did; `sequence` is the transition that the person saw. `details` by action: snooze `until` (RFC 3339), assign
 * `to`, fix `text`, verdict `value` (one of {@link verdicts}).
 */
export const commandSchema = z.object({
  type: z.literal('command'),
  id: nameSchema,
  alert: z.string(),
  sequence: z.number().int(),
  action: z.enum(commandActions),
  by: z.string(),
  at: time,
  details: z.record(z.string(), z.string()).optional(),
});
export type Command = z.infer<typeof commandSchema>;

/** A record of the topic `commands`. */
export const commandsRecordSchema = z.discriminatedUnion('type', [commandSchema, noteSchema]);
export type CommandsRecord = z.infer<typeof commandsRecordSchema>;

/** A command on its way to the fold that decides: one topic, so that nothing races. */
export const frictionCommandSchema = z.object({
  type: z.literal('command'),
  origin: originSchema,
  command: commandSchema,
});
export type FrictionCommand = z.infer<typeof frictionCommandSchema>;

/** A note on its way beside the commands. */
export const frictionNoteSchema = z.object({ type: z.literal('note'), origin: originSchema, note: noteSchema });
export type FrictionNote = z.infer<typeof frictionNoteSchema>;

/** A record of the topic `friction`. */
export const frictionRecordSchema = z.discriminatedUnion('type', [
  frictionHourSchema,
  frictionCommandSchema,
  frictionNoteSchema,
  tickSchema,
  configurationRecordSchema,
]);
export type FrictionRecord = z.infer<typeof frictionRecordSchema>;

const interval = z.tuple([z.number(), z.number()]);

export const gapNames = [
  'baseline',
  'knowledge',
  'desire',
  'total',
  'resolution',
  'promise',
  'standards',
  'action',
  'solicited',
  'lateral',
] as const;

const said = z.object({ by: z.string(), at: time });

/** The newest word of people on an alert, by what they did. */
export const peopleSchema = z.object({
  acknowledged: said.optional(),
  snoozed: said.extend({ until: time }).optional(),
  assigned: said.extend({ to: z.string() }).optional(),
  fixed: said.extend({ text: z.string() }).optional(),
  verdict: said.extend({ value: z.enum(verdicts) }).optional(),
  accepted: said.optional(),
});
export type People = z.infer<typeof peopleSchema>;

/** One transition of one episode. The same (id, sequence) always has the same content. */
export const alertRecordSchema = z.object({
  type: z.literal('alert'),
  origin: originSchema,
  id: z.string(),
  /** from 1, without holes */
  sequence: z.number().int().min(1),
  event: z.enum(['opened', 'updated', 'closed']),
  at: time,
  stage: z.string(),
  segment: z.string().nullable(),
  gap: z.enum(gapNames),
  state: z.enum(['open', 'closed']),
  outcome: z.enum(['closed', 'escalated', 'rebased']).nullable(),
  openedAt: time,
  closedAt: time.nullable(),
  onset: time,
  onsetInterval: z.tuple([time, time]).nullable(),
  /** shares of unhappy friction: how much worse than before, with the interval of three standard errors */
  size: z.number(),
  interval,
  before: z.number(),
  now: z.number(),
  cause: z.enum(['experience-fell', 'belief-rose', 'mix-moved']),
  evidence: z.object({ value: z.number(), threshold: z.number() }),
  budget: z.object({ count: z.number(), perDays: z.number() }),
  customers: z.object({ exposed: z.number().nullable(), heard: z.number() }),
  churn: z.object({
    state: z.enum(['measured', 'prior', 'not-enough-evidence']),
    excess: z.number().nullable(),
    interval: interval.nullable(),
    days: z.number(),
  }),
  /** votes of each source since the onset, and its shares of unhappy customers before and now */
  sources: z.array(z.object({ source: z.string(), votes: z.number(), before: z.number(), now: z.number() })),
  /** would it still stand without the source that weighs most? null where there is no other to ask */
  fragile: z.object({ loudestSource: z.string().nullable(), standsWithout: z.boolean().nullable() }),
  reason: z.string(),
  configuration: z.string(),
  /** an improvement: told once, never delivered, in no scorecard */
  reversed: z.literal(true).optional(),
  /** the alert whose gap got worse again: this one goes on from it */
  follows: z.string().optional(),
  /** signed sizes of the gaps of the stage in shares of customers; null where their inputs were not measured */
  gaps: z
    .object({
      baseline: z.number().nullable(),
      knowledge: z.number().nullable(),
      desire: z.number().nullable(),
      total: z.number().nullable(),
    })
    .optional(),
  /** whose share of the voices moved, where that explains more than half of the change */
  mix: z
    .object({ dimension: z.string(), value: z.string(), before: z.number(), now: z.number() })
    .nullable()
    .optional(),
  people: peopleSchema.optional(),
});
export type AlertRecord = z.infer<typeof alertRecordSchema>;

export const alertsRecordSchema = z.discriminatedUnion('type', [alertRecordSchema, tickSchema]);
export type AlertsRecord = z.infer<typeof alertsRecordSchema>;

/** What was done about one transition for one receiver. */
export const deliverySchema = z.object({
  type: z.literal('delivery'),
  origin: originSchema,
  alert: z.string(),
  sequence: z.number().int(),
  receiver: z.string(),
  outcome: z.enum(['delivered', 'skipped', 'failed']),
  reason: z.string(),
  at: time,
});
export type Delivery = z.infer<typeof deliverySchema>;

/** A record that could not be taken, as it came, with the reason and the place. */
export const deadLetterSchema = z.object({
  id: z.string(),
  at: time,
  service: z.string(),
  origin: originSchema.omit({ index: true }),
  reason: z.object({ code: z.string(), message: z.string() }),
  /** the bytes that came: as text, where they are one that has room; else in base64 */
  payload: z.string().optional(),
  payloadBase64: z.string().optional(),
  /** how many bytes came, where a letter has no room for them: they lie at `origin` for as long as its topic keeps them */
  leftOutBytes: z.number().int().min(1).optional(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
