/** Corrections of hours that were closed before. Decisions that were taken stand; an open episode follows. */
import { addBallot, groupVotes, type HourVotes, seriesOf, stageOf, votesIn } from './ballots.ts';
import { addVotes, correctLevel, dailyDecay, expectedFriction, sumsOf } from './baseline.ts';
import { advance } from './clock.ts';
import { addExcess } from './decision.ts';
import { excessOf, learnDispersion } from './learn.ts';
import type { DetectorSettings } from './settings.ts';
import { type Ballot, lagDays, type Series, type StageState, type Sums, type Tenant } from './state.ts';

/**
 * Corrects hours that were closed before: levels may hold negative counts. The baseline is corrected where the votes belong;
 * votes that were added bet in the next hour that closes, at the baseline of their own hour. An exchange (as many removed as
 * added) is an edit and bets nothing, nor does what is older than the lag.
 */
export function correctHour(
  tenant: Tenant,
  stages: Map<string, StageState>,
  hour: number,
  votes: readonly HourVotes[],
  settings: DetectorSettings,
): void {
  for (const [name, ballots] of groupVotes(votes, hour)) {
    const stage = stageOf(stages, name, hour);
    if (hour > stage.hour) advance(tenant, stage, hour, settings);
    for (const ballot of ballots) correctStage(stage, ballot);
  }
}

function correctStage(stage: StageState, ballot: Ballot): void {
  const day = Math.floor(ballot.hour / 24);
  const today = Math.floor(stage.hour / 24);
  const series = seriesOf(stage, ballot.source, day);
  const sums = sumsOf(ballot.levels);
  series.votes = Math.max(0, series.votes + sums.votes);
  if (today - day < lagDays) series.firstDay = Math.min(series.firstDay, day);
  correctEpisode(stage, series, ballot.hour, sums);
  if (!isExcluded(stage, day)) correctBaseline(stage, series, ballot.hour, sums, today - day);
  if (votesIn(ballot.levels) > 0 && today - day < lagDays) waitInLine(stage, ballot);
}

function waitInLine(stage: StageState, { source, hour, levels }: Ballot): void {
  addBallot(stage.late, { source, hour, levels: levels.map((count) => Math.max(0, count)) });
  stage.late.sort((a, b) => a.hour - b.hour || (a.source < b.source ? -1 : 1));
}

/** Added votes reach an open episode when they bet; what was removed leaves it here. */
function correctEpisode(stage: StageState, series: Series, hour: number, sums: Sums): void {
  if (!stage.episode || !series.episode || !series.today || hour < stage.episode.onsetHour || sums.votes > 0) return;
  const change = excessOf(sums, series.today, expectedFriction(series, series.today, hour));
  addExcess(series.episode, change);
  addExcess(stage.episode.recent, change);
  addExcess(stage.episode.beforeRelief, change);
}

function isExcluded({ excluded, episode }: StageState, day: number): boolean {
  if (episode && day >= Math.floor(episode.onsetHour / 24)) return true;
  return excluded.some(([from, to]) => day >= from && day <= to);
}

function correctBaseline(stage: StageState, series: Series, hour: number, sums: Sums, age: number): void {
  const weight = dailyDecay ** Math.max(0, age);
  if (age >= lagDays) {
    correctLevel(series, hour, sums, weight);
    return;
  }
  if (sums.votes > 0) learnDispersion(stage, series, hour, sums);
  addVotes(series, hour, sums, weight);
}
