// What a source is: one value that says which options it takes and how one payload becomes signals.
// A mapping never throws on what a stranger wrote: each payload comes out as signals, a skip or a rejection, each with a reason.
import type { AcceptedSignal } from '@gapwatch/contracts';
import type { z } from 'zod';

/** One payload as it came. `value`: the raw bytes, or JSON already parsed within the limits; null is a tombstone. */
export type Payload = { readonly value: unknown; readonly headers: Readonly<Record<string, string>> };

/** What a mapping is told beside the payload. */
export type SourceContext = {
  readonly sourceId: string;
  /** milliseconds UTC: when the log took the payload in */
  readonly receivedAt: number;
  /** under which e-mail addresses become ids of customers; absent: one that everybody knows */
  readonly customerKey?: string;
};

export type SignalOutcome = {
  readonly kind: 'signal';
  readonly signal: AcceptedSignal;
  /** worth saying once; the same fault gives the same words, so that the caller can leave out repeats */
  readonly warnings?: readonly string[];
};
export type SkipOutcome = { readonly kind: 'skip'; readonly code: string; readonly message: string };
export type RejectOutcome = { readonly kind: 'reject'; readonly code: string; readonly message: string };

/** What became of one statement of a payload. A payload gives at least one outcome. */
export type Outcome = SignalOutcome | SkipOutcome | RejectOutcome;

export type Mapping = {
  (payload: Payload, context: SourceContext): readonly Outcome[];
  /** what was looked for in every payload so far and found in none, worth saying once the last has come by */
  readonly absent?: () => readonly string[];
};

/** A payload and what it must become; `value` is given as it is or as text to be read as bytes. */
export type SourceSample = {
  readonly name: string;
  readonly settings?: unknown;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly outcomes: readonly Outcome[];
};

export type Source = {
  readonly type: string;
  readonly title: string;
  /** the options beside `id`, `type` and `topic` */
  readonly settings: z.ZodType;
  /** whether a later version may name another customer, so that every partition has to hear of it */
  readonly customerMayChange: boolean;
  /** throws a ZodError when the settings are wrong; check them with `sourceFaults` first */
  readonly create: (settings: unknown) => Mapping;
  readonly samples: readonly SourceSample[];
};

type Definition<Settings extends z.ZodType> = Omit<Source, 'settings' | 'create'> & {
  readonly settings: Settings;
  readonly create: (settings: z.output<Settings>) => Mapping;
};

/** Ties the mapping to the schema of its settings: `create` sees only settings that passed it. */
export function defineSource<Settings extends z.ZodType>(definition: Definition<Settings>): Source {
  return { ...definition, create: (settings) => definition.create(definition.settings.parse(settings)) };
}

export function skip(code: string, message: string): SkipOutcome {
  return { kind: 'skip', code, message };
}

export function reject(code: string, message: string): RejectOutcome {
  return { kind: 'reject', code, message };
}

/** The names of the reasons with which a source of ours skips a payload. */
export const skipReasons = {
  tombstone: 'tombstone',
  emptyRow: 'empty-row',
  nothingSaid: 'nothing-said',
  headerAgain: 'header-again',
  condition: 'condition',
  noTime: 'no-time',
} as const;
