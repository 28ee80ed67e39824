// What the company asserts about its stages: which claims hold, where each is kept, and which changed since they were told.
// A claim is found by its subject, since a delete names no stage and a version may name another one.
import type { AcceptedSignal, BeliefChange } from '@gapwatch/contracts';
import { isSuperseded } from '../ledger/decide.ts';
import type { SubjectIndex } from '../ledger/held.ts';
import type { Workspace } from '../workspace.ts';

export type Claim = NonNullable<AcceptedSignal['belief']> & { readonly source: string; readonly subject: string };
export type Belief = Claim & { readonly version: number };
export type Beliefs = { beliefs: Belief[] };
/** Changed claims that no friction record carried yet, by stage and subject. */
export type BeliefChanges = Record<string, BeliefChange>;

/** The stage that holds the claim of a subject. */
type Place = { stage: string };
type Id = { readonly source: string; readonly subject: string };
type Marker = NonNullable<SubjectIndex['marker']>;

/** Claims kept of one stage; beyond, the one that ended first goes. */
const mostClaims = 1_000;

export function beliefKey(stage: string): string {
  return `belief|${stage}`;
}

function placeKey({ source, subject }: Id): string {
  return `claim|${source}|${subject}`;
}

/** Asks for what a change of this subject's claim may touch; `stage` where a new claim would be kept. */
export function needClaim(id: Id, stage: string | null, workspace: Workspace, need: (key: string) => void): void {
  need(placeKey(id));
  const place = workspace.get<Place>(placeKey(id));
  if (place !== undefined) need(beliefKey(place.stage));
  if (stage !== null) need(beliefKey(stage));
}

/** Keeps the claim in the place of an older version; what is no claim any more leaves its place. */
export function recordBelief(signal: AcceptedSignal, changes: BeliefChanges, workspace: Workspace): void {
  const { belief, source, subject, stage = '', version } = signal;
  const old = heldOf(signal, workspace);
  if (old !== undefined && old.version > (version ?? 0)) return;
  if (old !== undefined) release(signal, changes, workspace);
  if (belief === undefined) return;
  const { beliefs } = workspace.get<Beliefs>(beliefKey(stage)) ?? { beliefs: [] };
  workspace.put(placeKey(signal), { stage } satisfies Place);
  workspace.put(beliefKey(stage), { beliefs: [...beliefs, { ...belief, source, subject, version: version ?? 0 }] });
  note({ stage, source, subject, claim: belief }, changes);
  if (beliefs.length >= mostClaims) forgetOldest(stage, changes, workspace);
}

/** Takes out a claim whose version no longer counts; see {@link isSuperseded} for the marker. */
export function retractBelief(id: Id, { version, op }: Marker, changes: BeliefChanges, workspace: Workspace): void {
  const held = heldOf(id, workspace);
  const marker = { version, op };
  if (held !== undefined && isSuperseded(held.version, { holder: null, touched: 0, marker }))
    release(id, changes, workspace);
}

function heldOf(id: Id, workspace: Workspace): Belief | undefined {
  const place = workspace.get<Place>(placeKey(id));
  if (place === undefined) return undefined;
  return workspace.get<Beliefs>(beliefKey(place.stage))?.beliefs.find((belief) => isOf(belief, id));
}

function isOf(belief: Id, { source, subject }: Id): boolean {
  return belief.source === source && belief.subject === subject;
}

function release({ source, subject }: Id, changes: BeliefChanges, workspace: Workspace): void {
  const id = { source, subject };
  const place = workspace.get<Place>(placeKey(id));
  if (place === undefined) return;
  const key = beliefKey(place.stage);
  const others = (workspace.get<Beliefs>(key)?.beliefs ?? []).filter((belief) => !isOf(belief, id));
  workspace.put(key, others.length === 0 ? null : { beliefs: others });
  workspace.put(placeKey(id), null);
  note({ ...place, ...id, claim: null }, changes);
}

function note(change: BeliefChange, changes: BeliefChanges): void {
  changes[JSON.stringify([change.stage, change.source, change.subject])] = change;
}

function forgetOldest(stage: string, changes: BeliefChanges, workspace: Workspace): void {
  const beliefs = workspace.get<Beliefs>(beliefKey(stage))?.beliefs ?? [];
  const [oldest] = beliefs.toSorted((one, other) => Date.parse(one.to) - Date.parse(other.to));
  if (oldest !== undefined) release(oldest, changes, workspace);
}
