// A trial as JSON: one object a payload.
import type { AcceptedSignal } from '@gapwatch/contracts';
import type { Trial } from './trial.ts';

type Reason = { readonly code: string; readonly message: string };

/** `skipped` and `rejected`: the first of each; further ones stand in `notes`, with what is worth saying about the signals. */
export type TrialDocument = {
  readonly index: number;
  readonly line: number;
  readonly signals: readonly AcceptedSignal[];
  readonly notes?: readonly string[];
  readonly skipped: Reason | null;
  readonly rejected: Reason | null;
  readonly sample?: Trial['sample'];
};

export function documentOf({ index, line, outcomes, sample }: Trial): TrialDocument {
  const signals = outcomes.flatMap((outcome) => (outcome.kind === 'signal' ? [outcome] : []));
  const [skipped = null, ...moreSkipped] = reasonsOf(outcomes, 'skip');
  const [rejected = null, ...moreRejected] = reasonsOf(outcomes, 'reject');
  const warnings = signals.flatMap((signal) => signal.warnings ?? []);
  const notes = new Set([
    ...warnings,
    ...moreSkipped.map(({ code, message }) => `skipped ${code}: ${message}`),
    ...moreRejected.map(({ code, message }) => `rejected ${code}: ${message}`),
  ]);
  return {
    index,
    line,
    signals: signals.map(({ signal }) => signal),
    ...(notes.size > 0 && { notes: [...notes] }),
    skipped,
    rejected,
    ...(sample !== undefined && { sample }),
  };
}

function reasonsOf(outcomes: Trial['outcomes'], kind: 'skip' | 'reject'): Reason[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === kind ? [{ code: outcome.code, message: outcome.message }] : [],
  );
}
