/** What the detector says, and the figures behind it. Shares are shares of the customers heard that were unhappy (friction above one half). */
import { beliefRise } from './belief.ts';
import type { Excess, Series, StageState } from './state.ts';

export type SourceFigures = { heard: number; before: number; now: number };

export type Figures = {
  /** Votes that the figures rest on. */
  heard: number;
  /** Unhappy share that the baseline expects of these votes, and the share found. */
  before: number;
  now: number;
  /**
   * How much the gap widened: now − before, and in a knowledge gap what the reported share rose by. The interval is ±3 standard
   * errors: an alarm picks the moment of the largest error.
   */
  size: number;
  interval: [number, number];
  /** Rise of the mean friction. */
  frictionSize: number;
};

export type OpenReason = 'evidence-reached-threshold' | 'got-worse-again';
export type UpdateReason = 'worsened' | 'narrowed' | 'day-passed' | 'corrected';
export type CloseReason = 'gap-closed' | 'got-worse-again' | 'new-normal' | 'narrowed-away' | 'accepted';

export type Decision = Figures & {
  kind: 'open' | 'update' | 'close' | 'improved';
  reason: OpenReason | UpdateReason | CloseReason;
  /** The gap that leads. */
  gap: 'baseline' | 'knowledge';
  /** Share that the company reports, and how much more that is than while the baseline was made. */
  belief: { share: number; rise: number } | null;
  stage: string;
  segment: null;
  /** Hour whose votes decided it; times are whole hours since 1970, UTC. */
  hour: number;
  openedHour: number;
  onsetHour: number;
  /** The onset lies between these, as far as the votes tell. */
  onsetInterval: [number, number];
  evidence: number;
  /** By chance alone the evidence reaches it once in the budget. */
  threshold: number;
  bySource: Record<string, SourceFigures>;
  fragile: Fragility;
};

/** Would it still stand without the source that weighs most? null where there is no other source to ask. */
export type Fragility = { loudestSource: string | null; standsWithout: boolean | null };

/** Standard errors of the interval: with two its coverage is about .8 after an alarm. */
const intervalErrors = 3;
/** Standard errors by which the other sources must have risen for a gap to stand without the loudest. */
const standingErrors = 2;

export function addExcess(sum: Excess, part: Excess, weight = 1): void {
  sum.votes += weight * part.votes;
  sum.residual += weight * part.residual;
  sum.unhappy += weight * part.unhappy;
  sum.expected += weight * part.expected;
}

/** Figures of an excess; the stage's correlation widens the interval for votes of one day that move together. */
export function figuresOf(excess: Excess, stage: StageState, gap: Decision['gap'] = 'baseline'): Figures {
  const heard = Math.max(excess.votes, 1e-9);
  const before = clipShare(excess.expected / heard);
  const now = clipShare(excess.unhappy / heard);
  const error = intervalErrors * Math.sqrt(shareVariance(now, before, heard, stage));
  const size = now - before + (gap === 'knowledge' ? beliefRise(stage, Math.floor(stage.hour / 24)) : 0);
  return {
    heard: Math.round(excess.votes),
    before,
    now,
    size,
    interval: [Math.max(-1, size - error), Math.min(1, size + error)],
    frictionSize: excess.residual / heard,
  };
}

function clipShare(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function shareVariance(now: number, before: number, heard: number, stage: StageState): number {
  const perDay = Math.min(heard, votesOfDay(stage));
  const inflation = 1 + stage.correlation * Math.max(0, perDay - 1);
  const found = (Math.max(now * (1 - now), 0.01) * inflation) / heard;
  return found + baselineVariance(stage) * Math.max(before * (1 - before), 0.01);
}

/** Variance of the baseline's mean as a multiple of the variance of one vote, for all sources that bet. */
function baselineVariance(stage: StageState): number {
  let votes = 0;
  let sum = 0;
  for (const { ready, today, level } of stage.sources) {
    if (!ready || !today) continue;
    votes += level.votes;
    sum += level.votes ** 2 * (today.meanVariance / today.variance);
  }
  return votes > 0 ? sum / votes ** 2 : 0;
}

export function votesOfDay(stage: StageState): number {
  let votes = 0;
  for (const count of stage.lastVotes) votes += count;
  return votes;
}

export function figuresBySource(parts: readonly (readonly [Series, Excess])[]): Record<string, SourceFigures> {
  return Object.fromEntries(
    parts
      .filter(([, { votes }]) => votes > 0)
      .map(([{ source }, { votes, unhappy, expected }]) => [
        source,
        { heard: Math.round(votes), before: clipShare(expected / votes), now: clipShare(unhappy / votes) },
      ]),
  );
}

/** Leaves out the source with the largest residual and asks whether the rest rose by two standard errors. */
export function fragilityOf(parts: readonly (readonly [Series, Excess])[], stage: StageState): Fragility {
  const heard = parts.filter(([, { votes }]) => votes > 0);
  const loudest = heard.toSorted(([, a], [, b]) => b.residual - a.residual)[0];
  if (!loudest) return { loudestSource: null, standsWithout: null };
  const rest = heard.filter((part) => part !== loudest);
  const standsWithout = rest.length === 0 ? null : standingErrorsOf(rest, stage) >= standingErrors;
  return { loudestSource: loudest[0].source, standsWithout };
}

function standingErrorsOf(parts: readonly (readonly [Series, Excess])[], stage: StageState): number {
  let residual = 0;
  let variance = 0;
  const inflation = 1 + stage.correlation * Math.max(0, votesOfDay(stage) - 1);
  for (const [{ today }, { votes, residual: part }] of parts) {
    residual += part;
    variance += (today?.variance ?? 0.25) * votes * inflation + (today?.meanVariance ?? 0.25) * votes ** 2;
  }
  return residual / Math.sqrt(Math.max(variance, 1e-9));
}
