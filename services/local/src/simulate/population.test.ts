import { describe, expect, it } from 'vitest';
import { type Customer, delayDays, type LifeEvent, longestDelayDays, Population } from './population.ts';
import { unitOf } from './random.ts';
import { dayMs } from './season.ts';

const fromMs = Date.UTC(2025, 0, 6);

function live(population: Population, days: number): LifeEvent[] {
  const events: LifeEvent[] = [];
  for (let day = 0; day < days; day++) population.day(fromMs + day * dayMs, (event) => events.push(event));
  return events;
}

const left = (events: readonly LifeEvent[]): Customer[] =>
  events.filter((event) => event.event === 'churned').map((event) => event.customer);

describe('delayDays', () => {
  const delays = Array.from({ length: 20_000 }, (_, index) => delayDays(unitOf(1, index)));

  it('has a mean of about 25 days and ends', () => {
    expect(delays.reduce((sum, delay) => sum + delay, 0) / delays.length).toBeCloseTo(25.4, 0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(longestDelayDays);
  });

  it('halves in 21 days', () => {
    const within = (low: number, high: number): number => delays.filter((delay) => delay >= low && delay < high).length;
    expect(within(21, 42) / within(0, 21)).toBeCloseTo(0.5, 1);
    expect(within(42, 63) / within(21, 42)).toBeCloseTo(0.5, 1);
  });
});

describe('Population', () => {
  it('keeps its size: whoever leaves is followed by a new customer with a new name', () => {
    const population = new Population(500, 3, fromMs);
    const events = live(population, 400);
    const joined = events.filter((event) => event.event === 'joined');
    expect(left(events).length).toBeGreaterThan(50);
    expect(joined).toHaveLength(left(events).length);
    expect(population.customers).toHaveLength(500);
    expect(new Set([...population.customers, ...left(events)].map((customer) => customer.id)).size).toBe(
      500 + joined.length,
    );
  });

  it('loses those who were hurt, for that reason and after the hurt', () => {
    const population = new Population(2_000, 4, fromMs);
    const hurt = population.customers.filter((customer) => customer.serial % 2 === 0);
    for (const customer of hurt) population.hurt(customer, 1, 1, 0.3, true, fromMs);
    const gone = new Set(left(live(population, longestDelayDays + 1)).map((customer) => customer.serial));
    const share = (even: boolean): number =>
      [...gone].filter((serial) => serial < 2_000 && (serial % 2 === 0) === even).length / 1_000;
    expect(share(true)).toBeGreaterThan(0.25);
    expect(share(false)).toBeLessThan(0.1);
    const caused = hurt.filter((customer) => customer.cause !== null);
    expect(caused.length / hurt.length).toBeCloseTo(0.3, 1);
    for (const customer of caused) expect(customer.leavesMs).toBeGreaterThanOrEqual(fromMs + dayMs);
  });

  it('counts an experience once, however often it is told', () => {
    const population = new Population(1_000, 5, fromMs);
    for (const customer of population.customers)
      for (let again = 0; again < 20; again++) population.hurt(customer, 0, 7, 0.1, false, fromMs);
    const caused = population.customers.filter((customer) => customer.cause !== null).length;
    expect(caused).toBeGreaterThan(60);
    expect(caused).toBeLessThan(140);
  });

  it('loses more of the small plan and of the frail', () => {
    const gone = left(live(new Population(20_000, 6, fromMs), 365)).filter((customer) => customer.founding);
    const count = (is: (customer: Customer) => boolean): number => gone.filter(is).length;
    expect(count((customer) => customer.frail)).toBeGreaterThan(1.7 * count((customer) => !customer.frail));
    const basicShare = count((customer) => customer.segment.plan === 'basic') / gone.length;
    expect(basicShare).toBeGreaterThan(0.7);
  });

  it('loses more of the new', () => {
    const population = new Population(100_000, 7, fromMs);
    const isNew = (customer: Customer): boolean => customer.joinedMs > fromMs - 30 * dayMs;
    const founders = [...population.customers];
    const gone = left(live(population, 20));
    const rate = (is: (customer: Customer) => boolean): number => gone.filter(is).length / founders.filter(is).length;
    expect(rate(isNew)).toBeGreaterThan(1.5 * rate((customer) => !isNew(customer)));
  });
});
