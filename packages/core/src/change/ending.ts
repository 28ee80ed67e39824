/**
 * How an open episode goes on and ends: closed when the mirrored bets say that less than half of its step is left, escalated when
 * the bets say that it got worse by half a step more, and taken for normal when it has stood for four weeks.
 */
import { acceptBelief, frictionRise } from './belief.ts';
import { type CloseReason, type Decision, figuresOf, type UpdateReason } from './decision.ts';
import { decisionOf, forgetDays, halfStep, isAlarm, open, restEvidence } from './episode.ts';
import { evidenceOf } from './evidence.ts';
import { type Episode, type Excess, lagDays, type Series, type StageState } from './state.ts';

/** A size is news if it moved by a third of what was told, and by three customers of a hundred. */
const newsShare = 1 / 3;
const leastNews = 0.03;
const hoursPerUpdate = 24;
/** An episode that stands for so long is what customers live now. */
const normalAfterHours = 28 * 24;
/** Log wealth of the bets that less than half of the step is left: at ten to one it has narrowed away, at three to one it may. */
const likelyRelief = Math.log(10);
const possibleRelief = Math.log(3);
const excludedEpisodes = 8;

/** An open episode heard the votes of `hour`: it ends, goes on as a worse one, tells what is new, or says nothing. */
export function follow(stage: StageState, episode: Episode, closeThreshold: number, hour: number): Decision[] {
  if (evidenceOf(episode.closing) >= closeThreshold) return [end(stage, episode, 'gap-closed', hour)];
  if (isAlarm(stage)) return escalate(stage, episode, hour);
  if (hour - episode.toldHour < hoursPerUpdate) return correction(stage, episode, hour);
  const outlived = hour - episode.openedHour >= normalAfterHours ? outlive(stage, episode, hour) : null;
  if (outlived !== null) return [outlived];
  const { size } = figuresOf(episode.recent, stage, episode.gap);
  if (!isNews(size, episode.toldSize)) return [tell(stage, episode, 'day-passed', hour)];
  const reason = size > episode.toldSize ? 'worsened' : 'narrowed';
  episode.toldSize = size;
  return [tell(stage, episode, reason, hour)];
}

function isNews(size: number, told: number): boolean {
  return Math.abs(size - told) >= Math.max(leastNews, newsShare * Math.abs(told));
}

function tell(stage: StageState, episode: Episode, reason: UpdateReason, hour: number): Decision {
  episode.toldHour = hour;
  episode.sizeBeforeCorrection = null;
  return decisionOf(stage, episode, 'update', reason, hour);
}

/** Corrections of closed hours that change the figures of an open episode are told when the next hour closes. */
export function correction(stage: StageState, episode: Episode, hour: number): Decision[] {
  const before = episode.sizeBeforeCorrection;
  episode.sizeBeforeCorrection = null;
  const { size } = figuresOf(episode.recent, stage, episode.gap);
  if (before === null || !isNews(size, before)) return [];
  episode.toldSize = size;
  return [tell(stage, episode, 'corrected', hour)];
}

/** Got worse again: the episode ends and a new one opens from the onset of the second rise, against the same baseline. */
function escalate(stage: StageState, episode: Episode, hour: number): Decision[] {
  const closed = decisionOf(stage, episode, 'close', 'got-worse-again', hour);
  excludeDays(stage, episode, hour);
  return [closed, open(stage, hour, 'got-worse-again')];
}

/** After four weeks: what still stands is the new normal, what has narrowed is over, what cannot be told apart stays open. */
function outlive(stage: StageState, episode: Episode, hour: number): Decision | null {
  const stands = recentStep(episode) > halfStep(episode);
  if (!stands) return episode.relief >= likelyRelief ? end(stage, episode, 'narrowed-away', hour) : null;
  const isSure = episode.relief < possibleRelief && figuresOf(episode.recent, stage, episode.gap).interval[0] > 0;
  return isSure ? accept(stage, episode, 'new-normal', hour) : null;
}

function recentStep({ recent }: Episode): number {
  return recent.votes > 0 ? recent.residual / recent.votes : 0;
}

/** Ends an episode: its days stay out of the baseline, and the evidence starts at nothing. */
function end(stage: StageState, episode: Episode, reason: CloseReason, hour: number): Decision {
  const decision = decisionOf(stage, episode, 'close', reason, hour);
  excludeDays(stage, episode, hour);
  stage.episode = null;
  for (const series of stage.sources) series.episode = null;
  restEvidence(stage);
  return decision;
}

function excludeDays(stage: StageState, { onsetHour }: Episode, hour: number): void {
  const days: [number, number] = [Math.floor(onsetHour / 24), Math.floor(hour / 24)];
  stage.excluded = [...stage.excluded, days].slice(-excludedEpisodes);
}

/** Takes the level of the open episode for the new baseline and ends it; null where none is open. */
export function acceptLevel(stage: StageState, hour: number): Decision | null {
  return stage.episode && accept(stage, stage.episode, 'accepted', hour);
}

function accept(stage: StageState, episode: Episode, reason: CloseReason, hour: number): Decision {
  const { votes, residual } = episode.settled;
  const whole = votes > 0 ? residual / votes : 0;
  const left = whole > 0 ? Math.min(2, Math.max(0, recentStep(episode) / whole)) : 1;
  for (const series of stage.sources)
    if (series.episode && series.episode.votes > 0)
      shiftLevel(series, series.episode, left, Math.max(0, frictionRise(stage, series, hour)));
  // days of the old level that still wait in the lag would pull the new one back
  const day = Math.floor(hour / 24);
  forgetDays(stage, day - lagDays + 1, day);
  const decision = end(stage, episode, reason, hour);
  acceptBelief(stage);
  return decision;
}

/**
 * Moves the baseline to what the episode heard, as much of it as is `left`, and trusts it no more than the votes of the episode.
 * `rise`: the part of the excess that is no friction but what the company reports.
 */
function shiftLevel({ level, weekdays, today }: Series, excess: Excess, left: number, rise: number): void {
  if (!today || level.votes === 0) return;
  const trust = Math.min(1, excess.votes / level.votes);
  const mean = Math.min(1, Math.max(0, today.mean + (left * excess.residual) / excess.votes - rise));
  const unhappy = Math.min(1, Math.max(0, today.unhappy + (left * (excess.unhappy - excess.expected)) / excess.votes));
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
