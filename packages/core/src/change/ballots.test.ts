import { describe, expect, it } from 'vitest';
import { closeHour, correctHour, defaultSettings, type HourVotes } from './index.ts';
import { newWorld, startHour } from './votes.fixture.ts';

const vote = (source: string, change = 1): HourVotes => {
  return { stage: 'delivery', segment: null, source, levels: [change, 0, 0, 0, 0] };
};

describe('the sources of a stage', () => {
  it('are bounded where each statement names another: further ones have one baseline, also when they are taken back', () => {
    const { tenant, stages } = newWorld();
    const names = Array.from({ length: 120 }, (_, index) => `order ${index}`);
    // the first of them two an hour, so that places are taken within one
    for (const [index] of names.entries()) {
      const votes = names.slice(2 * index, 2 * index + 2).map((name) => vote(name));
      closeHour(tenant, stages, startHour + index, votes, defaultSettings);
    }
    const { sources } = stages.get('delivery')!;
    expect(sources.map(({ source }) => source)).toEqual([...names.slice(0, 50), 'other'].sort());
    expect(sources.find(({ source }) => source === 'other')?.votes).toBe(70);
    for (const [index, name] of names.entries())
      correctHour(tenant, stages, startHour + Math.floor(index / 2), [vote(name, -1)], defaultSettings);
    expect(stages.get('delivery')!.sources.map(({ votes }) => votes)).toEqual(new Array(51).fill(0));
  });
});
