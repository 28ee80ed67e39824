import { sampleAlert } from '@gapwatch/core';
import { describe, expect, it } from 'vitest';
import { alertLines } from './alerts.ts';

const shown = (fields: object) =>
  alertLines({ record: { ...sampleAlert, ...fields }, strongest: sampleAlert, history: [] } as never);

describe('an alert at a terminal', () => {
  it.each([
    [{}, 'delivery: worse than before (baseline, experience-fell)', '8 more (4 to 12)', true],
    [
      { gap: 'knowledge', cause: 'belief-rose' },
      'delivery: worse than we report (knowledge, belief-rose)',
      '; the gap is 8 of 100 (4 to 12)',
      true,
    ],
    [
      { reversed: true, size: -0.08, interval: [-0.12, -0.04] },
      'delivery: better than before (baseline)',
      '8 fewer (4 to 12)',
      false,
    ],
  ])('of %j is called what it is', (fields, headline, size, hasChurn) => {
    const lines = shown(fields);
    expect(lines[0]).toBe(headline);
    expect(lines.find((line) => line.includes('before 15 of 100'))).toContain(size);
    expect(lines.some((line) => line.includes('churn'))).toBe(hasChurn);
  });
});
