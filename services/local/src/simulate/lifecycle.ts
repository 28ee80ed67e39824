// What customers do: join, come by, renew, step down, leave.
import type { Signal } from '@gapwatch/contracts';
import { type Customer, type LifeEvent, planValue } from './population.ts';
import { type Run, stamp, subjectOf } from './run.ts';
import { dayMs, hourMs } from './season.ts';

type Event = NonNullable<Signal['lifecycle']>['event'];

function life(run: Run, event: Event, customer: Customer, atMs: number): Signal {
  return {
    kind: 'lifecycle',
    source: 'crm',
    subject: subjectOf(run, event),
    customer: customer.id,
    occurredAt: stamp(atMs),
    segment: customer.segment,
    lifecycle: event === 'active' ? { event } : { event, value: planValue[customer.segment.plan] },
  };
}

/** A renewal, a step down, an arrival or a departure goes on the agenda. */
export function announce(run: Run, { event, customer, atMs }: LifeEvent): void {
  run.agenda.add(atMs, { atMs, customer: null, signal: life(run, event, customer, atMs) });
}

/**
 * Those who are there when the story begins are announced in its first hour, with the day on which they joined in
 * `attributes.since`: their own days lie before the story, where they would come too late.
 */
export function introduce(run: Run): void {
  for (const customer of run.population.customers) {
    const atMs = run.company.fromMs + Math.floor(run.random.unit() * hourMs);
    const signal = life(run, 'joined', customer, atMs);
    signal.attributes = { since: stamp(customer.joinedMs).slice(0, 10) };
    run.agenda.add(atMs, { atMs, customer: null, signal });
  }
}

/** Somebody comes by: at a stage (its place in the company), or nowhere in particular. */
export function visit(run: Run, stage: number | null, customer: Customer, atMs: number): void {
  const signal = life(run, 'active', customer, atMs);
  if (stage !== null) signal.stage = (run.company.stages[stage] as { id: string }).id;
  run.agenda.add(atMs, { atMs, customer, signal });
}

const loginEveryDays = 45;

/** The logins of an hour in which nothing else is known, one a customer in 45 days. */
export function logins(run: Run, hourStartMs: number, factor: number): void {
  const mean = (run.company.customers * factor * hourMs) / (loginEveryDays * dayMs);
  for (let left = run.random.poisson(mean); left > 0; left--) {
    const atMs = hourStartMs + Math.floor(run.random.unit() * hourMs);
    const customer = run.population.someone(run.random, atMs, false);
    if (customer !== null) visit(run, null, customer, atMs);
  }
}
