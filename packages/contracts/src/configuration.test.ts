import { describe, expect, it } from 'vitest';
import { configurationSchema, durationMs } from './configuration.ts';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(configurationSchema.parse({})).toEqual({
      sources: [{ id: 'canonical', type: 'canonical' }],
      segments: [],
      lateness: '35d',
      archive: { rawDays: 30 },
      alerts: { falseAlarms: { count: 1, perDays: 90 }, ignoreBelow: 0 },
    });
  });

  it.each([
    [{ stages: [{ id: 'a' }, { id: 'b' }, { id: 'a' }] }, 'stages.2.id'],
    [
      {
        sources: [
          { id: 'x', type: 'csv' },
          { id: 'x', type: 'canonical' },
        ],
      },
      'sources.1.id',
    ],
  ])('points at the id that stands twice in %j', (configuration, path) => {
    const issues = configurationSchema.safeParse(configuration).error?.issues ?? [];
    expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, expect.stringMatching(/^".*" stands above already: each id once$/)],
    ]);
  });

  it('says of dead letters what is a storm, each limit with its default', () => {
    const limitsOf = (deadLetters: object) => configurationSchema.safeParse({ deadLetters }).data?.deadLetters;
    expect(limitsOf({ inARow: 5 })).toEqual({ inARow: 5, share: 0.1, ofLast: 1_000 });
    expect([{ inARow: 0 }, { share: 0 }, { share: 1.5 }, { ofLast: 0.5 }].map(limitsOf)).toEqual(
      Array(4).fill(undefined),
    );
  });

  it.each([
    ['45s', 45_000],
    ['1.5h', 5_400_000],
    ['35d', 3_024_000_000],
    ['2w', 1_209_600_000],
  ])('counts %s as %i milliseconds', (duration, ms) => {
    expect(durationMs(duration)).toBe(ms);
  });
});
