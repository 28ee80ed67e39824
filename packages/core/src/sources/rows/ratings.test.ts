import { describe, expect, it } from 'vitest';
import { readRating } from './ratings.ts';

describe('a rating', () => {
  it.each([
    ['4', 4],
    ['4,5', 4.5],
    ['-1', -1],
    ['4 stars', 4],
    ['1 star', 1],
    ['4.5★', 4.5],
    ['★★★', 3],
    ['⭐️⭐️', 2],
    ['10 - Extremely likely', 10],
    ['1 = Poor', 1],
  ])('%s is %d', (text, value) => {
    expect(readRating(text)).toEqual({ value });
  });

  it.each([
    ['4/5', 4, 5],
    ['8.5 / 10', 8.5, 10],
    ['4 out of 5', 4, 5],
    ['3 von 5', 3, 5],
    ['★★★☆☆', 3, 5],
    ['80 %', 80, 100],
    ['80,5%', 80.5, 100],
  ])('%s is %d, out of %d', (text, value, of) => {
    expect(readRating(text)).toEqual({ value, of });
  });

  it.each(['good', '4 or 5', '4 - 5', 'A - good', '☆☆☆☆☆', '1/2/2026', '5/', '%', 'many stars', '1,000'])(
    '%s is none',
    (text) => {
      expect(readRating(text)).toHaveProperty('fault');
    },
  );
});
