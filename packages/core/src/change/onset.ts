/**
 * When it began. The onset twin is a CUSUM per effect that knows the hour at which it left zero and what was heard since;
 * the interval comes from the likelihood of each day of the last three weeks as the first one.
 */
import { addExcess } from './decision.ts';
import { type Excess, lagDays, noExcess, type Series, type StageState } from './state.ts';

/** Days whose log likelihood as the first day is this much below the best are not in the interval. */
const likelihoodDrop = 3;
/** Twins that stand this much below the highest explain the votes about as well. */
const twinDrop = 1;

/** Before the votes of an hour: twins at zero start anew at `hour`. */
export function startTwins({ cusum }: StageState, hour: number): void {
  for (let effect = 0; effect < cusum.value.length; effect++) {
    if (cusum.value[effect]! > 0) continue;
    cusum.value[effect] = 0;
    cusum.since[effect] = hour;
  }
}

/** The votes of one source: each twin adds them to what was heard since it started. */
export function hearTwins({ onset }: Series, { cusum }: StageState, heard: Excess): void {
  for (let effect = 0; effect < cusum.since.length; effect++) {
    if (onset.since[effect] !== cusum.since[effect]) {
      onset.since[effect] = cusum.since[effect]!;
      onset.votes[effect] = heard.votes;
      onset.residual[effect] = heard.residual;
      onset.unhappy[effect] = heard.unhappy;
      onset.expected[effect] = heard.expected;
    } else {
      onset.votes[effect]! += heard.votes;
      onset.residual[effect]! += heard.residual;
      onset.unhappy[effect]! += heard.unhappy;
      onset.expected[effect]! += heard.expected;
    }
  }
}

/** After the votes of an hour. */
export function moveTwins({ cusum }: StageState, gains: readonly number[]): void {
  for (let effect = 0; effect < gains.length; effect++) cusum.value[effect]! += gains[effect]!;
}

/** The smallest effect whose twin stands about as high as the highest: large effects take the last spell for the whole. */
export function leadingEffect({ cusum }: StageState): number {
  const highest = Math.max(...cusum.value);
  return cusum.value.findIndex((value) => value >= highest - twinDrop);
}

/** What a source heard since the twin of `effect` started. */
export function heardSince({ onset }: Series, { cusum }: StageState, effect: number): Excess {
  if (onset.since[effect] !== cusum.since[effect]) return noExcess();
  return {
    votes: onset.votes[effect]!,
    residual: onset.residual[effect]!,
    unhappy: onset.unhappy[effect]!,
    expected: onset.expected[effect]!,
  };
}

/** What a source heard on the whole days from `fromDay` to `day`, at today's baseline. */
export function heardOnDays({ pending, today }: Series, fromDay: number, day: number): Excess {
  const sum = noExcess();
  if (!today) return sum;
  for (let heard = Math.max(fromDay, day - lagDays + 1); heard <= day; heard++) {
    const slot = heard % lagDays;
    const votes = pending.votes[slot]!;
    const residual = pending.friction[slot]! - votes * today.mean;
    addExcess(sum, { votes, residual, unhappy: pending.unhappy[slot]!, expected: votes * today.unhappy });
  }
  return sum;
}

/**
 * First and last day that are likely to be the first of a change in direction `sign`, and the likeliest, from the residuals
 * of the days inside the lag. Null where none moved that way.
 */
export function likelyFirstDays(
  stage: StageState,
  day: number,
  sign: 1 | -1,
): { from: number; best: number; to: number } | null {
  const scores = dayScores(stage, day, sign);
  const best = scores.reduce((highest, score) => Math.max(highest, score), 0);
  if (best === 0) return null;
  const likely = scores.flatMap((score, back) => (score >= best - likelihoodDrop ? [day - back] : []));
  return { from: Math.min(...likely), best: day - scores.indexOf(best), to: Math.max(...likely) };
}

/** Log likelihood ratio of a change that began `back` days ago, by back; 0 where the mean did not move that way. */
function dayScores({ dispersion, correlation }: StageState, day: number, sign: 1 | -1): number[] {
  const { pending } = dispersion;
  const variance = Math.max(dispersion.votes > 0 ? dispersion.spread / dispersion.votes : 0.1, 0.01);
  let residual = 0;
  let noise = 0;
  return Array.from({ length: lagDays }, (_, back) => {
    const slot = (day - back) % lagDays;
    const votes = pending.votes[slot]!;
    residual += sign * pending.residual[slot]!;
    noise += variance * votes * (1 + correlation * Math.max(0, votes - 1));
    return residual > 0 && noise > 0 && votes > 0 ? residual ** 2 / (2 * noise) : 0;
  });
}
