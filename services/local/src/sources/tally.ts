// What a trial amounts to: every statement counted once, by what it became.
import { spokenKinds } from '@gapwatch/contracts';
import { Doubts } from '../exports/doubts.ts';
import type { Trial } from './trial.ts';

export type TrialCounts = {
  payloads: number;
  signals: number;
  /** statements of customers, and those of them that name the customer */
  spoken: number;
  named: number;
  readonly skipped: Record<string, number>;
  readonly rejected: Record<string, number>;
  /** samples that did not become what they say */
  readonly broken: string[];
  /** each once */
  readonly warnings: Set<string>;
  readonly doubts: Doubts;
};

export function newCounts(): TrialCounts {
  const lists = { skipped: {}, rejected: {}, broken: [], warnings: new Set<string>() };
  return { payloads: 0, signals: 0, spoken: 0, named: 0, ...lists, doubts: new Doubts() };
}

export function count({ outcomes, sample }: Trial, counts: TrialCounts): void {
  counts.payloads += 1;
  if (sample?.isAsSaid === false) counts.broken.push(sample.name);
  for (const outcome of outcomes) {
    if (outcome.kind === 'signal') {
      countSignal(outcome, counts);
      continue;
    }
    const reasons = outcome.kind === 'skip' ? counts.skipped : counts.rejected;
    reasons[outcome.code] = (reasons[outcome.code] ?? 0) + 1;
  }
}

type SignalOutcome = Extract<Trial['outcomes'][number], { kind: 'signal' }>;

function countSignal({ signal, warnings = [] }: SignalOutcome, counts: TrialCounts): void {
  counts.signals += 1;
  counts.doubts.add(signal);
  for (const warning of warnings) counts.warnings.add(warning);
  if (!spokenKinds.has(signal.kind) || (signal.author ?? 'customer') !== 'customer' || signal.op === 'delete') return;
  counts.spoken += 1;
  if (signal.customer !== null) counts.named += 1;
}

/** Whether something was found that somebody has to mend: of a sample, that it is not what it says. */
export function isFaulty({ rejected, broken }: TrialCounts, areSamples: boolean): boolean {
  return areSamples ? broken.length > 0 : Object.keys(rejected).length > 0;
}
