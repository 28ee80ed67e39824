import type { AcceptedSignal } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { Doubts } from './doubts.ts';

function said(index: number, fields: Partial<AcceptedSignal> = {}): AcceptedSignal {
  const times = { occurredAt: '2026-03-04T05:06:07.000Z', version: 0, op: 'upsert' } as const;
  return { kind: 'review', source: 'shop', subject: `r${index}`, customer: `c${index}`, ...times, ...fields };
}

/** What is said of so many statements. */
function doubtsOf(count: number, fields: (index: number) => Partial<AcceptedSignal>): string[] {
  const doubts = new Doubts();
  for (let index = 0; index < count; index += 1) doubts.add(said(index, fields(index)));
  return doubts.warnings();
}

describe('doubts about an export', () => {
  it('are none of one like any other, nor of none', () => {
    expect(doubtsOf(5_000, (index) => ({ customer: `c${index % 700}`, stage: `stage ${index % 30}` }))).toEqual([]);
    expect(doubtsOf(0, () => ({}))).toEqual([]);
  });

  it('name a stage where stages are ids', () => {
    expect(doubtsOf(301, (index) => ({ stage: `order ${index}` }))).toEqual([
      expect.stringContaining('stage: more than 300 different ones, such as "order 0"'),
    ]);
    expect(doubtsOf(300, (index) => ({ stage: `order ${index}` }))).toEqual([]);
  });

  it('name the customer who says a fifth of everything', () => {
    const customer = (index: number) => (index % 4 === 0 ? 'N/A' : `c${index}`);
    expect(doubtsOf(5_000, (index) => ({ customer: customer(index) }))).toEqual([
      'customer: 25 % of what customers said is of "N/A": if that is nobody, map: { "N/A": null }',
    ]);
    expect(doubtsOf(300, () => ({ customer: 'ann@example.com' }))).toEqual([
      'customer: 100 % of what customers said is of one address: if that is nobody, map: { …: null }',
    ]);
    expect(doubtsOf(100, (index) => ({ customer: customer(index) }))).toEqual([]);
    expect(doubtsOf(5_000, (index) => ({ customer: customer(index), author: 'staff' }))).toEqual([]);
  });
});
