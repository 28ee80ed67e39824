// One holder's change and all that follows from it: windows, votes, the findings of the ledger, the listed issues, and
// when to look at the holder again.
import { type Checkpoint, type Issue, openUntil, threadMs } from '../ledger/checkpoint.ts';
import type { Course, Followed, Statement } from '../ledger/course.ts';
import { evict, type Held, type Holder, heldUntil, nextLook } from '../ledger/held.ts';
import { hearAll, type IssueDocument, issueKey } from '../ledger/issues.ts';
import type { Workspace } from '../workspace.ts';
import type { PartitionMeta } from './meta.ts';
import { dayMs, soonest } from './time.ts';
import { voteChanges } from './votes.ts';
import { windowChanges } from './windows.ts';

/** What a holder's ledger has heard, so that the next word costs no more than itself. A memory of work, not a state. */
const courses = new WeakMap<Holder, Heard>();
type Heard = { readonly course: Course; readonly findings: number; readonly issues: ReadonlyMap<string, Issue> };

/** Takes `removed` out of a holder and puts `added` in; windows, votes and findings follow. */
export function changeHolder(
  key: string,
  removed: Held | undefined,
  added: Held | undefined,
  meta: PartitionMeta,
  workspace: Workspace,
  customer: string | null = null,
): void {
  const holder = workspace.get<Holder>(key) ?? { customer, held: [] };
  exchange(holder, removed, added, meta, workspace);
  if (removed?.said === undefined && added?.said !== undefined) hear(holder, added as Statement, meta, workspace);
  else if (removed?.said !== undefined) follow(holder, meta, workspace);
  putHolder(key, holder, meta, workspace);
}

/** Drops what nothing can change any more, after the ledger has looked at it. */
export function reviewHolder(key: string, meta: PartitionMeta, workspace: Workspace): void {
  const holder = workspace.get<Holder>(key);
  if (holder === undefined) return;
  follow(holder, meta, workspace);
  evict(holder, meta.logTime, meta.latenessMs, isFollowed(holder) ? openFrom(holder, meta) : Number.POSITIVE_INFINITY);
  putHolder(key, holder, meta, workspace);
}

/** News of a subject that leaves its statement as it is: the statement can be edited for as long as the subject is known. */
export function touchHeld(key: string, held: Held, meta: PartitionMeta, workspace: Workspace): void {
  const holder = workspace.get<Holder>(key);
  if (holder === undefined) return;
  holder.held = holder.held.map((one) => (one === held ? { ...one, touched: meta.logTime } : one));
  putHolder(key, holder, meta, workspace);
}

/** Whether the ledger of a holder has settled a time and goes on from there: what comes for it now is not followed. */
export function isSettled(key: string, at: number, meta: PartitionMeta, workspace: Workspace): boolean {
  const holder = workspace.get<Holder>(key);
  if (holder === undefined || at >= meta.tickedAt - meta.latenessMs) return false;
  const until = openFrom(holder, meta);
  hearAgain(holder, meta, workspace);
  putHolder(key, holder, meta, workspace);
  return at < until && holder.ledger !== undefined;
}

function exchange(
  holder: Holder,
  removed: Held | undefined,
  added: Held | undefined,
  meta: PartitionMeta,
  workspace: Workspace,
): void {
  windowChanges(holder, removed, added, (cell, fields) => workspace.add(cell, fields));
  voteChanges(holder, removed, added, meta.pending);
  if (removed !== undefined) holder.held = holder.held.filter((held) => held !== removed);
  if (added === undefined) return;
  holder.held.push(added);
  noteStage(added, meta);
}

function noteStage(held: Held, meta: PartitionMeta): void {
  if (held.role === 'other') return;
  const stage = meta.stages[held.stage];
  if (stage === undefined) meta.stages[held.stage] = { first: held.at, last: held.at };
  else if (held.at > stage.last) stage.last = held.at;
  else if (held.at < stage.first) stage.first = held.at;
}

function putHolder(key: string, holder: Holder, meta: PartitionMeta, workspace: Workspace): void {
  const look = earliest(nextLook(holder, meta.logTime, meta.latenessMs), holder.look ?? null);
  workspace.put(key, look === null ? null : holder, look);
}

/** One statement more. What comes in its order is heard as the next word; anything else makes the ledger listen anew. */
function hear(holder: Holder, added: Statement, meta: PartitionMeta, workspace: Workspace): void {
  const heard = courses.get(holder);
  if (heard === undefined || !heard.course.canHear(added, meta.tickedAt) || !isSettledSoFar(holder, meta)) {
    follow(holder, meta, workspace);
    return;
  }
  heard.course.hear(added);
  const followed = heard.course.followed(meta.tickedAt);
  for (const finding of followed.findings.slice(heard.findings)) exchange(holder, undefined, finding, meta, workspace);
  conclude(holder, heard.course, followed, meta, workspace);
}

/** Whether listening anew would settle and forget nothing: what is kept must not hang on what this process has heard. */
function isSettledSoFar(holder: Holder, meta: PartitionMeta): boolean {
  const until = openFrom(holder, meta);
  if (holder.ledger !== undefined && forgottenAt(holder.ledger) < until) return false;
  return isFollowed(holder) && !holder.held.some((held) => held.at < until && isOpenToChange(held));
}

function follow(holder: Holder, meta: PartitionMeta, workspace: Workspace): void {
  if (isFollowed(holder)) {
    hearAgain(holder, meta, workspace);
    return;
  }
  courses.delete(holder);
  delete holder.look;
}

/** A bare unhappy word alone starts no ledger. */
function isFollowed({ ledger, listed, held }: Holder): boolean {
  if (ledger !== undefined || listed !== undefined) return true;
  return held.some(({ said, revocable }) => revocable || (said !== undefined && Object.keys(said).length > 0));
}

/** Goes on from the checkpoint through everything that can still change, and settles what no longer can. */
function hearAgain(holder: Holder, meta: PartitionMeta, workspace: Workspace): void {
  const until = openFrom(holder, meta);
  const statements = holder.held.filter((held): held is Statement => held.said !== undefined);
  const { course, checkpoint } = hearAll(holder.ledger, statements, meta.tickedAt, until);
  const followed = course.followed(meta.tickedAt);
  applyFindings(holder, followed.findings, meta, workspace);
  settle(holder, until);
  if (checkpoint === undefined) delete holder.ledger;
  else holder.ledger = checkpoint;
  courses.delete(holder);
  conclude(holder, course, followed, meta, workspace);
}

function conclude(
  holder: Holder,
  course: Course,
  { findings, issues, next }: Followed,
  meta: PartitionMeta,
  workspace: Workspace,
): void {
  listIssues(holder, issues, courses.get(holder)?.issues, workspace);
  courses.set(holder, { course, findings: findings.length, issues: new Map(issues) });
  const look = earliest(next, forgetLook(holder, meta));
  if (look === null) delete holder.look;
  else holder.look = look;
}

/** Everything said before this time is settled: too old to come anew, and none of it can still be edited. */
function openFrom({ held }: Holder, { tickedAt, latenessMs }: PartitionMeta): number {
  let until = tickedAt - latenessMs;
  for (const { said, at, touched } of held) {
    if (said !== undefined && at < until && heldUntil(touched, latenessMs) >= tickedAt) until = at;
  }
  return until;
}

/** Exchanges the findings that can still change for those that hold now. */
function applyFindings(holder: Holder, findings: readonly Held[], meta: PartitionMeta, workspace: Workspace): void {
  const wanted = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  for (const held of holder.held) {
    if (held.revocable === undefined) continue;
    if (!wanted.delete(JSON.stringify(held))) exchange(holder, held, undefined, meta, workspace);
  }
  for (const finding of wanted.values()) exchange(holder, undefined, finding, meta, workspace);
}

function settle(holder: Holder, until: number): void {
  holder.held = holder.held.map((held) => {
    if (held.at >= until || !isOpenToChange(held)) return held;
    const { said: _, revocable: __, ...settled } = held;
    return settled;
  });
}

function isOpenToChange({ said, revocable }: Held): boolean {
  return said !== undefined || revocable !== undefined;
}

/** One document an open issue, for whoever asks which customers a stage has to call. */
function listIssues(
  holder: Holder,
  issues: Followed['issues'],
  before: ReadonlyMap<string, Issue> | undefined,
  workspace: Workspace,
): void {
  const customer = holder.customer ?? '';
  const open = issues.map(([stage]) => stage).sort();
  for (const stage of holder.listed ?? []) {
    if (!open.includes(stage)) workspace.put(issueKey(stage, customer), null);
  }
  for (const [stage, issue] of issues) {
    if (before?.get(stage) === issue) continue;
    const document: IssueDocument = { stage, customer, ...issue };
    workspace.put(issueKey(stage, customer), document);
  }
  if (open.length === 0) delete holder.listed;
  else holder.listed = open;
}

/**
 * When something remembered is forgotten, a week at a time. Where a statement is still followed, it settles when a look
 * at the windows is due.
 */
function forgetLook({ held, ledger }: Holder, { latenessMs }: PartitionMeta): number | null {
  if (ledger === undefined || held.some(({ said }) => said !== undefined)) return null;
  return forgottenAt(ledger) + latenessMs + 7 * dayMs;
}

function forgottenAt({ threads, issues, due }: Checkpoint): number {
  const times = [
    ...threads.map(([, { lastAt }]) => lastAt + threadMs),
    ...issues.map(([, issue]) => openUntil(issue)),
    ...due.map(({ at }) => at),
  ];
  return soonest(times);
}

function earliest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
