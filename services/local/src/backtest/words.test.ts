import { sampleAlert } from '@gapwatch/core';
import { describe, expect, it } from 'vitest';
import { alertTitle, alertWords } from './words.ts';

const budget = { count: 1, perDays: 90 };

describe('the words on an alert', () => {
  it('say of a gap that widened why, and what it costs', () => {
    expect(alertTitle(sampleAlert, 'Delivery')).toBe('Delivery is getting worse, since about 25 Feb 2026.');
    expect(alertWords(sampleAlert, budget)).toMatchObject({
      why: 'Experience fell. Fragile: it would not stand without helpdesk, its loudest source.',
      cost: 'What it costs: not enough evidence.',
    });
  });

  it.each([
    ['experience-fell', 'Experience rose.'],
    ['belief-rose', 'What we report fell, experience did not.'],
  ] as const)('say of an improvement what went up (%s), and of no costs', (cause, why) => {
    const better = { ...sampleAlert, cause, closedAt: sampleAlert.openedAt, reversed: true as const };
    expect(alertTitle(better, 'Delivery')).toBe('Delivery got better about 25 Feb 2026.');
    const words = alertWords(better, budget);
    expect(words.why.startsWith(why)).toBe(true);
    expect(words.cost).toBeNull();
  });
});
