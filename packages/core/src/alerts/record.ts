// From a decision of the detector to a record of `alerts`: the same decision gives the same record, byte for byte.
import type { AlertRecord, AlertSettings, LogRecord } from '@gapwatch/contracts';
import type { Decision, Group } from '../change/index.ts';
import { hourMs } from '../friction/time.ts';
import { sha256Hex } from '../hash.ts';
import { causeOf } from './cause.ts';

export type AlertContext = {
  /** log time of the decision, milliseconds UTC */
  readonly at: number;
  readonly settings: AlertSettings;
  /** hash of the configuration under which it was taken */
  readonly configuration: string;
  /** T by stage, as the configuration has it */
  readonly targets: Readonly<Record<string, number>>;
  /** the record of `friction` that closed the hour */
  readonly record: LogRecord;
};

/** What else is known of the stage when it decides. */
export type StageFacts = {
  /** T; null where nothing is wanted */
  readonly target: number | null;
  /** the voices of the stage by source and by watched segment */
  readonly dimensions: ReadonlyMap<string, readonly Group[]>;
  /** the alert that got worse again and whose place this one takes */
  readonly follows: string | null;
};

const eventOf = { open: 'opened', update: 'updated', close: 'closed', improved: 'opened' } as const;

/** The figures of a gap, as a record carries them. */
export type GapFigures = Pick<
  AlertRecord,
  'size' | 'interval' | 'before' | 'now' | 'gaps' | 'cause' | 'mix' | 'evidence' | 'customers' | 'sources' | 'fragile'
>;

/** What is known of an episode before its next record: the newest one, and the figures at its strongest evidence. */
export type Episode = { readonly record: AlertRecord; readonly strongest: GapFigures };

export function figuresOf(decision: Decision, facts: StageFacts): GapFigures {
  return {
    size: round(decision.size),
    interval: [round(decision.interval[0]), round(decision.interval[1])],
    before: round(decision.before),
    now: round(decision.now),
    gaps: gapsOf(decision, facts.target),
    ...causeOf(decision, facts.dimensions),
    evidence: { value: round(decision.evidence), threshold: round(decision.threshold) },
    customers: { exposed: null, heard: decision.heard },
    sources: sourcesOf(decision),
    fragile: decision.fragile,
  };
}

/** Signed, in shares of customers; null where the inputs were not measured. */
function gapsOf({ before, now, belief }: Decision, target: number | null): NonNullable<AlertRecord['gaps']> {
  const experience = 1 - now;
  return {
    baseline: round(now - before),
    knowledge: belief && round(belief.share - experience),
    desire: belief === null || target === null ? null : round(target - belief.share),
    total: target === null ? null : round(target - experience),
  };
}

/**
 * The next record of an episode, null when it opens. A closed alert says what the gap was at its strongest: at its end
 * there is none left to tell of.
 */
export function alertOf(
  decision: Decision,
  index: number,
  episode: Episode | null,
  context: AlertContext,
  facts: StageFacts,
): AlertRecord {
  const before = episode?.record;
  const at = isoTime(context.at);
  const { record } = context;
  const follows = before === undefined ? (facts.follows ?? undefined) : before.follows;
  const isClosed = decision.kind === 'close';
  const isReversed = decision.kind === 'improved';
  return {
    type: 'alert',
    origin: { topic: record.topic, partition: record.partition, offset: record.offset, index },
    id: before?.id ?? alertId(decision, context, facts),
    sequence: (before?.sequence ?? 0) + 1,
    event: eventOf[decision.kind],
    at,
    stage: decision.stage,
    segment: decision.segment,
    gap: decision.gap,
    state: isClosed || isReversed ? 'closed' : 'open',
    outcome: isClosed ? outcomeOf(decision) : null,
    openedAt: before?.openedAt ?? at,
    closedAt: isClosed || isReversed ? at : null,
    onset: isoTime(decision.onsetHour * hourMs),
    onsetInterval: [isoTime(decision.onsetInterval[0] * hourMs), isoTime(decision.onsetInterval[1] * hourMs)],
    ...(isClosed && episode !== null ? episode.strongest : figuresOf(decision, facts)),
    budget: context.settings.falseAlarms,
    churn: { state: 'not-enough-evidence', excess: null, interval: null, days: 30 },
    reason: decision.reason,
    configuration: context.configuration,
    ...(isReversed && { reversed: true as const }),
    ...(follows !== undefined && { follows }),
    ...(before?.people !== undefined && { people: before.people }),
  };
}

function sourcesOf({ bySource }: Decision): AlertRecord['sources'] {
  return Object.entries(bySource).map(([source, { heard, before, now }]) => ({
    source,
    votes: heard,
    before: round(before),
    now: round(now),
  }));
}

function outcomeOf({ reason }: Decision): AlertRecord['outcome'] {
  if (reason === 'got-worse-again') return 'escalated';
  return reason === 'accepted' || reason === 'new-normal' ? 'rebased' : 'closed';
}

/** Named by stage, gap, decision time and configuration, and by what it goes on from: the same everywhere, never the same twice. */
function alertId(decision: Decision, context: AlertContext, { follows }: StageFacts): string {
  const name: unknown[] = [decision.stage, decision.segment, decision.gap, context.at, context.configuration];
  if (follows !== null) name.push(follows);
  if (decision.kind === 'improved') name.push('reversed');
  return sha256Hex(JSON.stringify(name)).slice(0, 16);
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** Ten-thousandths: what a person can use, and free of the last bits of a sum. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
