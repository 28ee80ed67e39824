/**
 * The baseline of one source at one stage: what its friction usually is at this hour of the day and this day of the week.
 * A vote shapes its level 21 days later and never while an episode is open; a day without votes changes nothing.
 */
import { effects, fallEffects, type HourSums, lagDays, type Series, type Sums, type Today } from './state.ts';

/** Half-life of the baseline, in days with votes. */
const halfLifeDays = 56;
export const dailyDecay = 0.5 ** (1 / halfLifeDays);
/** Votes that a baseline needs at least, and the days: 14, growing to 28 between 100 and 1,000 votes a day. */
const leastVotes = 20;
const leastDays = 14;
const mostDays = 28;
/** Share of these days that must have votes: a stage may rest at weekends. */
const heardShare = 5 / 7;
/** Cells are shrunk as if they were known to differ from the mean by about .03. */
const cellSpread = 0.03;
/** A variance is never taken for less, and starts as if ten votes had shown the usual one. */
const leastVariance = 0.01;
const usualVariance = 0.08;
const usualVotes = 10;
/** Mean friction of unhappy votes and of the others where hardly any are known. */
const usualUnhappy = 0.8;
const usualOthers = 0.15;

export function sumsOf(levels: readonly number[]): HourSums {
  const top = levels.length - 1;
  let votes = 0;
  let friction = 0;
  let squares = 0;
  let unhappy = 0;
  let unhappyFriction = 0;
  for (let level = 0; level <= top; level++) {
    const count = levels[level]!;
    if (count === 0) continue;
    votes += count;
    friction += count * level;
    squares += count * level * level;
    if (2 * level > top) {
      unhappy += count;
      unhappyFriction += count * level;
    }
  }
  return {
    votes,
    friction: friction / top,
    squares: squares / (top * top),
    unhappy,
    unhappyFriction: unhappyFriction / top,
  };
}

/** Adds votes of `hour` to the days that wait and to the cell of the hour; `weight` is what is left of that cell since. */
export function addVotes(series: Series, hour: number, sums: HourSums, weight = 1): void {
  const slot = Math.floor(hour / 24) % lagDays;
  const { pending } = series;
  pending.votes[slot]! += sums.votes;
  pending.friction[slot]! += sums.friction;
  pending.squares[slot]! += sums.squares;
  pending.unhappy[slot]! += sums.unhappy;
  addToHour(series, hour, sums, weight);
}

function addToHour({ hours, unhappy }: Series, hour: number, sums: HourSums, weight: number): void {
  hours.votes[hour % 24]! += weight * sums.votes;
  hours.friction[hour % 24]! += weight * sums.friction;
  unhappy.votes = Math.max(0, unhappy.votes + weight * sums.unhappy);
  unhappy.friction = Math.max(0, unhappy.friction + weight * sums.unhappyFriction);
}

/** Corrects a day that is part of the level already, `age` days ago; never below nothing. */
export function correctLevel(series: Series, hour: number, sums: HourSums, age: number): void {
  const { level, weekdays } = series;
  const weight = dailyDecay ** (age - lagDays);
  if (level.votes + weight * sums.votes <= 0) return;
  const weekday = Math.floor(hour / 24) % 7;
  level.votes += weight * sums.votes;
  level.friction = Math.max(0, level.friction + weight * sums.friction);
  level.squares = Math.max(0, level.squares + weight * sums.squares);
  level.unhappy = Math.max(0, level.unhappy + weight * sums.unhappy);
  weekdays.votes[weekday] = Math.max(0, weekdays.votes[weekday]! + weight * sums.votes);
  weekdays.friction[weekday] = Math.max(0, weekdays.friction[weekday]! + weight * sums.friction);
  addToHour(series, hour, sums, dailyDecay ** age);
}

function fade(values: number[]): void {
  for (let index = 0; index < values.length; index++) values[index]! *= dailyDecay;
}

/** A day begins: the day that leaves the lag enters the level. */
export function beginDay(series: Series, day: number): void {
  if (series.heardToday) {
    fade(series.hours.votes);
    fade(series.hours.friction);
    series.unhappy.votes *= dailyDecay;
    series.unhappy.friction *= dailyDecay;
    series.heardToday = false;
  }
  const slot = day % lagDays;
  if (series.pending.votes[slot]! > 0) absorb(series, slot, (day - lagDays) % 7);
  clearPending(series, slot);
}

function absorb(series: Series, slot: number, weekday: number): void {
  const { level, weekdays, pending } = series;
  series.baselineDays += 1;
  level.days = level.days * dailyDecay + 1;
  level.votes = level.votes * dailyDecay + pending.votes[slot]!;
  level.friction = level.friction * dailyDecay + pending.friction[slot]!;
  level.squares = level.squares * dailyDecay + pending.squares[slot]!;
  level.unhappy = level.unhappy * dailyDecay + pending.unhappy[slot]!;
  fade(weekdays.votes);
  fade(weekdays.friction);
  weekdays.votes[weekday]! += pending.votes[slot]!;
  weekdays.friction[weekday]! += pending.friction[slot]!;
}

export function clearPending({ pending }: Series, slot: number): void {
  pending.votes[slot] = 0;
  pending.friction[slot] = 0;
  pending.squares[slot] = 0;
  pending.unhappy[slot] = 0;
}

/** Days of baseline that the source needs: more votes a day make the mean so sharp that slow wander shows. */
function wantedDays(series: Series, day: number): number {
  const votesPerDay = series.votes / Math.max(1, day - series.firstDay);
  const days = leastDays * (1 + Math.log10(Math.max(votesPerDay, 1) / 100));
  return Math.ceil(Math.min(mostDays, Math.max(leastDays, days)));
}

/** First day on which the source may bet, as far as its votes so far tell. */
export function readyDay(series: Series, day: number): number {
  const { level, baselineDays, firstDay, votes } = series;
  const wanted = wantedDays(series, day);
  const byDays = firstDay + lagDays + wanted;
  const missingVotes = leastVotes - level.votes;
  const missingDays = Math.ceil(wanted * heardShare) - baselineDays;
  if (missingVotes <= 0 && missingDays <= 0) return byDays;
  const votesPerDay = Math.max(votes / Math.max(1, day - firstDay), 0.01);
  const byVotes = firstDay + lagDays + Math.ceil(leastVotes / votesPerDay);
  return Math.max(byDays, byVotes, day + 1);
}

/**
 * What the baseline says on `day`. Before it is ready, the votes inside the lag help out: such a mean measures
 * dispersion, and no bet is made on it. `correlation` is ρ, the share of variance that the votes of a day have in common.
 */
export function renewToday(series: Series, day: number, correlation: number): void {
  series.ready ||= day >= readyDay(series, day);
  const sums = series.ready ? series.level : everything(series);
  series.today = sums.votes < leastVotes ? null : describe(series, sums, correlation);
}

function everything({ level, pending }: Series): Sums & { days: number } {
  const sums = { ...level };
  for (let slot = 0; slot < lagDays; slot++) {
    if (pending.votes[slot] === 0) continue;
    sums.days += 1;
    sums.votes += pending.votes[slot]!;
    sums.friction += pending.friction[slot]!;
    sums.squares += pending.squares[slot]!;
    sums.unhappy += pending.unhappy[slot]!;
  }
  return sums;
}

function describe(series: Series, sums: Sums & { days: number }, correlation: number): Today {
  const mean = sums.friction / sums.votes;
  const measured = Math.max(sums.squares / sums.votes - mean * mean, 0);
  const shrunk = (measured * sums.votes + usualVariance * usualVotes) / (sums.votes + usualVotes);
  const variance = Math.max(shrunk, leastVariance);
  const votesPerDay = sums.votes / Math.max(sums.days, 1);
  const meanVariance = (variance * (1 + correlation * Math.max(0, votesPerDay - 1))) / sums.votes;
  return {
    mean,
    shapeMean: total(series.hours.friction) / Math.max(total(series.hours.votes), 1e-9),
    severity: severityOf(series),
    variance,
    unhappy: sums.unhappy / sums.votes,
    margin: Math.sqrt(meanVariance),
    meanVariance,
    rise: effects.map((effect) => bet(effect, mean, variance)),
    fall: fallEffects.map((effect) => bet(effect, 1 - mean, variance)),
  };
}

/** Each group counts one vote more, of the usual friction, so that few votes cannot tell nonsense. */
function severityOf({ hours, unhappy }: Series): number {
  const others = Math.max(0, total(hours.votes) - unhappy.votes);
  const othersFriction = Math.max(0, total(hours.friction) - unhappy.friction);
  return (unhappy.friction + usualUnhappy) / (unhappy.votes + 1) - (othersFriction + usualOthers) / (others + 1);
}

function total(values: number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** The bet λ that grows fastest if the mean moves by `effect` (second order). */
export function bet(effect: number, mean: number, variance: number): number {
  return Math.min(0.9, Math.max(0, (effect * mean) / (variance + effect * effect)));
}

/** Expected friction in `hour`, without margin. */
export function expectedFriction(series: Series, today: Today, hour: number): number {
  const strength = today.variance / (cellSpread * cellSpread);
  const { hours, weekdays } = series;
  const clock = hour % 24;
  const weekday = Math.floor(hour / 24) % 7;
  const byHour = (hours.friction[clock]! - hours.votes[clock]! * today.shapeMean) / (hours.votes[clock]! + strength);
  const byDay =
    (weekdays.friction[weekday]! - weekdays.votes[weekday]! * today.mean) / (weekdays.votes[weekday]! + strength);
  return Math.min(0.99, Math.max(0.01, today.mean + byHour + byDay));
}
