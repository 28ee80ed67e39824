import { expect, it } from 'vitest';
import { hourMs, volumeFactor } from './season.ts';

const mondayMs = Date.UTC(2025, 0, 6);
const week = Array.from({ length: 168 }, (_, hour) => volumeFactor(mondayMs + hour * hourMs));
const sum = (list: readonly number[]): number => list.reduce((total, item) => total + item, 0);

it('has a mean of 1 over a week, and repeats each week', () => {
  expect(sum(week) / 168).toBeCloseTo(1, 12);
  expect(volumeFactor(mondayMs + 168 * hourMs)).toBe(week[0]);
});

it('has busy Mondays, quiet Sundays and quieter nights', () => {
  expect(sum(week.slice(0, 24))).toBeGreaterThan(1.5 * sum(week.slice(144)));
  expect(week[10]).toBeGreaterThan(5 * (week[2] as number));
});
