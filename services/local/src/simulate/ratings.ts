// The fast voice: one rating, no words. Every rating is a signal of its own, in time, once.
import { moodOf, type Run, stamp, subjectOf } from './run.ts';

/** A rating from 1 to 5: 1 or 2 from the unhappy, 3 to 5 from the others. `unit` uniform in [0, 1). */
export function ratingOf(unhappy: boolean, unit: number): number {
  if (unhappy) return unit < 0.45 ? 1 : 2;
  if (unit < 0.15) return 3;
  return unit < 0.5 ? 4 : 5;
}

const surveyShare = 0.75;

/** Somebody rates the stage at that time. */
export function rate(run: Run, stage: number, atMs: number): void {
  const customer = run.population.someone(run.random, atMs, false);
  if (customer === null) return;
  const asked = run.random.chance(surveyShare);
  const { unhappy } = moodOf(run, stage, null, customer, atMs);
  run.agenda.add(atMs, {
    atMs,
    customer,
    signal: {
      kind: asked ? 'feedback' : 'review',
      source: asked ? 'survey' : 'reviews',
      subject: subjectOf(run, asked ? 'answer' : 'review'),
      customer: customer.id,
      occurredAt: stamp(atMs),
      stage: (run.company.stages[stage] as { id: string }).id,
      segment: customer.segment,
      rating: { value: ratingOf(unhappy, run.random.unit()), min: 1, max: 5 },
      solicited: asked,
    },
  });
}
