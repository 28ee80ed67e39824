// The tagger's step: one payload of a source into records of `signals`. Everything that came in comes out once: as
// signals, as a skip with a named reason, or as a rejection. Redaction happens here; everything after is redacted.
import {
  type AcceptedSignal,
  type LogRecord,
  limits,
  type Output,
  type Stage,
  spokenKinds,
  type Tags,
} from '@gapwatch/contracts';
import { announce } from './announce.ts';
import type { Mapping, Outcome } from './sources/index.ts';
import { redact, stageOf, tag } from './tagging/index.ts';

/** A source as configured, ready to read payloads. */
export type Intake = {
  readonly sourceId: string;
  readonly mapping: Mapping;
  readonly customerMayChange: boolean;
  /** see {@link SourceContext} */
  readonly customerKey?: string;
  /** stages of the configuration; null: those that the signals name */
  readonly stages: readonly Stage[] | null;
  /** partitions of `signals` */
  readonly partitions: number;
};

/**
 * Headers with which a record of a raw topic says what it is part of. `place`: of all that the payload becomes only this,
 * counted from 0; the others have records of their own, at their own times. A topic of somebody else has headers of its own.
 */
export const intakeHeaders = {
  run: 'gapwatch-run',
  backfill: 'gapwatch-backfill',
  place: 'gapwatch-place',
} as const;

/** What one payload becomes, in characters of JSON: each record fits into its topic, and all of them into memory. */
const mostOfRecord = 1.25 * limits.recordBytes;
const mostOfPayload = 32 * limits.recordBytes;

export type IntakeResult = {
  readonly outputs: readonly Output[];
  readonly rejections: readonly { readonly code: string; readonly message: string }[];
  /** reasons of skips */
  readonly skips: readonly string[];
  readonly warnings: readonly string[];
  /** whom the signals name */
  readonly customers: readonly string[];
};

/** Maps, redacts, places and tags one record of a raw topic. */
export function takeIn(record: LogRecord, intake: Intake): IntakeResult {
  const outputs: Output[] = [];
  const rejections: { code: string; message: string }[] = [];
  const skips: string[] = [];
  const warnings: string[] = [];
  const customers: string[] = [];
  let characters = 0;
  for (const outcome of outcomesOf(record, intake)) {
    if (outcome.kind === 'skip') skips.push(outcome.code);
    else if (outcome.kind === 'reject') rejections.push(outcome);
    else {
      warnings.push(...(outcome.warnings ?? []), ...stageWarnings(outcome.signal, intake.stages));
      const records = recordsOf(outcome.signal, outputs.length, record, intake);
      for (const { value } of records) {
        const { length } = value ?? '';
        characters += length;
        if (length > mostOfRecord || characters > mostOfPayload) return tooLarge(length > mostOfRecord);
      }
      outputs.push(...records);
      if (outcome.signal.customer !== null) customers.push(outcome.signal.customer);
    }
  }
  return { outputs, rejections, skips, warnings, customers };
}

/** Half of a payload is worth nothing: it is rejected whole. */
function tooLarge(isOne: boolean): IntakeResult {
  const message = isOne
    ? `a statement of it has more than ${mostOfRecord} characters: leave out what nobody needs of it`
    : `its statements have more than ${mostOfPayload} characters together: let fewer of them repeat what they share, or split it`;
  return { outputs: [], rejections: [{ code: 'too-large', message }], skips: [], warnings: [], customers: [] };
}

function outcomesOf(
  { value, headers, time }: LogRecord,
  { sourceId, mapping, customerKey }: Intake,
): readonly Outcome[] {
  const context = { sourceId, receivedAt: time, ...(customerKey !== undefined && { customerKey }) };
  const outcomes = mapping({ value, headers }, context);
  const place = headers[intakeHeaders.place];
  return place === undefined ? outcomes : outcomes.slice(Number(place), Number(place) + 1);
}

/** A stage that nobody configured is counted as unknown, and said so. */
export function stageWarnings({ stage }: AcceptedSignal, stages: readonly Stage[] | null): string[] {
  if (stage === undefined || stages === null || stages.some(({ id }) => id === stage)) return [];
  return [`stage: ${JSON.stringify(stage)} is not configured, it counts as unknown: add it to stages`];
}

function recordsOf(accepted: AcceptedSignal, index: number, record: LogRecord, intake: Intake): Output[] {
  const { signal, tags } = understand(accepted, intake.stages);
  const { topic, partition, offset, headers } = record;
  const run = headers[intakeHeaders.run];
  const announcement = {
    signal,
    tags,
    origin: { topic, partition, offset, index },
    customerMayChange: intake.customerMayChange,
    backfill: headers[intakeHeaders.backfill] === 'true',
    ...(run !== undefined && { run }),
    ...(accepted.stage !== undefined && { named: accepted.stage }),
  };
  return announce(announcement, intake.partitions);
}

/** Redacts the words, places the signal in the journey, and tags what a customer says. */
export function understand(
  accepted: AcceptedSignal,
  stages: readonly Stage[] | null,
): { signal: AcceptedSignal; tags: Tags | null } {
  const signal = { ...accepted };
  if (signal.text !== undefined) signal.text = redact(signal.text);
  if (signal.op === 'delete') return { signal, tags: null };
  if (signal.kind !== 'lifecycle' || signal.stage !== undefined) signal.stage = stageOf(signal, stages);
  const isSpoken = spokenKinds.has(signal.kind);
  return { signal, tags: isSpoken && signal.text !== undefined ? tag(signal) : null };
}
