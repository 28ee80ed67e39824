import { describe, expect, it } from 'vitest';
import { expectedFriction, sumsOf } from './baseline.ts';
import { hourOfDay, newWorld, run, startHour, steadyVotes } from './votes.fixture.ts';

describe('the sums of a histogram', () => {
  it.each([
    ['five levels', [1, 0, 2, 0, 1], { votes: 4, friction: 2, squares: 1.5, unhappy: 1, unhappyFriction: 1 }],
    ['two levels', [3, 1], { votes: 4, friction: 1, squares: 1, unhappy: 1, unhappyFriction: 1 }],
    ['removals', [0, 0, -2], { votes: -2, friction: -2, squares: -2, unhappy: -2, unhappyFriction: -2 }],
    ['nothing', [0, 0, 0], { votes: 0, friction: 0, squares: 0, unhappy: 0, unhappyFriction: 0 }],
  ])('%s', (_, levels, sums) => {
    expect(sumsOf(levels)).toEqual(sums);
  });
});

/** The expectation of the only source after `days` of votes of the wanted share. */
function expectationAfter(days: number, shareAt: (hour: number) => number) {
  const world = newWorld();
  const votesAt = steadyVotes('delivery', 'survey', 20, shareAt);
  run(world, startHour, hourOfDay(days), (hour) => [votesAt(hour)]);
  const [series] = world.stages.get('delivery')!.sources;
  return (hour: number) => expectedFriction(series!, series!.today!, hour);
}

describe('the baseline', () => {
  const shapes: [string, (hour: number) => boolean][] = [
    ['hours of the day', (hour) => hour % 24 < 8],
    ['days of the week', (hour) => Math.floor(hour / 24) % 7 < 2],
  ];
  it.each(shapes)('knows the %s', (_, isBad) => {
    const expected = expectationAfter(120, (hour) => (isBad(hour) ? 0.3 : 0.1));
    const week = Array.from({ length: 168 }, (_, hour) => hourOfDay(120) + hour);
    const mean = (hours: number[]) => hours.reduce((sum, hour) => sum + expected(hour), 0) / hours.length;
    expect(mean(week.filter(isBad)) - mean(week.filter((hour) => !isBad(hour)))).toBeGreaterThan(0.08);
  });

  it('does not learn from the last three weeks', () => {
    const still = expectationAfter(80, () => 0.2);
    const risen = expectationAfter(80, (hour) => (hour < hourOfDay(60) ? 0.2 : 0.26));
    const midday = hourOfDay(80) + 12;
    expect(risen(midday)).toBeCloseTo(still(midday), 2);
  });

  it('follows an improvement', () => {
    const expected = expectationAfter(260, (hour) => (hour < hourOfDay(60) ? 0.4 : 0.1));
    const improved = expectationAfter(260, () => 0.1);
    const midday = hourOfDay(260) + 12;
    expect(expected(midday) - improved(midday)).toBeLessThan(0.04);
  });
});
