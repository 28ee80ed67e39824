/**
 * The detector of the baseline gap ('worse than before'): a pure fold of closed hours into decisions.
 * The same hours give the same decisions, whatever the order of the votes inside an hour and wherever the state was stored
 * and read back between two of them; an hour without votes changes nothing. Evidence belongs to a stage, baselines to its sources:
 * each source bets at its own baseline, so that a shift in the mix of sources raises nothing.
 */
import { addVotes, beginDay, correctLevel, dailyDecay, expectedFriction, renewToday, sumsOf } from './baseline.ts';
import { addExcess, type Decision, votesOfDay } from './decision.ts';
import { addResidual, beginDispersionDay, correlationOf } from './dispersion.ts';
import { fadeRecent, follow, halfStep, improve, open } from './episode.ts';
import { addFall, addRise, capGains, gather } from './evidence.ts';
import { hearTwins, moveTwins, startTwins } from './onset.ts';
import type { DetectorSettings } from './settings.ts';
import {
  type Ballot,
  type Excess,
  lagDays,
  newSeries,
  newStage,
  perEffect,
  type Series,
  type StageState,
  type Sums,
  type Tenant,
  type Today,
} from './state.ts';

/** Votes of one stage and source in one hour: levels[j] counts the customers whose friction is j / (levels.length − 1). */
export type HourVotes = { stage: string; segment: null; source: string; levels: readonly number[] };

/** An outage longer than this does not make a stage look idle. */
const mostIdleDays = 7;
const leastThreshold = 10;
/** Rise that a strict detector ignores. */
const strictIgnore = 0.005;

/**
 * Folds one closed hour (whole hours since 1970, UTC) of all stages into their states, which it changes, and decides.
 * Hours come in order; a stage without votes needs no entry. Decisions are in order of the stages' names.
 */
export function closeHour(
  tenant: Tenant,
  stages: Map<string, StageState>,
  hour: number,
  votes: readonly HourVotes[],
  settings: DetectorSettings,
): Decision[] {
  const byStage = groupVotes(votes, hour);
  for (const [name, stage] of stages) if (stage.late.length > 0 && !byStage.has(name)) byStage.set(name, []);
  return [...byStage.keys()].sort().flatMap((name) => {
    const stage = stageOf(stages, name, hour);
    return foldHour(tenant, stage, hour, byStage.get(name)!, settings);
  });
}

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

function stageOf(stages: Map<string, StageState>, name: string, hour: number): StageState {
  const known = stages.get(name) ?? newStage(name, hour);
  stages.set(name, known);
  return known;
}

/** One ballot a stage and source, in order of the sources' names; equal sources are added up. */
function groupVotes(votes: readonly HourVotes[], hour: number): Map<string, Ballot[]> {
  const byStage = new Map<string, Ballot[]>();
  for (const { stage, source, levels } of votes) {
    const ballots = byStage.get(stage);
    if (!ballots) byStage.set(stage, [{ source, hour, levels }]);
    else addBallot(ballots, { source, hour, levels });
  }
  for (const ballots of byStage.values()) ballots.sort((a, b) => (a.source < b.source ? -1 : 1));
  return byStage;
}

function addBallot(ballots: Ballot[], ballot: Ballot): void {
  const same = ballots.find(({ source, hour }) => source === ballot.source && hour === ballot.hour);
  if (!same) ballots.push(ballot);
  else if (same.levels.length !== ballot.levels.length)
    throw new Error(`source ${ballot.source} votes on two grids of friction`);
  else same.levels = same.levels.map((count, level) => count + ballot.levels[level]!);
}

function seriesOf(stage: StageState, source: string, day: number): Series {
  const known = stage.sources.find((series) => series.source === source);
  if (known) return known;
  const series = newSeries(source, day);
  stage.sources.push(series);
  stage.sources.sort((a, b) => (a.source < b.source ? -1 : 1));
  return series;
}

function foldHour(
  tenant: Tenant,
  stage: StageState,
  hour: number,
  own: Ballot[],
  settings: DetectorSettings,
): Decision[] {
  if (hour <= stage.hour) throw new Error(`hour ${hour} of stage ${stage.stage} is closed already: correct it instead`);
  advance(tenant, stage, hour, settings);
  const late = stage.late;
  stage.late = [];
  countVotes(stage, own, late);
  const decision = listen(stage, hour, own, late, settings);
  return decision ? [decision] : [];
}

/** Lets time pass up to `hour`. */
function advance(tenant: Tenant, stage: StageState, hour: number, settings: DetectorSettings): void {
  beginDays(tenant, stage, Math.floor(hour / 24), settings);
  for (let passed = Math.max(stage.hour + 1, hour - 23); passed <= hour; passed++) stage.lastVotes[passed % 24] = 0;
  stage.hour = hour;
}

/** Lets the days pass since the stage was last heard; a silence longer than the lag is one of just that length. */
function beginDays(tenant: Tenant, stage: StageState, day: number, settings: DetectorSettings): void {
  const last = Math.floor(stage.hour / 24);
  if (day === last && stage.sources.length > 0) return;
  for (let begun = last + 1; begun <= Math.min(day, last + lagDays); begun++) {
    beginDispersionDay(tenant, stage.dispersion, begun);
    for (const series of stage.sources) beginDay(series, begun);
  }
  if (day > last) countActive(stage, Math.min(day - last, mostIdleDays));
  if (stage.episode && day > last) fadeRecent(stage.episode);
  stage.correlation = correlationOf(tenant, stage.dispersion, settings.strict);
  for (const series of stage.sources) renewToday(series, day, stage.correlation);
  stage.threshold = thresholdOf(stage, settings.budgetDays);
}

function countActive({ active }: StageState, days: number): void {
  active.hours = active.hours * dailyDecay + active.today;
  active.of = active.of * dailyDecay + 24 * days;
  active.today = 0;
}

/** The budget in hours with votes: the average time to a false alarm is no shorter. */
function thresholdOf({ active }: StageState, budgetDays: number): number {
  const share = active.of > 0 ? active.hours / active.of : 1;
  return Math.max(leastThreshold, budgetDays * 24 * share);
}

function countVotes({ lastVotes, active, hour }: StageState, own: readonly Ballot[], late: readonly Ballot[]): void {
  for (const { levels } of own) lastVotes[hour % 24]! += votesIn(levels);
  for (const { levels } of late) lastVotes[hour % 24]! += votesIn(levels);
  if (lastVotes[hour % 24]! > 0) active.today += 1;
}

function votesIn(levels: readonly number[]): number {
  let votes = 0;
  for (const count of levels) votes += count;
  return votes;
}

/** One hour of a stage: all sources bet, the stage decides, the baselines learn. */
function listen(
  stage: StageState,
  hour: number,
  own: readonly Ballot[],
  late: readonly Ballot[],
  settings: DetectorSettings,
): Decision | null {
  const bets: Bets = { rise: perEffect(), fall: perEffect(), voted: false };
  const weight = 1 / (1 + stage.correlation * Math.max(0, votesOfDay(stage) - 1));
  const half = stage.episode ? halfStep(stage) : 0;
  startTwins(
    stage,
    late.reduce((first, ballot) => Math.min(first, ballot.hour), hour),
  );
  for (const ballot of [...own, ...late]) {
    const series = seriesOf(stage, ballot.source, Math.floor(ballot.hour / 24));
    placeBets(stage, series, ballot, sumsOf(ballot.levels), { bets, weight, half, settings });
  }
  for (const ballot of own) learn(stage, ballot);
  return bets.voted ? decide(stage, hour, bets, settings) : null;
}

type Bets = { rise: number[]; fall: number[]; voted: boolean };
type Table = { bets: Bets; weight: number; half: number; settings: DetectorSettings };

function placeBets(stage: StageState, series: Series, ballot: Ballot, sums: Sums, table: Table): void {
  const { today } = series;
  if (!series.ready || !today || sums.votes === 0) return;
  const { bets, weight, settings } = table;
  const expected = expectedFriction(series, today, ballot.hour);
  const heard = excessOf(sums, today, expected);
  bets.voted = true;
  if (stage.episode) {
    addFall(bets.fall, ballot.levels, clip(expected + table.half), today.fall, weight);
    addExcess(stage.episode.recent, heard);
    series.episode ??= { votes: 0, residual: 0, unhappy: 0, expected: 0 };
    addExcess(series.episode, heard);
    return;
  }
  const ignored = settings.strict ? Math.max(strictIgnore, settings.ignoreBelow) : settings.ignoreBelow;
  addRise(bets.rise, ballot.levels, clip(expected + today.margin + ignored), today.rise, weight);
  if (watchesFall(stage, ballot.hour, settings)) {
    addFall(bets.fall, ballot.levels, clip(expected - today.margin - ignored), today.fall, weight);
  }
  hearTwins(series, stage, heard);
}

function clip(mean: number): number {
  return Math.min(0.99, Math.max(0.01, mean));
}

function excessOf(sums: Sums, today: Today, expected: number): Excess {
  const { votes, friction, unhappy } = sums;
  return { votes, residual: friction - votes * expected, unhappy, expected: votes * today.unhappy };
}

/** A fall is told once in a budget: until then the baseline follows it. */
function watchesFall({ improvedHour }: StageState, hour: number, { budgetDays }: DetectorSettings): boolean {
  return improvedHour === null || hour - improvedHour >= budgetDays * 24;
}

/** Votes enter the baseline of their day, unless an episode is open. */
function learn(stage: StageState, { source, hour, levels }: Ballot): void {
  const series = seriesOf(stage, source, Math.floor(hour / 24));
  const sums = sumsOf(levels);
  series.votes += sums.votes;
  if (stage.episode || sums.votes === 0) return;
  series.heardToday = true;
  learnDispersion(stage, series, hour, sums);
  addVotes(series, hour, sums);
}

/** A source that still learns measures dispersion only while no source of the stage is ready. */
function learnDispersion({ dispersion, sources }: StageState, series: Series, hour: number, sums: Sums): void {
  if (!series.today || (!series.ready && sources.some(({ ready }) => ready))) return;
  const mean = expectedFriction(series, series.today, hour);
  const spread = sums.squares - 2 * mean * sums.friction + sums.votes * mean * mean;
  addResidual(dispersion, Math.floor(hour / 24), sums.votes, sums.friction - sums.votes * mean, spread);
}

function decide(stage: StageState, hour: number, bets: Bets, settings: DetectorSettings): Decision | null {
  if (stage.episode) return decideOpen(stage, hour, bets, settings);
  capGains(bets.rise, stage.threshold);
  moveTwins(stage, bets.rise);
  if (gather(stage.rising, bets.rise) >= stage.threshold) return open(stage, hour);
  if (!watchesFall(stage, hour, settings)) return null;
  capGains(bets.fall, stage.threshold);
  return gather(stage.falling, bets.fall) >= stage.threshold ? improve(stage, hour) : null;
}

function decideOpen(stage: StageState, hour: number, bets: Bets, settings: DetectorSettings): Decision | null {
  const episode = stage.episode!;
  const threshold = thresholdOf(stage, settings.closeBudgetDays);
  capGains(bets.fall, threshold);
  gather(episode.closing, bets.fall);
  return follow(stage, episode, threshold, hour);
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
