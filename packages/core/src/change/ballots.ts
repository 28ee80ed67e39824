/** Votes on their way into the fold: grouped by stage and source, in an order that does not depend on how they came. */
import { type Ballot, newSeries, newStage, type Series, type StageState } from './state.ts';

/** Votes of one stage and source in one hour: levels[j] counts the customers whose friction is j / (levels.length − 1). */
export type HourVotes = { stage: string; segment: null; source: string; levels: readonly number[] };

export function stageOf(stages: Map<string, StageState>, name: string, hour: number): StageState {
  const known = stages.get(name) ?? newStage(name, hour);
  stages.set(name, known);
  return known;
}

/** Sources of a stage with a baseline of their own; further ones, as where each statement names another, have one together. */
const mostSources = 50;
const others = 'other';

/** One ballot a stage and source, in order of the sources' names; equal sources are added up. */
export function groupVotes(
  votes: readonly HourVotes[],
  hour: number,
  stages: ReadonlyMap<string, StageState>,
): Map<string, Ballot[]> {
  const byStage = new Map<string, Ballot[]>();
  for (const { stage, source, levels } of votes) {
    const ballots = byStage.get(stage) ?? [];
    byStage.set(stage, ballots);
    addBallot(ballots, { source: sourceIn(stages.get(stage)?.sources ?? [], ballots, source), hour, levels });
  }
  for (const ballots of byStage.values())
    if (ballots.length > 1) ballots.sort((a, b) => (a.source < b.source ? -1 : 1));
  return byStage;
}

/** A source keeps what it is called: of those that are known none goes, and whoever comes behind the last place stays there. */
function sourceIn(known: readonly Series[], ballots: readonly Ballot[], source: string): string {
  const isNew = (name: string) => !known.some((series) => series.source === name);
  if (!isNew(source) || ballots.some((ballot) => ballot.source === source)) return source;
  const places = known.length + ballots.filter((ballot) => isNew(ballot.source)).length;
  return places < mostSources ? source : others;
}

export function addBallot(ballots: Ballot[], ballot: Ballot): void {
  const same = ballots.find(({ source, hour }) => source === ballot.source && hour === ballot.hour);
  if (!same) ballots.push(ballot);
  else if (same.levels.length !== ballot.levels.length)
    throw new Error(`source ${ballot.source} votes on two grids of friction`);
  else same.levels = same.levels.map((count, level) => count + ballot.levels[level]!);
}

export function seriesOf(stage: StageState, source: string, day: number): Series {
  const known = stage.sources.find((series) => series.source === source);
  if (known) return known;
  const series = newSeries(source, day);
  stage.sources.push(series);
  stage.sources.sort((a, b) => (a.source < b.source ? -1 : 1));
  return series;
}

export function votesIn(levels: readonly number[]): number {
  let votes = 0;
  for (const count of levels) votes += count;
  return votes;
}
