// What else is known of a stage when it decides: its target, who is heard there, and the alert that it goes on from.
import { type Decision, type StageState, sourceGroups } from '../change/index.ts';
import { targetFor } from '../gap/hold.ts';
import type { Workspace } from '../workspace.ts';
import { mixKey } from './keys.ts';
import { groupsOf, type MixDocument } from './mix.ts';
import type { AlertContext, StageFacts } from './record.ts';

export function targetOf({ stage, claims }: StageState, { at, targets }: AlertContext): number | null {
  return targetFor(claims, targets[stage] ?? null, at);
}

type Stage = { readonly state: StageState; readonly escalated?: string };

export function factsOf(
  { kind, reason, onsetHour }: Decision,
  { state, escalated }: Stage,
  context: AlertContext,
  workspace: Workspace,
): StageFacts {
  const mix = workspace.get<MixDocument>(mixKey(state.stage));
  const segments = mix === undefined ? [] : groupsOf(mix, Math.floor(onsetHour / 24));
  return {
    target: targetOf(state, context),
    dimensions: new Map([['source', kind === 'improved' ? [] : sourceGroups(state)], ...segments]),
    follows: kind === 'open' && reason === 'got-worse-again' ? (escalated ?? null) : null,
  };
}
