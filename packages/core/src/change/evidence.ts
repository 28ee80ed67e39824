/**
 * Betting evidence in Shiryaev-Roberts form (Waudby-Smith and Ramdas 2020; Shin, Ramdas and Rinaldo 2022) and its onset twin,
 * a CUSUM (Page 1954). The evidence less the number of hours with votes is a supermartingale while the mean friction is at most
 * `mean`, so an alarm at evidence c comes by chance once in c such hours or later.
 */
/** Hours that must agree at least before an alarm: a bad quarter of a day is not a gap yet. */
const leastHours = 9;
/** Counts up to this are multiplied out, and the product is taken to its logarithm when it is far from one. */
const fewVotes = 7;
const enough = 1e100;

/** Adds to gains[k] the weighted log wealth of bet bets[k] on a friction above `mean`. */
export function addRise(
  gains: number[],
  levels: readonly number[],
  mean: number,
  bets: readonly number[],
  weight: number,
): void {
  const top = levels.length - 1;
  const perLevel = 1 / (top * mean);
  for (let effect = 0; effect < bets.length; effect++) {
    const lost = 1 - bets[effect]!;
    gains[effect]! += weight * logWealth(levels, lost, bets[effect]! * perLevel);
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
  const perLevel = 1 / (top * (1 - mean));
  for (let effect = 0; effect < bets.length; effect++) {
    const won = bets[effect]! * perLevel;
    gains[effect]! += weight * logWealth(levels, 1 - bets[effect]! + won * top, -won);
  }
}

/** Σ levels[j]·ln(start + slope·j). Few votes are multiplied, which spares logarithms and stays far from overflow. */
function logWealth(levels: readonly number[], start: number, slope: number): number {
  let logs = 0;
  let product = 1;
  for (let level = 0; level < levels.length; level++) {
    const count = levels[level]!;
    if (count === 0) continue;
    const factor = start + slope * level;
    if (count > fewVotes) logs += count * Math.log(factor);
    else for (let vote = 0; vote < count; vote++) product *= factor;
    if (product > enough || product < 1 / enough) {
      logs += Math.log(product);
      product = 1;
    }
  }
  return logs + Math.log(product);
}

/** No single hour counts for more than a ninth of the way to the alarm. */
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
  return sum / wealth.length;
}

/** Takes the evidence down to a level, each effect by the same share: it can only come later to what it would have said. */
export function holdAt(wealth: number[], level: number): void {
  const share = level / evidenceOf(wealth);
  for (let effect = 0; effect < wealth.length; effect++) wealth[effect]! *= share;
}

export function evidenceOf(wealth: readonly number[]): number {
  return wealth.reduce((sum, value) => sum + value, 0) / wealth.length;
}
