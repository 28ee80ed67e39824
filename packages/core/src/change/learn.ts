/** What votes mean against the baseline of their source, and how they enter the stage's dispersion. */
import { expectedFriction } from './baseline.ts';
import { frictionRise } from './belief.ts';
import { addResidual } from './dispersion.ts';
import type { Excess, Series, StageState, Sums, Today } from './state.ts';

export function excessOf(sums: Sums, today: Today, expected: number): Excess {
  const { votes, friction, unhappy } = sums;
  return { votes, residual: friction - votes * expected, unhappy, expected: votes * today.unhappy };
}

/** Friction of no wider gap than before: what the baseline expects, less what the company says has become better. */
export function tightened(stage: StageState, series: Series, expected: number, hour: number): number {
  return stage.belief === null ? expected : expected - Math.max(0, frictionRise(stage, series, hour));
}

/** A source that still learns measures dispersion only while no source of the stage is ready. */
export function learnDispersion({ dispersion, sources }: StageState, series: Series, hour: number, sums: Sums): void {
  if (!series.today || (!series.ready && sources.some(({ ready }) => ready))) return;
  const mean = expectedFriction(series, series.today, hour);
  const spread = sums.squares - 2 * mean * sums.friction + sums.votes * mean * mean;
  addResidual(dispersion, Math.floor(hour / 24), sums.votes, sums.friction - sums.votes * mean, spread);
}
