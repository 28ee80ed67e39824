// Puts a customer's statement on the agenda as such statements come in practice: a few arrive late, twice, are edited
// or withdrawn. A correction keeps the time of the statement and carries the time at which it became known.
import type { Signal } from '@gapwatch/contracts';
import type { Customer } from './population.ts';
import type { Random } from './random.ts';
import { type Run, stamp } from './run.ts';
import { dayMs, hourMs, minuteMs } from './season.ts';
import { turn } from './words/compose.ts';

/** Shares of the customers' statements. */
export const correctionShares = { late: 0.02, repeated: 0.012, edited: 0.012, deleted: 0.004 } as const;

function knownAt(random: Random, fromMs: number, leastMs: number, mostMs: number): string {
  return stamp(Math.floor(fromMs + random.between(leastMs, mostMs)));
}

function edited(signal: Signal, observedAt: string, random: Random, language: string, unhappy: boolean): Signal {
  const next: Signal = { ...signal, version: 1, observedAt };
  if (signal.text === undefined) return { ...next, attributes: { ...signal.attributes, confirmed: true } };
  next.text = `${signal.text}\n${turn({ random, language, stage: '' }, unhappy ? 'chasing' : 'thanking')}`;
  return next;
}

function withdrawn({ text: _, rating: __, promise: ___, ...kept }: Signal, observedAt: string): Signal {
  return { ...kept, version: 2, op: 'delete', observedAt };
}

/** A customer said `signal` at that time. */
export function write(run: Run, signal: Signal, customer: Customer | null, atMs: number, unhappy: boolean): void {
  const { random } = run;
  const add = (line: Signal): void => run.agenda.add(atMs, { atMs, customer, signal: line });
  const latenessMs = random.chance(correctionShares.late) ? Math.floor(random.between(6 * hourMs, 5 * dayMs)) : 0;
  if (latenessMs > 0) signal.observedAt = stamp(atMs + latenessMs);
  add(signal);
  if (random.chance(correctionShares.repeated)) add(signal);
  const language = customer?.language ?? signal.language ?? 'en';
  const knownMs = atMs + latenessMs;
  if (random.chance(correctionShares.edited))
    add(edited(signal, knownAt(random, knownMs, 10 * minuteMs, 3 * dayMs), random, language, unhappy));
  if (random.chance(correctionShares.deleted)) add(withdrawn(signal, knownAt(random, knownMs, 4 * dayMs, 10 * dayMs)));
}
