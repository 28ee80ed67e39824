/** Corrections of hours that were closed before. Decisions that were taken stand; an open episode follows. */
import { addBallot, groupVotes, type HourVotes, seriesOf, stageOf, votesIn } from './ballots.ts';
import { addVotes, correctLevel, dailyDecay, expectedFriction, sumsOf } from './baseline.ts';
import { advance } from './clock.ts';
import { addExcess, figuresOf } from './decision.ts';
import { excessOf, learnDispersion, tightened } from './learn.ts';
import type { DetectorSettings } from './settings.ts';
import { type Ballot, type HourSums, lagDays, type Series, type StageState, type Tenant } from './state.ts';

/**
 * Corrects hours that were closed before: levels may hold negative counts. The baseline is corrected where the votes belong;
 * votes that were added bet in the next hour that closes, at the baseline of their own hour. An exchange (as many removed as
 * added) is an edit and bets nothing, nor does what is older than the lag, nor what is told of the past (`history`).
 */
export function correctHour(
  tenant: Tenant,
  stages: Map<string, StageState>,
  hour: number,
  votes: readonly HourVotes[],
  settings: DetectorSettings,
  history = false,
): void {
  for (const [name, ballots] of groupVotes(votes, hour, stages)) {
    const stage = stageOf(stages, name, hour);
    if (hour > stage.hour) advance(tenant, stage, hour, settings);
    for (const ballot of ballots) correctStage(stage, ballot, history);
  }
}

function correctStage(stage: StageState, ballot: Ballot, history: boolean): void {
  const day = Math.floor(ballot.hour / 24);
  const today = Math.floor(stage.hour / 24);
  const series = seriesOf(stage, ballot.source, day);
  const sums = sumsOf(ballot.levels);
  series.votes = Math.max(0, series.votes + sums.votes);
  if (today - day < lagDays) series.firstDay = Math.min(series.firstDay, day);
  correctEpisode(stage, series, ballot.hour, sums);
  if (!isExcluded(stage, day)) correctBaseline(stage, series, ballot.hour, sums, today - day);
  if (!history && votesIn(ballot.levels) > 0 && today - day < lagDays) waitInLine(stage, ballot);
}

function waitInLine(stage: StageState, { source, hour, levels }: Ballot): void {
  addBallot(stage.late, { source, hour, levels: levels.map((count) => Math.max(0, count)) });
  stage.late.sort((a, b) => a.hour - b.hour || (a.source < b.source ? -1 : 1));
}

/** Added votes reach an open episode when they bet; what was removed leaves it here. */
function correctEpisode(stage: StageState, series: Series, hour: number, sums: HourSums): void {
  const { episode } = stage;
  if (!episode || hour < episode.onsetHour) return;
  episode.sizeBeforeCorrection ??= figuresOf(episode.recent, stage, episode.gap).size;
  if (!series.episode || !series.today || sums.votes > 0) return;
  const usual = expectedFriction(series, series.today, hour);
  const change = excessOf(sums, series.today, tightened(stage, series, usual, hour));
  addExcess(series.episode, change);
  addExcess(episode.recent, change);
  addExcess(episode.settled, change);
}

/** Whether a day lies in an episode, and so shapes no baseline. */
export function isExcluded({ excluded, episode }: StageState, day: number): boolean {
  if (episode && day >= Math.floor(episode.onsetHour / 24)) return true;
  return excluded.some(([from, to]) => day >= from && day <= to);
}

function correctBaseline(stage: StageState, series: Series, hour: number, sums: HourSums, age: number): void {
  if (age >= lagDays) {
    correctLevel(series, hour, sums, age);
    return;
  }
  if (sums.votes > 0) {
    learnDispersion(stage, series, hour, sums);
    series.heardToday = true;
  }
  addVotes(series, hour, sums, dailyDecay ** Math.max(0, age));
}
