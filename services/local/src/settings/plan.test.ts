import { configurationSchema } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { planChange } from './plan.ts';

const delivery = { id: 'delivery', match: [{ words: ['parcel'] }] };
const billing = { id: 'billing', owner: 'accounts' };

function plan(before: object, after: object): [string, string][] {
  const changes = planChange(configurationSchema.parse(before), configurationSchema.parse(after));
  return changes.map(({ field, means }) => [field, means]);
}

describe('what a change means', () => {
  const stages = [delivery, billing];
  const from = 'from-here-on';
  const cases: [string, object, object, [string, string][]][] = [
    ['nothing', { stages }, { stages }, []],
    ['a default that is written out', {}, { lateness: '35d' }, []],
    [
      'an owner',
      { stages },
      { stages: [delivery, { id: 'billing', owner: 'anna' }] },
      [['stages.billing.owner', from]],
    ],
    ['a target', { stages }, { stages: [{ ...delivery, target: 0.9 }, billing] }, [['stages.delivery.target', from]]],
    [
      'a rule',
      { stages },
      { stages: [{ ...delivery, match: [{ words: ['courier'] }] }, billing] },
      [['stages.delivery.match', 'rebuild']],
    ],
    [
      'a name, whose words place',
      { stages },
      { stages: [{ ...delivery, name: 'Post' }, billing] },
      [['stages.delivery.name', 'rebuild']],
    ],
    [
      'a promise',
      { stages },
      { stages: [{ ...delivery, promises: [{ what: 'reply', within: '2d' }] }, billing] },
      [['stages.delivery.promises', 'rebuild']],
    ],
    [
      'a stage in the place of another',
      { stages },
      { stages: [delivery, { id: 'refunds' }] },
      [
        ['stages.billing', 'rebuild'],
        ['stages.refunds', 'rebuild'],
      ],
    ],
    ['the order of stages', { stages }, { stages: [billing, delivery] }, [['stages', 'rebuild']]],
    ['stages where there were none', {}, { stages }, [['stages', 'rebuild']]],
    ['a segment', {}, { segments: ['plan'] }, [['segments', 'rebuild']]],
    ['lateness', {}, { lateness: '10d' }, [['lateness', 'rebuild']]],
    ['the budget', {}, { alerts: { falseAlarms: { count: 2, perDays: 90 } } }, [['alerts', from]]],
    ['the archive', {}, { archive: 'off' }, [['archive', from]]],
    [
      'a source more',
      {},
      {
        sources: [
          { id: 'canonical', type: 'canonical' },
          { id: 'desk', type: 'zendesk' },
        ],
      },
      [['sources.desk', from]],
    ],
  ];

  it.each(cases)('%s', (_, before, after, expected) => {
    expect(plan(before, after)).toEqual(expected);
  });
});
