/**
 * An episode from its opening on: what was heard in it, how large its step is, and what it says. An open episode is kept out of
 * the baseline.
 */
import { clearPending } from './baseline.ts';
import { beliefRise, leadingGap } from './belief.ts';
import { addExcess, type Decision, figuresBySource, figuresOf, fragilityOf, type OpenReason } from './decision.ts';
import { clearResidual } from './dispersion.ts';
import { evidenceOf, holdAt } from './evidence.ts';
import { heardOnDays, heardSince, leadingEffect, likelyFirstDays } from './onset.ts';
import {
  type Episode,
  type Excess,
  lagDays,
  noExcess,
  perEffect,
  perFallEffect,
  type Series,
  type StageState,
} from './state.ts';

/** Days after which a vote counts half in what an update says of now. */
const recentHalfLifeDays = 7;
const recentDecay = 0.5 ** (1 / recentHalfLifeDays);
/** Votes and hours after its opening that tell the step of an episode. */
const measuringVotes = 150;
const measuringHours = 7 * 24;
/** Half of the step is never taken for less: near zero a rise cannot be told from none. */
const leastHalfStep = 0.01;
/** A change of less than half a customer of 100 cannot be told, whatever the friction of those who were unhappy before. */
const leastSize = 0.005;

type Part = readonly [Series, Excess];

/** Whether the evidence of a rise suffices for one that can be told; one that cannot waits at the threshold until it can, or fades. */
export function isAlarm(stage: StageState): boolean {
  if (evidenceOf(stage.rising) < stage.threshold) return false;
  if (riseOf(stage).size >= leastSize) return true;
  holdAt(stage.rising, stage.threshold);
  return false;
}

/** As {@link isAlarm}, of a fall. */
export function isImprovement(stage: StageState, hour: number): boolean {
  if (evidenceOf(stage.falling) < stage.threshold) return false;
  if (fallOf(stage, Math.floor(hour / 24)).figures.size <= -leastSize) return true;
  holdAt(stage.falling, stage.threshold);
  return false;
}

/** What was heard since the likeliest onset of a rise. */
function riseOf(stage: StageState) {
  const effect = leadingEffect(stage);
  const parts = stage.sources.map((series): Part => [series, heardSince(series, stage, effect)]);
  const recent = totalOf(parts);
  const gap = leadingGap(stage, figuresOf(recent, stage).size, 1);
  return { onsetHour: stage.cusum.since[effect]!, parts, recent, gap, size: figuresOf(recent, stage, gap).size };
}

/** Opens an episode at `hour`: freezes the baseline from the day of the onset on, and gathers evidence anew. */
export function open(stage: StageState, hour: number, reason: OpenReason = 'evidence-reached-threshold'): Decision {
  const evidence = evidenceOf(stage.rising);
  const { onsetHour, parts, recent, gap, size } = riseOf(stage);
  for (const [series, excess] of parts) series.episode = excess;
  const told = { toldHour: hour, toldSize: size, sizeBeforeCorrection: null };
  const onsetInterval = intervalAround(stage, onsetHour, hour);
  const onset = { gap, openedHour: hour, onsetHour, onsetInterval, evidence };
  const relief = {
    closing: [0],
    relief: 0,
    climb: 0,
    settled: { ...recent },
    waiting: noExcess(),
    sinceOpening: noExcess(),
  };
  stage.episode = { ...onset, ...relief, recent, ...told };
  forgetDays(stage, Math.floor(onsetHour / 24), Math.floor(hour / 24));
  restEvidence(stage);
  return decisionOf(stage, stage.episode, 'open', reason, hour);
}

/** The evidence starts at nothing. */
export function restEvidence(stage: StageState): void {
  stage.rising = perEffect();
  stage.falling = perFallEffect();
  stage.cusum = { value: perEffect(), since: stage.cusum.since.map(() => -1) };
}

function totalOf(parts: readonly Part[]): Excess {
  const sum = noExcess();
  for (const [, excess] of parts) addExcess(sum, excess);
  return sum;
}

function intervalAround(stage: StageState, onsetHour: number, hour: number): [number, number] {
  const days = stage.episode ? null : likelyFirstDays(stage, Math.floor(hour / 24), 1);
  if (!days) return [onsetHour, hour];
  return [Math.min(onsetHour, days.from * 24), Math.max(onsetHour, Math.min(hour, days.to * 24 + 23))];
}

export function forgetDays(stage: StageState, fromDay: number, day: number): void {
  for (let forgotten = Math.max(fromDay, day - lagDays + 1); forgotten <= day; forgotten++) {
    const slot = forgotten % lagDays;
    clearResidual(stage.dispersion, slot);
    for (const series of stage.sources) clearPending(series, slot);
  }
}

/** A day begins in an open episode: what was heard recently fades. */
export function fadeRecent({ recent }: Episode): void {
  recent.votes *= recentDecay;
  recent.residual *= recentDecay;
  recent.unhappy *= recentDecay;
  recent.expected *= recentDecay;
}

/** Half of the step in friction: what must be gone for the episode to end, or come on top for it to be worse. */
export function halfStep({ settled: { votes, residual } }: Episode): number {
  return votes > 0 ? Math.max(leastHalfStep, residual / votes / 2) : leastHalfStep;
}

/** Adds what an hour heard. */
export function hearEpisode({ recent, waiting, sinceOpening }: Episode, heard: Excess): void {
  addExcess(recent, heard);
  addExcess(waiting, heard);
  if (sinceOpening) addExcess(sinceOpening, heard);
}

/**
 * The votes since the onset picked the moment, and may begin in calm days: the step of an episode that is a week old is taken from
 * what was heard after it opened, and only then can it be said that it got worse again.
 */
export function measureStep(episode: Episode, hour: number): void {
  const { sinceOpening, openedHour, relief } = episode;
  if (!sinceOpening || sinceOpening.votes < measuringVotes || hour - openedHour < measuringHours || relief > 0) return;
  episode.settled = sinceOpening;
  episode.sinceOpening = null;
  episode.waiting = noExcess();
}

/** After the votes of an hour: a relief or a climb that came to nothing was part of the step. */
export function settle(episode: Episode, fallGain: number, riseGain: number): void {
  episode.relief = Math.max(0, episode.relief + fallGain);
  episode.climb = Math.max(0, episode.climb + riseGain);
  if (episode.relief > 0 || episode.climb > 0) return;
  addExcess(episode.settled, episode.waiting);
  episode.waiting = noExcess();
}

/** What was heard on the days inside the lag since the likeliest onset of a fall. */
function fallOf(stage: StageState, day: number) {
  const days = likelyFirstDays(stage, day, -1) ?? { from: day, best: day, to: day };
  const parts = stage.sources
    .filter(({ ready }) => ready)
    .map((series): Part => [series, heardOnDays(series, days.best, day)]);
  const excess = totalOf(parts);
  const gap = leadingGap(stage, figuresOf(excess, stage).size, -1);
  return { days, parts, gap, figures: figuresOf(excess, stage, gap) };
}

/** Tells of a fall; it opens nothing, and the baseline follows. */
export function improve(stage: StageState, hour: number): Decision {
  const { days, parts, gap, figures } = fallOf(stage, Math.floor(hour / 24));
  const decision: Decision = {
    ...frame(stage, 'improved', 'evidence-reached-threshold', hour),
    ...figures,
    gap,
    openedHour: hour,
    onsetHour: days.best * 24,
    onsetInterval: [days.from * 24, Math.min(hour, days.to * 24 + 23)],
    evidence: evidenceOf(stage.falling),
    bySource: figuresBySource(parts),
    fragile: { loudestSource: null, standsWithout: null },
  };
  stage.falling = perFallEffect();
  stage.improvedHour = hour;
  return decision;
}

function frame(stage: StageState, kind: Decision['kind'], reason: Decision['reason'], hour: number) {
  const belief = stage.belief && {
    share: stage.belief.share,
    rise: beliefRise(stage, Math.floor(stage.hour / 24)),
  };
  return { kind, reason, stage: stage.stage, segment: null, hour, threshold: stage.threshold, belief } as const;
}

export function decisionOf(
  stage: StageState,
  episode: Episode,
  kind: Decision['kind'],
  reason: Decision['reason'],
  hour: number,
): Decision {
  const { gap, openedHour, onsetHour, onsetInterval, evidence } = episode;
  const parts = stage.sources.map((series): Part => [series, series.episode ?? noExcess()]);
  return {
    ...frame(stage, kind, reason, hour),
    ...figuresOf(episode.recent, stage, gap),
    gap,
    openedHour,
    onsetHour,
    onsetInterval: [...onsetInterval],
    evidence,
    bySource: figuresBySource(parts),
    fragile: fragilityOf(parts, stage),
  };
}
