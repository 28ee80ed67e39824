import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../packages/core/src/change/index.ts';
import { type Campaign, firstDay, runCampaign } from './campaign.ts';
import type { Null } from './series.ts';
import { quantile } from './table.ts';

const calm: Campaign = { seed: 11, stages: 100, days: 365, votesPerDay: 100, disturbance: 'clean', plant: null };
const opened = (campaign: Campaign) =>
  runCampaign(campaign, defaultSettings).decisions.filter(({ kind }) => kind === 'open');

describe('the budget of one false alarm a stage in 90 days', () => {
  it.each<[Null, number]>([
    ['clean', 100],
    ['clean', 10],
    ['dirty', 100],
    ['mix', 100],
    ['clusters', 100],
    ['outage-surge', 100],
  ])('is kept by a hundred unchanged stages over a year: %s, %i votes a day', (disturbance, votesPerDay) => {
    const alarms = opened({ ...calm, disturbance, votesPerDay }).length;
    expect(alarms).toBeLessThan((100 * (365 - 35)) / 90);
  });
});

describe('a step of .12 in the share of unhappy customers', () => {
  it.each([
    ['100 votes a day', 100, 5],
    ['1,000 votes a day', 1000, 1],
  ])('is found in days: %s', (_, votesPerDay, days) => {
    const plant = { step: 0.12, day: 80, rampDays: 0, untilDay: 140 };
    const begin = (firstDay + plant.day) * 24;
    const delays = Array.from({ length: 20 }, (_, seed) => {
      const [first] = opened({ ...calm, seed: 100 + seed, stages: 1, days: 140, votesPerDay, plant }).filter(
        ({ hour }) => hour >= begin,
      );
      return first ? (first.hour + 1 - begin) / 24 : Number.POSITIVE_INFINITY;
    });
    expect(quantile(delays, 0.5)).toBeLessThanOrEqual(days);
  });

  it('is no alarm when it is an improvement', () => {
    const plant = { step: -0.08, day: 80, rampDays: 0, untilDay: 95 };
    const { decisions } = runCampaign({ ...calm, stages: 20, days: 140, plant }, defaultSettings);
    const begin = (firstDay + 80) * 24;
    const improved = new Set(
      decisions.filter(({ kind, hour }) => kind === 'improved' && hour >= begin).map(({ stage }) => stage),
    );
    const alarmed = decisions.filter(({ kind, hour }) => kind === 'open' && hour >= begin && hour < begin + 15 * 24);
    expect(improved.size).toBeGreaterThanOrEqual(15);
    expect(alarmed).toEqual([]);
  });
});
