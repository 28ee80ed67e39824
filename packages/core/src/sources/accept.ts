// The gate to everything behind the sources: a value becomes an accepted signal, or a rejection that says what to change.
// Fields that are unknown are left out and named; defaults are filled in; every time is UTC with milliseconds.
import type { AcceptedSignal, Signal } from '@gapwatch/contracts';
import {
  beliefSchema,
  lifecycleSchema,
  promiseSchema,
  ratingSchema,
  signalFields,
  signalSchema,
} from '@gapwatch/contracts';
import type { Outcome } from './define.ts';
import { reject } from './define.ts';
import { explainIssues } from './explain.ts';
import type { JsonObject } from './payload.ts';
import { outOfRange, toUtc } from './time.ts';

const nestedFields: readonly (readonly [string, ReadonlySet<string>])[] = [
  ['rating', new Set(Object.keys(ratingSchema.shape))],
  ['promise', new Set(Object.keys(promiseSchema.shape))],
  ['belief', new Set(Object.keys(beliefSchema.shape))],
  ['lifecycle', new Set(Object.keys(lifecycleSchema.shape))],
];

/**
 * Checks and completes one signal. `sourceId` stands in where the signal names no source.
 * `label` may give a path of the signal the name under which the user knows it, such as a column.
 */
export function acceptSignal(value: JsonObject, sourceId: string, label?: (path: string) => string): Outcome {
  const parsed = signalSchema.safeParse(value);
  if (!parsed.success) return reject('invalid', explainIssues(parsed.error.issues, value, label));
  const signal = complete(parsed.data, sourceId);
  if (signal === null) return reject('invalid', `a time lies outside ${outOfRange}`);
  const warnings = unknownFields(value);
  return warnings.length === 0 ? { kind: 'signal', signal } : { kind: 'signal', signal, warnings };
}

/** Changes the copy that the schema made; null when a time has no year of four digits in UTC. */
function complete(signal: Signal, sourceId: string): AcceptedSignal | null {
  signal.source ??= sourceId;
  signal.op ??= 'upsert';
  signal.customer ??= null;
  const accepted = signal as AcceptedSignal;
  // a delete that names no version retracts all of them
  accepted.version ??= signal.op === 'delete' ? null : 0;
  return normalizeTimes(accepted) ? accepted : null;
}

function normalizeTimes(signal: AcceptedSignal): boolean {
  signal.occurredAt = toUtc(signal.occurredAt);
  if (signal.observedAt !== undefined) signal.observedAt = toUtc(signal.observedAt);
  const { promise, belief } = signal;
  if (promise) {
    promise.dueAt = toUtc(promise.dueAt);
    if (promise.keptAt !== undefined) promise.keptAt = toUtc(promise.keptAt);
  }
  if (belief) {
    belief.from = toUtc(belief.from);
    belief.to = toUtc(belief.to);
  }
  return (
    signal.occurredAt !== '' &&
    signal.observedAt !== '' &&
    promise?.dueAt !== '' &&
    promise?.keptAt !== '' &&
    belief?.from !== '' &&
    belief?.to !== ''
  );
}

const none: readonly string[] = [];
/** A payload with thousands of unknown fields gets no thousands of warnings. */
const shownUnknown = 20;

function unknownFields(value: JsonObject): readonly string[] {
  let warnings = warnOf('', value, signalFields, none);
  for (const [field, known] of nestedFields) {
    const nested = value[field];
    if (typeof nested === 'object' && nested !== null) warnings = warnOf(`${field}.`, nested, known, warnings);
  }
  return warnings;
}

function warnOf(
  prefix: string,
  value: object,
  known: ReadonlySet<string>,
  before: readonly string[],
): readonly string[] {
  let warnings = before;
  for (const key of Object.keys(value)) {
    if (known.has(key) || warnings.length >= shownUnknown) continue;
    warnings = [...warnings, unknownField(prefix + key)];
  }
  return warnings;
}

function unknownField(path: string): string {
  return `unknown field ${JSON.stringify(path.slice(0, 100))} is ignored; what your rules look at belongs under attributes`;
}
