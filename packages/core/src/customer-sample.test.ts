import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CustomerSample, joinedOf, mergeSamples, sampleCustomers, sampleWith } from './customer-sample.ts';

const named = (prefix: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => `${prefix}${first + index}`);
const joined = (sources: Record<string, readonly string[]>) =>
  Object.fromEntries(
    joinedOf(new Map(Object.entries(sources).map(([id, customers]) => [id, sampleWith([], customers)]))),
  );

describe('the sample of customers', () => {
  it('is the same in whatever order, chunks and partitions they come', () => {
    const ids = fc.array(fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(ids, ids, ids, (one, two, three) => {
        const whole = sampleWith([], [...one, ...two, ...three]);
        const chunks = [three, one, two, one].reduce<CustomerSample>((sample, chunk) => sampleWith(sample, chunk), []);
        const parts = mergeSamples(sampleWith([], [...three, ...two]), sampleWith([], one));
        expect([chunks, parts]).toEqual([whole, whole]);
      }),
    );
  });

  it('is bounded, and stays itself where nothing new is below its end', () => {
    const sample = sampleWith([], named('c', 50_000));
    expect(sample).toHaveLength(sampleCustomers);
    expect(sample).toEqual([...sample].sort((one, other) => one - other));
    expect(sampleWith(sample, named('c', 50_000))).toBe(sample);
  });
});

describe('the share of customers that join', () => {
  it('is exact while every sample is whole', () => {
    expect(joined({ tickets: named('c', 40), reviews: named('c', 40, 30), register: [] })).toEqual({
      tickets: { share: 0.25, isApart: false },
      reviews: { share: 0.25, isApart: false },
      register: { share: null, isApart: false },
    });
  });

  it('is near the truth for many, and each source is measured by its own customers', () => {
    const { crm, tickets } = joined({ crm: named('c', 100_000), tickets: named('c', 20_000, 90_000) });
    expect(crm?.share).toBeCloseTo(0.1, 1);
    expect(tickets?.share).toBeCloseTo(0.5, 1);
  });

  it('is unknown where too few of a small source can be looked up among many', () => {
    const { crm, tickets } = joined({ crm: named('c', 200_000), tickets: named('c', 50) });
    expect(tickets).toEqual({ share: null, isApart: false });
    expect(crm?.isApart).toBe(false);
  });

  it('is of nobody with one source', () => {
    expect(joined({ tickets: named('c', 40) })).toEqual({ tickets: { share: null, isApart: false } });
  });

  it('says which sources stand apart: not a large one that holds all of a small one', () => {
    const sources = joined({ crm: named('c', 4_000), tickets: named('c', 30), survey: named('mail', 300) });
    expect(Object.entries(sources).filter(([, { isApart }]) => isApart)).toEqual([
      ['survey', { share: 0, isApart: true }],
    ]);
    expect(joined({ tickets: named('c', 5), survey: named('mail', 300) })).toMatchObject({
      survey: { isApart: false },
    });
  });
});
