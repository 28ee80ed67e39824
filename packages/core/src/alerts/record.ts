// From a decision of the detector to a record of `alerts`: the same decision gives the same record, byte for byte.
import type { AlertRecord, AlertSettings, LogRecord } from '@gapwatch/contracts';
import type { Decision } from '../change/index.ts';
import { hourMs } from '../friction/time.ts';
import { sha256Hex } from '../hash.ts';

export type AlertContext = {
  /** log time of the decision, milliseconds UTC */
  readonly at: number;
  readonly settings: AlertSettings;
  /** hash of the configuration under which it was taken */
  readonly configuration: string;
  /** the record of `friction` that closed the hour */
  readonly record: LogRecord;
};

const eventOf = { open: 'opened', update: 'updated', close: 'closed', improved: 'updated' } as const;

/** The figures of a gap, as a record carries them. */
export type GapFigures = Pick<
  AlertRecord,
  'size' | 'interval' | 'before' | 'now' | 'evidence' | 'customers' | 'sources' | 'fragile'
>;

/** What is known of an episode before its next record: the newest one, and the figures at its strongest evidence. */
export type Episode = { readonly record: AlertRecord; readonly strongest: GapFigures };

export function figuresOf(decision: Decision): GapFigures {
  return {
    size: round(decision.size),
    interval: [round(decision.interval[0]), round(decision.interval[1])],
    before: round(decision.before),
    now: round(decision.now),
    evidence: { value: round(decision.evidence), threshold: round(decision.threshold) },
    customers: { exposed: null, heard: decision.heard },
    sources: sourcesOf(decision),
    fragile: decision.fragile,
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
): AlertRecord {
  const before = episode?.record;
  const at = isoTime(context.at);
  const { record } = context;
  const isClosed = decision.kind === 'close';
  return {
    type: 'alert',
    origin: { topic: record.topic, partition: record.partition, offset: record.offset, index },
    id: before?.id ?? alertId(decision, context),
    sequence: (before?.sequence ?? 0) + 1,
    event: eventOf[decision.kind],
    at,
    stage: decision.stage,
    segment: decision.segment,
    gap: 'baseline',
    state: isClosed ? 'closed' : 'open',
    outcome: isClosed ? (decision.reason === 'accepted' ? 'rebased' : 'closed') : null,
    openedAt: before?.openedAt ?? at,
    closedAt: isClosed ? at : null,
    onset: isoTime(decision.onsetHour * hourMs),
    onsetInterval: [isoTime(decision.onsetInterval[0] * hourMs), isoTime(decision.onsetInterval[1] * hourMs)],
    ...(isClosed && episode !== null ? episode.strongest : figuresOf(decision)),
    cause: 'experience-fell',
    budget: context.settings.falseAlarms,
    churn: { state: 'not-enough-evidence', excess: null, interval: null, days: 30 },
    reason: decision.reason,
    configuration: context.configuration,
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

/** Named by stage, gap, decision time and configuration: the same everywhere, and never the same twice. */
function alertId(decision: Decision, context: AlertContext): string {
  const name = [decision.stage, decision.segment, 'baseline', context.at, context.configuration];
  return sha256Hex(JSON.stringify(name)).slice(0, 16);
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** Ten-thousandths: what a person can use, and free of the last bits of a sum. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
