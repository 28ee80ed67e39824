/**
 * The detector of the baseline gap ('worse than before') and of the knowledge gap ('worse than we report'): a pure fold of closed
 * hours into decisions.
 * The same hours give the same decisions, whatever the order of the votes inside an hour and wherever the state was stored
 * and read back between two of them; an hour without votes changes nothing. Evidence belongs to a stage, baselines to its sources:
 * each source bets at its own baseline, so that a shift in the mix of sources raises nothing.
 */
import { groupVotes, type HourVotes, seriesOf, stageOf, votesIn } from './ballots.ts';
import { addVotes, bet, expectedFriction, sumsOf } from './baseline.ts';
import { frictionRise } from './belief.ts';
import { advance, thresholdOf } from './clock.ts';
import { addExcess, type Decision, votesOfDay } from './decision.ts';
import { correction, follow } from './ending.ts';
import { halfStep, hearEpisode, improve, isAlarm, isImprovement, measureStep, open, settle } from './episode.ts';
import { addFall, addRise, capGains, gather } from './evidence.ts';
import { excessOf, learnDispersion, tightened } from './learn.ts';
import { hearTwins, moveTwins, startTwins } from './onset.ts';
import type { DetectorSettings } from './settings.ts';
import {
  type Ballot,
  effects,
  type HourSums,
  noExcess,
  perEffect,
  perFallEffect,
  type Series,
  type StageState,
  type Tenant,
} from './state.ts';

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
  const byStage = groupVotes(votes, hour, stages);
  for (const [name, stage] of stages) if (hasNews(stage) && !byStage.has(name)) byStage.set(name, []);
  return [...byStage.keys()].sort().flatMap((name) => {
    const stage = stageOf(stages, name, hour);
    return foldHour(tenant, stage, hour, byStage.get(name)!, settings);
  });
}

/** What became known late is taken up when the next hour closes, even when nobody spoke in it. */
function hasNews({ late, episode }: StageState): boolean {
  return late.length > 0 || (episode !== null && episode.sizeBeforeCorrection !== null);
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
  return listen(stage, hour, own, late, settings);
}

function countVotes({ lastVotes, active, hour }: StageState, own: readonly Ballot[], late: readonly Ballot[]): void {
  for (const { levels } of own) lastVotes[hour % 24]! += votesIn(levels);
  for (const { levels } of late) lastVotes[hour % 24]! += votesIn(levels);
  if (lastVotes[hour % 24]! > 0) active.today += 1;
}

/** One hour of a stage: all sources bet, the stage decides, the baselines learn. */
function listen(
  stage: StageState,
  hour: number,
  own: readonly Ballot[],
  late: readonly Ballot[],
  settings: DetectorSettings,
): Decision[] {
  const bets: Bets = { rise: perEffect(), fall: stage.episode ? [0] : perFallEffect(), voted: false };
  const weight = 1 / (1 + stage.correlation * Math.max(0, votesOfDay(stage) - 1));
  const half = stage.episode ? halfStep(stage.episode) : 0;
  startTwins(
    stage,
    late.reduce((first, ballot) => Math.min(first, ballot.hour), hour),
  );
  const table: Table = { bets, weight, half, settings };
  const heard = own.map((ballot) => hear(stage, ballot));
  for (const entry of heard) placeBets(stage, entry, table);
  for (const ballot of late) placeBets(stage, hear(stage, ballot), table);
  for (const entry of heard) learn(stage, entry);
  if (bets.voted) return decide(stage, hour, bets, settings);
  return stage.episode ? correction(stage, stage.episode, hour) : [];
}

type Bets = { rise: number[]; fall: number[]; voted: boolean };
type Table = { bets: Bets; weight: number; half: number; settings: DetectorSettings };

type Heard = { ballot: Ballot; series: Series; sums: HourSums };

function hear(stage: StageState, ballot: Ballot): Heard {
  return { ballot, series: seriesOf(stage, ballot.source, Math.floor(ballot.hour / 24)), sums: sumsOf(ballot.levels) };
}

function placeBets(stage: StageState, { series, ballot, sums }: Heard, table: Table): void {
  const { today } = series;
  if (!series.ready || !today || sums.votes === 0) return;
  const { bets, weight, half, settings } = table;
  const usual = expectedFriction(series, today, ballot.hour);
  const expected = tightened(stage, series, usual, ballot.hour);
  const heard = excessOf(sums, today, expected);
  const margin = today.margin + ignoredRise(settings);
  bets.voted = true;
  hearTwins(series, stage, heard);
  if (stage.episode) {
    const open = clip(expected + half);
    addFall(bets.fall, ballot.levels, open, [bet(half, 1 - today.mean - half, today.variance)], weight);
    if (!stage.episode.sinceOpening) {
      const worse = clip(expected + 3 * half + margin);
      addRise(bets.rise, ballot.levels, worse, betsAt(worse, today.variance), weight);
    }
    hearEpisode(stage.episode, heard);
    series.episode ??= noExcess();
    addExcess(series.episode, heard);
    return;
  }
  addRise(bets.rise, ballot.levels, clip(expected + margin), today.rise, weight);
  if (!watchesFall(stage, ballot.hour, settings)) return;
  const lowered = Math.max(0, -frictionRise(stage, series, ballot.hour));
  addFall(bets.fall, ballot.levels, clip(usual + lowered - margin), today.fall, weight);
}

function ignoredRise({ strict, ignoreBelow }: DetectorSettings): number {
  return strict ? Math.max(strictIgnore, ignoreBelow) : ignoreBelow;
}

/** Bets on a further rise of an open episode, whose mean is `mean`. */
function betsAt(mean: number, variance: number): number[] {
  return effects.map((effect) => bet(effect, mean, variance));
}

function clip(mean: number): number {
  return Math.min(0.99, Math.max(0.01, mean));
}

/** A fall is told once in a budget: until then the baseline follows it. */
function watchesFall({ improvedHour }: StageState, hour: number, { budgetDays }: DetectorSettings): boolean {
  return improvedHour === null || hour - improvedHour >= budgetDays * 24;
}

/** Votes enter the baseline of their day, unless an episode is open. */
function learn(stage: StageState, { series, ballot: { hour }, sums }: Heard): void {
  series.votes += sums.votes;
  if (stage.episode || sums.votes === 0) return;
  series.heardToday = true;
  learnDispersion(stage, series, hour, sums);
  addVotes(series, hour, sums);
}

function decide(stage: StageState, hour: number, bets: Bets, settings: DetectorSettings): Decision[] {
  if (stage.episode) return decideOpen(stage, hour, bets, settings);
  raise(stage, bets);
  if (isAlarm(stage)) return [open(stage, hour)];
  if (!watchesFall(stage, hour, settings)) return [];
  capGains(bets.fall, stage.threshold);
  gather(stage.falling, bets.fall);
  return isImprovement(stage, hour) ? [improve(stage, hour)] : [];
}

/** The bets of an hour become evidence of a rise. */
function raise(stage: StageState, bets: Bets): void {
  capGains(bets.rise, stage.threshold);
  moveTwins(stage, bets.rise);
  gather(stage.rising, bets.rise);
}

function decideOpen(stage: StageState, hour: number, bets: Bets, settings: DetectorSettings): Decision[] {
  const episode = stage.episode!;
  const threshold = thresholdOf(stage, settings.closeBudgetDays);
  const nearest = effects.findLastIndex((effect) => effect <= halfStep(episode));
  if (!episode.sinceOpening) raise(stage, bets);
  capGains(bets.fall, threshold);
  settle(episode, bets.fall[0]!, episode.sinceOpening ? 0 : bets.rise[Math.max(0, nearest)]!);
  measureStep(episode, hour);
  gather(episode.closing, bets.fall);
  return follow(stage, episode, threshold, hour);
}
