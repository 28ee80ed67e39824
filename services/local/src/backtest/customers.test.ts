import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bits, Numbers } from './customers.ts';

describe('customers', () => {
  it('are numbered from 0 as they come, each always the same', () => {
    const numbers = new Numbers();
    const ids = Array.from({ length: 50_000 }, (_, index) => `c-${index * 7}`);
    expect(ids.map((id) => numbers.numberOf(id))).toEqual(ids.map((_, index) => index));
    expect(ids.map((id) => numbers.numberOf(id))).toEqual(ids.map((_, index) => index));
    expect(numbers.size).toBe(50_000);
  });

  it('are counted once in a set of bits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000)), (numbers) => {
        const bits = new Bits();
        const known = new Set<number>();
        for (const number of numbers) {
          expect(bits.add(number)).toBe(!known.has(number));
          known.add(number);
        }
        expect(bits.size).toBe(known.size);
      }),
    );
  });
});
