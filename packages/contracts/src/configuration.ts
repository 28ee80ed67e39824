// The one configuration file, gapwatch.yaml. Options of a source type stand with that source; here is what all share.
import { z } from 'zod';

const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'use letters, digits, dot, dash or underscore, at most 100, starting with a letter or digit',
  );
const share = z.number().min(0).max(1);

/** `35d`, `8h`, `30m`, `45s` */
export const durationSchema = z
  .string()
  .regex(/^\d+(?:\.\d+)?[smhdw]$/, 'write a number and a unit: 45s, 30m, 8h, 35d or 2w');

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a duration that {@link durationSchema} accepted. */
export function durationMs(duration: string): number {
  return Number(duration.slice(0, -1)) * (unitMs[duration.slice(-1)] ?? Number.NaN);
}

export const matchRuleSchema = z.union([
  z.strictObject({
    /** a field of the signal, or `attributes.NAME`, `segment.NAME` */
    field: z.string().min(1),
    is: z.array(z.string()).min(1),
  }),
  z.strictObject({ words: z.array(z.string().min(1)).min(1) }),
]);
export type MatchRule = z.infer<typeof matchRuleSchema>;

/** What the company promises everybody at a stage; a promise of its own in a signal goes before it. */
export const stagePromiseSchema = z.strictObject({
  what: z.enum(['reply']),
  /** from the customer's word on, wall time */
  within: durationSchema,
});
export type StagePromise = z.infer<typeof stagePromiseSchema>;

export const stageSchema = z.strictObject({
  id,
  name: z.string().min(1).max(200).optional(),
  /** a department */
  owner: z.string().min(1).max(200).optional(),
  /** T: wanted share of customers with a good experience */
  target: share.optional(),
  /** tried in order, the first hit wins; else the text decides; else `unknown` */
  match: z.array(matchRuleSchema).optional(),
  promises: z.array(stagePromiseSchema).max(10).optional(),
});
export type Stage = z.infer<typeof stageSchema>;

export const sourceSettingsSchema = z.looseObject({ id, type: id, topic: z.string().min(1).optional() });
export type SourceSettings = z.infer<typeof sourceSettingsSchema>;

/** Whom alerts are told beside the terminal; the options of a receiver type stand with that type. */
export const receiverSettingsSchema = z.looseObject({
  id,
  type: id,
  /** only alerts of these; absent: of all */
  stages: z.array(id).min(1).optional(),
});
export type ReceiverSettings = z.infer<typeof receiverSettingsSchema>;

export const alertSettingsSchema = z.strictObject({
  /** the budget of one stage: at most `count` false alarms in `perDays` days */
  falseAlarms: z
    .strictObject({
      count: z.number().positive().max(100).default(1),
      perDays: z.number().min(7).max(3_650).default(90),
    })
    .default({ count: 1, perDays: 90 }),
  /** widening below this size (shares of customers) is ignored */
  ignoreBelow: share.default(0),
});

export type AlertSettings = z.output<typeof alertSettingsSchema>;

export const archiveSettingsSchema = z.strictObject({
  /** payloads as they came, and dead letters, are kept for so many days of log time; everything else is redacted and stays */
  rawDays: z.number().int().min(1).max(36_500).default(30),
});

/** How much may be rejected before a partition stops and waits for somebody to look, so that a broken source empties no topic. */
export const deadLetterLimitsSchema = z.strictObject({
  /** rejected records one after another */
  inARow: z.number().int().min(1).max(1_000_000).default(100),
  /** share of the last `ofLast` records; fewer records than that are measured against `ofLast` too */
  share: share.positive().default(0.1),
  ofLast: z.number().int().min(1).max(1_000_000).default(1_000),
});
export type DeadLetterLimits = z.output<typeof deadLetterLimitsSchema>;

/** Each id of a list may stand once; the second one is the fault. */
function namesOnce(items: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (seen.has(item.id)) {
      context.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: `"${item.id}" stands above already: each id once`,
      });
    }
    seen.add(item.id);
  }
}

export const configurationSchema = z.strictObject({
  stages: z.array(stageSchema).min(1).max(1_000).superRefine(namesOnce).optional(),
  sources: z
    .array(sourceSettingsSchema)
    .superRefine(namesOnce)
    .default([{ id: 'canonical', type: 'canonical' }]),
  /** dimensions of `segment` that are watched, one at a time */
  segments: z.array(z.string().min(1)).max(5).default([]),
  /** how late a new statement may come, and how long it can still be edited, in log time */
  lateness: durationSchema.default('35d'),
  archive: z.union([z.literal('off'), archiveSettingsSchema]).default({ rawDays: 30 }),
  alerts: alertSettingsSchema.default({ falseAlarms: { count: 1, perDays: 90 }, ignoreBelow: 0 }),
  /** read by whoever sends, never by a fold: they stand in no record and in no hash of the configuration */
  receivers: z.array(receiverSettingsSchema).max(20).superRefine(namesOnce).optional(),
  /** read by whoever reads a partition, never by a fold, as with `receivers` */
  deadLetters: deadLetterLimitsSchema.optional(),
});

/** The configuration as it is written in the file. */
export type ConfigurationInput = z.input<typeof configurationSchema>;
/** The configuration with every default filled in. `stages` absent: the stages are those that the signals name. */
export type Configuration = z.output<typeof configurationSchema>;

/** The stage of everything that maps nowhere: shown, never dropped. */
export const unknownStage = 'unknown';
