import { describe, expect, it } from 'vitest';
import { Random, unitOf } from './random.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const draws = <T>(count: number, draw: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => draw(index));

describe('Random', () => {
  it('draws the same for the same seed, and other numbers for another', () => {
    const [one, same, other] = [new Random(5), new Random(5), new Random(6)];
    const first = draws(50, () => one.unit());
    expect(draws(50, () => same.unit())).toEqual(first);
    expect(draws(50, () => other.unit())).not.toEqual(first);
  });

  it.each([0, 0.3, 4, 30, 31, 250])('draws Poisson counts of mean and variance %d', (rate) => {
    const random = new Random(1);
    const counts = draws(20_000, () => random.poisson(rate));
    const spread = mean(counts.map((count) => (count - rate) ** 2));
    expect(Math.abs(mean(counts) - rate)).toBeLessThanOrEqual(4 * Math.sqrt(rate / 20_000));
    expect(Math.abs(spread - rate)).toBeLessThanOrEqual(0.06 * rate);
  });

  it('picks in proportion to weights', () => {
    const random = new Random(2);
    const hits = [0, 0, 0];
    for (let turn = 0; turn < 30_000; turn++) hits[random.weighted([1, 0, 2])]! += 1;
    expect(hits[1]).toBe(0);
    expect(hits[0]! / 30_000).toBeCloseTo(1 / 3, 1);
  });
});

describe('unitOf', () => {
  it('is uniform over each part of its key', () => {
    for (const part of [0, 1, 2, 3]) {
      const units = draws(20_000, (index) =>
        unitOf(...([7, 7, 7, 7].with(part, index) as [number, number, number, number])),
      );
      const tenths = draws(10, (tenth) => units.filter((unit) => Math.floor(unit * 10) === tenth).length);
      for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(4.5 * Math.sqrt(1_800));
    }
  });

  it('hangs on the key alone', () => {
    expect(unitOf(1, 2, 3, 4)).toBe(unitOf(1, 2, 3, 4));
    expect(unitOf(1, 2, 3, 4)).not.toBe(unitOf(1, 3, 2, 4));
  });
});
