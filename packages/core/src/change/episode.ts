/**
 * An episode: open → update → close. An open episode is kept out of the baseline, and ends when the mirrored bets say that
 * less than half of its step is left.
 */
import { clearPending } from './baseline.ts';
import { addExcess, type Decision, figuresBySource, figuresOf, fragilityOf } from './decision.ts';
import { clearResidual } from './dispersion.ts';
import { evidenceOf } from './evidence.ts';
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
/** A size is news if it moved by a third of what was told, and by three customers of a hundred. */
const newsShare = 1 / 3;
const leastNews = 0.03;
const hoursPerUpdate = 24;
/** Half of the step is never taken for less: near zero a rise cannot be told from none. */
const leastHalfStep = 0.01;
const excludedEpisodes = 8;

type Part = readonly [Series, Excess];

/** Opens an episode at `hour`: freezes the baseline from the day of the onset on. */
export function open(stage: StageState, hour: number): Decision {
  const evidence = evidenceOf(stage.rising);
  const effect = leadingEffect(stage);
  const onsetHour = stage.cusum.since[effect]!;
  const parts = stage.sources.map((series): Part => [series, heardSince(series, stage, effect)]);
  for (const [series, excess] of parts) series.episode = excess;
  const recent = totalOf(parts);
  const told = { toldHour: hour, toldSize: figuresOf(recent, stage).size };
  const onsetInterval = intervalAround(stage, onsetHour, hour);
  const onset = { openedHour: hour, onsetHour, onsetInterval, evidence };
  const relief = { closing: [0], relief: 0, beforeRelief: { ...recent }, sinceRelief: noExcess() };
  stage.episode = { ...onset, ...relief, recent, ...told };
  forgetDays(stage, Math.floor(onsetHour / 24), Math.floor(hour / 24));
  return decisionOf(stage, stage.episode, 'open', 'evidence-reached-threshold', hour);
}

function totalOf(parts: readonly Part[]): Excess {
  const sum = noExcess();
  for (const [, excess] of parts) addExcess(sum, excess);
  return sum;
}

function intervalAround(stage: StageState, onsetHour: number, hour: number): [number, number] {
  const days = likelyFirstDays(stage, Math.floor(hour / 24), 1);
  if (!days) return [onsetHour, hour];
  return [Math.min(onsetHour, days.from * 24), Math.max(onsetHour, Math.min(hour, days.to * 24 + 23))];
}

function forgetDays(stage: StageState, fromDay: number, day: number): void {
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

/** Half of the step in friction: what must be gone for the episode to end. Votes of a relief that lasts are not part of the step. */
export function halfStep({ beforeRelief: { votes, residual } }: Episode): number {
  return votes > 0 ? Math.max(leastHalfStep, residual / votes / 2) : leastHalfStep;
}

/** Adds what an hour heard. */
export function hearEpisode({ recent, sinceRelief }: Episode, heard: Excess): void {
  addExcess(recent, heard);
  addExcess(sinceRelief, heard);
}

/** After the votes of an hour: a relief that came to nothing was part of the step. */
export function moveRelief(episode: Episode, gain: number): void {
  episode.relief = Math.max(0, episode.relief + gain);
  if (episode.relief > 0) return;
  addExcess(episode.beforeRelief, episode.sinceRelief);
  episode.sinceRelief = noExcess();
}

/** An open episode heard the votes of `hour`: it closes, tells what is new, or says nothing. */
export function follow(stage: StageState, episode: Episode, closeThreshold: number, hour: number): Decision | null {
  if (evidenceOf(episode.closing) >= closeThreshold) return end(stage, episode, 'gap-closed', hour);
  if (hour - episode.toldHour < hoursPerUpdate) return null;
  const { size } = figuresOf(episode.recent, stage);
  const moved = size - episode.toldSize;
  const isNews = Math.abs(moved) >= Math.max(leastNews, newsShare * Math.abs(episode.toldSize));
  episode.toldHour = hour;
  if (isNews) episode.toldSize = size;
  return decisionOf(stage, episode, 'update', isNews ? (moved > 0 ? 'worsened' : 'narrowed') : 'day-passed', hour);
}

/** Ends an episode: its days stay out of the baseline, and the evidence starts at nothing. */
function end(stage: StageState, episode: Episode, reason: Decision['reason'], hour: number): Decision {
  const decision = decisionOf(stage, episode, 'close', reason, hour);
  stage.excluded = [...stage.excluded, episodeDays(episode, hour)].slice(-excludedEpisodes) as [number, number][];
  stage.episode = null;
  for (const series of stage.sources) series.episode = null;
  stage.rising = perEffect();
  stage.falling = perFallEffect();
  stage.cusum = { value: perEffect(), since: stage.cusum.since.map(() => -1) };
  return decision;
}

function episodeDays({ onsetHour }: Episode, hour: number): [number, number] {
  return [Math.floor(onsetHour / 24), Math.floor(hour / 24)];
}

/** Takes the level of the open episode for the new baseline and ends it; null where none is open. */
export function acceptLevel(stage: StageState, hour: number): Decision | null {
  const { episode } = stage;
  if (!episode) return null;
  for (const series of stage.sources)
    if (series.episode && series.episode.votes > 0) shiftLevel(series, series.episode);
  // days of the old level that still wait in the lag would pull the new one back
  const day = Math.floor(hour / 24);
  forgetDays(stage, day - lagDays + 1, day);
  return end(stage, episode, 'accepted', hour);
}

/** Moves the baseline to what the episode heard, and trusts it no more than the votes of the episode. */
function shiftLevel({ level, weekdays, today }: Series, excess: Excess): void {
  if (!today || level.votes === 0) return;
  const trust = Math.min(1, excess.votes / level.votes);
  const mean = Math.min(1, Math.max(0, today.mean + excess.residual / excess.votes));
  const unhappy = Math.min(1, Math.max(0, today.unhappy + (excess.unhappy - excess.expected) / excess.votes));
  const shift = mean - level.friction / level.votes;
  level.days *= trust;
  level.votes *= trust;
  level.friction = level.votes * mean;
  level.squares = level.votes * (today.variance + mean * mean);
  level.unhappy = level.votes * unhappy;
  weekdays.friction = weekdays.friction.map((sum, weekday) => trust * (sum + weekdays.votes[weekday]! * shift));
  weekdays.votes = weekdays.votes.map((votes) => trust * votes);
  today.mean = mean;
  today.unhappy = unhappy;
}

/** Tells of a fall, from the days inside the lag; it opens nothing, and the baseline follows. */
export function improve(stage: StageState, hour: number): Decision {
  const day = Math.floor(hour / 24);
  const days = likelyFirstDays(stage, day, -1) ?? { from: day, best: day, to: day };
  const parts = stage.sources
    .filter(({ ready }) => ready)
    .map((series): Part => [series, heardOnDays(series, days.best, day)]);
  const onsetHour = days.best * 24;
  const decision: Decision = {
    ...frame(stage, 'improved', 'evidence-reached-threshold', hour),
    ...figuresOf(totalOf(parts), stage),
    openedHour: hour,
    onsetHour,
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
  return { kind, reason, stage: stage.stage, segment: null, hour, threshold: stage.threshold } as const;
}

function decisionOf(
  stage: StageState,
  episode: Episode,
  kind: Decision['kind'],
  reason: Decision['reason'],
  hour: number,
): Decision {
  const { openedHour, onsetHour, onsetInterval, evidence } = episode;
  const parts = stage.sources.map((series): Part => [series, series.episode ?? noExcess()]);
  return {
    ...frame(stage, kind, reason, hour),
    ...figuresOf(episode.recent, stage),
    openedHour,
    onsetHour,
    onsetInterval: [...onsetInterval],
    evidence,
    bySource: figuresBySource(parts),
    fragile: fragilityOf(parts, stage),
  };
}
