/**
 * Betting evidence in Shiryaev-Roberts form (Waudby-Smith and Ramdas 2020; Shin, Ramdas and Rinaldo 2022) and its onset twin,
 * a CUSUM (Page 1954). The evidence less the number of hours with votes is a supermartingale while the mean friction is at most
 * `mean`, so an alarm at evidence c comes by chance once in c such hours or later.
 */
import { effects } from './state.ts';

/** Hours that must agree at least before an alarm. */
const leastHours = 12;

/** Adds to gains[k] the weighted log wealth of bet bets[k] on a friction above `mean`. */
export function addRise(
  gains: number[],
  levels: readonly number[],
  mean: number,
  bets: readonly number[],
  weight: number,
): void {
  const top = levels.length - 1;
  for (let level = 0; level <= top; level++) {
    const count = levels[level]!;
    if (count !== 0) addGain(gains, level / top / mean - 1, bets, weight * count);
  }
}

/** The mirror image: bets on a friction below `mean`. */
export function addFall(
  gains: number[],
  levels: readonly number[],
  mean: number,
  bets: readonly number[],
  weight: number,
): void {
  const top = levels.length - 1;
  for (let level = 0; level <= top; level++) {
    const count = levels[level]!;
    if (count !== 0) addGain(gains, (1 - level / top) / (1 - mean) - 1, bets, weight * count);
  }
}

function addGain(gains: number[], odds: number, bets: readonly number[], weight: number): void {
  for (let effect = 0; effect < bets.length; effect++) gains[effect]! += weight * Math.log(1 + bets[effect]! * odds);
}

/** No single hour counts for more than a sixth of the way to the alarm. */
export function capGains(gains: number[], threshold: number): void {
  const cap = Math.log(threshold) / leastHours;
  for (let effect = 0; effect < gains.length; effect++) gains[effect] = Math.min(cap, gains[effect]!);
}

/** M ← (M + 1)·e^gain; returns the mean over the effects. */
export function gather(wealth: number[], gains: readonly number[]): number {
  let sum = 0;
  for (let effect = 0; effect < wealth.length; effect++) {
    wealth[effect] = (wealth[effect]! + 1) * Math.exp(gains[effect]!);
    sum += wealth[effect]!;
  }
  return sum / effects.length;
}

export function evidenceOf(wealth: readonly number[]): number {
  return wealth.reduce((sum, value) => sum + value, 0) / wealth.length;
}
