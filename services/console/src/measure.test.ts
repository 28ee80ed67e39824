import { cellOf } from '@gapwatch/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configuration } from './company.fixture.ts';
import { wilson } from './interval.ts';
import { windowOf } from './measure.ts';

describe('the interval of a share', () => {
  it.each([
    [0, 0, null],
    [0, 10, [0, 0.2775]],
    [10, 10, [0.7225, 1]],
    [14, 100, [0.0853, 0.2214]],
  ])('of %i in %i', (hits, count, expected) => {
    const found = wilson(hits, count);
    if (expected === null) expect(found).toBeNull();
    else expected.forEach((bound, index) => void expect(found?.[index]).toBeCloseTo(bound, 4));
  });

  it('holds the share, and narrows as more are heard', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, part) => {
        const hits = Math.round(count * part);
        const [low, high] = wilson(hits, count)!;
        const [lower, higher] = wilson(hits * 2, count * 2)!;
        expect(low >= 0 && high <= 1 && low <= hits / count && hits / count <= high).toBe(true);
        expect(higher - lower).toBeLessThan(high - low);
      }),
    );
  });
});

describe('a window', () => {
  it('has shares between 0 and 1, and none of what was not measured', () => {
    const counts = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(1_000), fc.boolean());
    fc.assert(
      fc.property(counts, ([happy, unhappy, voices, silent, friction, isActive]) => {
        const customers = happy + unhappy;
        const fields = [
          customers + voices,
          customers,
          unhappy,
          voices,
          Math.floor(voices / 2),
          customers * friction,
          customers + silent,
          isActive ? 1 : 0,
        ];
        const window = windowOf({ stage: 'buy', step: '1d', start: 0 }, cellOf(fields), [], configuration);
        for (const share of [window.experience, window.friction, window.coverage]) {
          if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
        }
        expect(window.experience === null).toBe(customers + voices === 0);
        expect(window.exposed === null).toBe(!isActive);
        expect([window.belief, window.target]).toEqual([null, null]);
      }),
    );
  });
});
