// What the company asserts about a stage, and which of its claims holds for a window.
import type { AcceptedSignal } from '@gapwatch/contracts';
import type { Workspace } from '../workspace.ts';

export type Belief = NonNullable<AcceptedSignal['belief']> & {
  readonly source: string;
  readonly subject: string;
  readonly version: number;
};
export type Beliefs = { beliefs: Belief[] };

export function beliefKey(stage: string): string {
  return `belief|${stage}`;
}

/** Keeps the claim, or takes it out again; the caller knows that the version is the newest. */
export function recordBelief(signal: AcceptedSignal, workspace: Workspace): void {
  const key = beliefKey(signal.stage ?? '');
  const { beliefs } = workspace.get<Beliefs>(key) ?? { beliefs: [] };
  const others = beliefs.filter((belief) => belief.source !== signal.source || belief.subject !== signal.subject);
  const { belief, source, subject } = signal;
  if (signal.op === 'upsert' && belief !== undefined) {
    others.push({ ...belief, source, subject, version: signal.version ?? 0 });
  }
  workspace.put(key, others.length === 0 ? null : { beliefs: others });
}
