import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFall, addRise, capGains, gather } from './evidence.ts';
import { effects } from './state.ts';

const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 21 });
const mean = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const bet = fc.double({ min: 0, max: 0.9, noNaN: true });

/** Σ c·ln(1 + λ(x/m − 1)), as it is written in the literature. */
function logWealth(levels: number[], m: number, lambda: number, flip: boolean): number {
  const top = levels.length - 1;
  return levels.reduce((sum, count, level) => {
    const x = flip ? 1 - level / top : level / top;
    return sum + count * Math.log(1 + lambda * (x / (flip ? 1 - m : m) - 1));
  }, 0);
}

describe('bets', () => {
  it.each([
    ['on a rise', addRise, false],
    ['on a fall', addFall, true],
  ] as const)('%s are the formula, for few votes and many', (_, add, flip) => {
    fc.assert(
      fc.property(counts, mean, bet, (levels, m, lambda) => {
        const gains = [0.5];
        add(gains, levels, m, [lambda], 2);
        const expected = 0.5 + 2 * logWealth(levels, m, lambda, flip);
        expect(Math.abs(gains[0]! - expected)).toBeLessThan(1e-8 * (1 + Math.abs(expected)));
      }),
    );
  });

  it('are fair: at the mean of the baseline a vote multiplies the wealth by one on average', () => {
    fc.assert(
      fc.property(mean, bet, (m, lambda) => {
        const wealthAfter = (levels: number[]) => {
          const gains = [0];
          addRise(gains, levels, m, [lambda], 1);
          return Math.exp(gains[0]!);
        };
        expect((1 - m) * wealthAfter([1, 0]) + m * wealthAfter([0, 1])).toBeCloseTo(1, 9);
      }),
    );
  });

  it('divided by the dispersion never win on average', () => {
    fc.assert(
      fc.property(mean, bet, fc.double({ min: 0.01, max: 1, noNaN: true }), (m, lambda, weight) => {
        const wealthAfter = (levels: number[]) => {
          const gains = [0];
          addRise(gains, levels, m, [lambda], weight);
          return Math.exp(gains[0]!);
        };
        expect((1 - m) * wealthAfter([1, 0]) + m * wealthAfter([0, 1])).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

describe('evidence', () => {
  it('grows by one an hour where nothing is won or lost', () => {
    const wealth = effects.map(() => 0);
    const evidence = [1, 2, 3].map(() =>
      gather(
        wealth,
        effects.map(() => 0),
      ),
    );
    expect(evidence).toEqual([1, 2, 3]);
  });

  it('cannot reach the alarm in fewer than nine hours', () => {
    const wealth = effects.map(() => 0);
    const threshold = 2160;
    for (let hour = 1; hour < 9; hour++) {
      const gains = effects.map(() => 50);
      capGains(gains, threshold);
      if (hour < 8) expect(gather(wealth, gains)).toBeLessThan(threshold);
    }
  });
});
