import { gapNames } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { alertGrounds, alertSentence } from './message.ts';
import { sampleAlert } from './sample.ts';

describe('an alert is told as', () => {
  const closed = { ...sampleAlert, event: 'closed', state: 'closed', outcome: 'closed' } as const;
  const rows: [string, string][] = [
    [
      alertSentence('opened', sampleAlert, 'Delivery'),
      'Delivery is getting worse, since about 2026-02-25: 23 of 100 customers had a bad time there; before, 15.',
    ],
    [
      alertSentence('opened', { ...sampleAlert, follows: 'before', segment: 'plan:pro' }, 'Delivery'),
      'Delivery (plan:pro) got worse again, since about 2026-02-25: 23 of 100 customers had a bad time there; before, 15.',
    ],
    [
      alertSentence('worsened', { ...sampleAlert, gap: 'knowledge' }, 'Delivery'),
      'Delivery got worse again, since about 2026-02-25: worse than we report, by 8 of 100 customers.',
    ],
    [
      alertSentence('reminder', sampleAlert, 'Delivery'),
      'Delivery is still worse, since about 2026-02-25: 23 of 100 customers had a bad time there; before, 15.',
    ],
    [alertSentence('closed', closed, 'Delivery'), `Delivery is as before again: alert ${closed.id} is closed.`],
    [
      alertSentence('closed', { ...closed, outcome: 'rebased' }, 'Delivery'),
      `Delivery stays as it is, accepted as normal: alert ${closed.id} is closed.`,
    ],
    [
      alertGrounds(sampleAlert),
      `8 more of 100 (4 to 12), 140 votes. Noise alone does this once in 90 days. Alert ${sampleAlert.id}.`,
    ],
  ];
  it.each(rows)('%s', (told, expected) => {
    expect(told).toBe(expected);
  });

  it('one sentence whatever the gap', () => {
    for (const gap of gapNames) {
      expect(alertSentence('opened', { ...sampleAlert, gap }, 'Delivery')).toMatch(
        /^Delivery is getting worse, [^.]+\.$/,
      );
    }
  });
});
