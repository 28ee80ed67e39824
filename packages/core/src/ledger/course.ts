// The course of one customer's problems: each statement, status and deadline moves it on, in order of time.
// What is due lies in one queue, so that a deadline falls between the words that were said before and after it.
import { dayMs, soonest } from '../friction/time.ts';
import {
  type Cause,
  type Checkpoint,
  causeOf,
  confirmMs,
  type Due,
  type FindingReason,
  findingOf,
  type Issue,
  isOpen,
  openUntil,
  type Thread,
  threadMs,
} from './checkpoint.ts';
import type { Held } from './held.ts';
import { isProblem, type Said, unhappyAbove } from './said.ts';

const repeatMs = dayMs;
/** Conversations that an issue names. */
const namedThreads = 10;

export type Statement = Held & { readonly said: Said };

export type Followed = {
  readonly findings: readonly Held[];
  /** open issues by stage, claimed ones too */
  readonly issues: readonly (readonly [stage: string, issue: Issue])[];
  /** log time at which the same statements would give something else; null where time alone changes nothing */
  readonly next: number | null;
};

const dueOrder = { solved: 0, open: 0, 'no-reply': 1, 'promise-broken': 1 } as const;

function byTime(one: Due, other: Due): number {
  if (one.at !== other.at) return one.at - other.at;
  const kind = dueOrder[one.what] - dueOrder[other.what];
  return kind !== 0 || one.cause.id === other.cause.id ? kind : one.cause.id < other.cause.id ? -1 : 1;
}

/** What is known of a customer while statements are heard in their order. */
export class Course {
  readonly #threads: Map<string, Thread>;
  readonly #issues: Map<string, Issue>;
  #due: Due[];
  #now: number;
  readonly #findings: Held[] = [];
  #time = Number.NEGATIVE_INFINITY;
  #next = Number.POSITIVE_INFINITY;

  constructor(checkpoint: Checkpoint | undefined, now: number) {
    this.#threads = new Map(checkpoint?.threads);
    this.#issues = new Map(checkpoint?.issues);
    this.#due = [...(checkpoint?.due ?? [])];
    this.#now = now;
  }

  /** Whether a statement lies behind everything that has passed here, so that it can be heard as the next one. */
  canHear({ at }: Statement, now: number): boolean {
    return at > this.#time && (now === this.#now || this.#next === Number.POSITIVE_INFINITY);
  }

  hear(statement: Statement): void {
    this.#passUpTo(statement.at);
    this.#time = statement.at;
    if (statement.said.by === undefined) this.#hearCustomer(statement);
    else this.#hearStaff(statement);
    this.#noteDue(statement);
  }

  /** All that is known right before a time; later times forget what lies too far back. */
  checkpoint(until: number): Checkpoint | undefined {
    this.#passUpTo(until);
    const threads = [...this.#threads].filter(([, { lastAt }]) => lastAt + threadMs >= until);
    const issues = [...this.#issues].filter(([, issue]) => isOpen(issue, until));
    if (threads.length === 0 && issues.length === 0 && this.#due.length === 0) return undefined;
    return { threads, issues, due: [...this.#due] };
  }

  /** What was found, and what is open, when the last word and a tick have passed. */
  followed(now: number): Followed {
    this.#now = now;
    for (const { at } of this.#due.filter(({ what }) => what === 'solved' || what === 'open')) this.#passUpTo(at + 1);
    this.#passUpTo(now + 1);
    this.#time = Math.max(now, this.#time);
    const issues = [...this.#issues].filter(([, issue]) => isOpen(issue, this.#time));
    const times = [this.#next, ...this.#due.map(({ at }) => at), ...issues.map(([, issue]) => openUntil(issue) + 1)];
    const next = soonest(times.filter((time) => time > now));
    return { findings: this.#findings, issues, next: next === Number.POSITIVE_INFINITY ? null : next };
  }

  #hearCustomer(statement: Statement): void {
    const { at, stage, friction, said } = statement;
    const id = threadOf(statement);
    const thread = this.#thread(id, at);
    if (friction > unhappyAbove) this.#hearUnhappy(statement, thread);
    if (isProblem(said.word)) this.#hearProblem(statement, id, thread);
    else if (said.word === 'resolved') this.#hearResolved(id, stage, thread);
    else if (isRemembered(said)) this.#threads.set(id, { ...thread, lastAt: at });
  }

  /** Within 14 days after a claim, in the thread or at the stage: the claim is contradicted. */
  #hearUnhappy(statement: Statement, thread: Thread): void {
    const { at, stage } = statement;
    const inThread = thread.claimedAt !== undefined && at <= thread.claimedAt + confirmMs;
    if (!inThread && this.#issue(stage, at)?.claimedAt === undefined) return;
    this.#find('negative-after-solved', at, causeOf(statement));
    this.#contradict(inThread ? [stage, ...stagesOf(thread)] : [stage], 'negative-after-solved');
  }

  #hearProblem(statement: Statement, id: string, thread: Thread): void {
    const { at, stage, segments, said } = statement;
    const isBack = thread.status === 'solved';
    const reason = isBack ? 'reopened' : this.#isRepeat(statement, thread) ? 'repeat-contact' : null;
    if (reason !== null) this.#find(reason, at, causeOf(statement));
    if (isBack) this.#contradict(stagesOf(thread), 'reopened');
    const reasons = [...(reason === null ? [] : [reason]), ...(said.word === 'unresolved' ? ['says-unresolved'] : [])];
    this.#continueIssue(statement, id, reasons);
    const { claimedAt: _, ...open } = thread;
    this.#threads.set(id, {
      ...open,
      ...(isBack && { reopenedAt: at }),
      lastAt: at,
      contacts: [...thread.contacts.filter((contact) => contact.stage !== stage), { stage, at, segments }],
      status: 'open',
      waitingSince: thread.waitingSince ?? at,
      ...(said.replyBy !== undefined && { awaited: true }),
    });
    if (said.replyBy !== undefined && thread.awaited === undefined) {
      this.#expect({ at: said.replyBy, what: 'no-reply', thread: id, cause: causeOf(statement), byReply: true });
    }
  }

  /** About the same open issue: in another thread, or in the same one a day or more later without a reply in between. */
  #isRepeat({ at, stage }: Statement, thread: Thread): boolean {
    const issue = this.#issue(stage, at);
    if (issue === undefined) return false;
    const before = thread.contacts.find((contact) => contact.stage === stage);
    if (before === undefined || before.at < issue.since) return true;
    return thread.waitingSince !== undefined && at - thread.waitingSince >= repeatMs;
  }

  #continueIssue({ at, stage, segments, said }: Statement, thread: string, reasons: readonly string[]): void {
    const issue = this.#issue(stage, at);
    const { claimedAt: _, claimedBy: __, ...open } = issue ?? { since: at, contacts: 0, reasons: [], threads: [] };
    const others = open.threads.filter((one) => one !== thread);
    this.#issues.set(stage, {
      ...open,
      lastAt: at,
      contacts: open.contacts + 1,
      reasons: [...new Set([...open.reasons, ...reasons])],
      threads: [...others, thread].slice(-namedThreads),
      segments,
      ...(said.url !== undefined && { url: said.url }),
    });
  }

  /** The customer's own word ends the issue. */
  #hearResolved(id: string, stage: string, thread: Thread): void {
    for (const one of [stage, ...stagesOf(thread)]) this.#issues.delete(one);
    this.#threads.set(id, { ...answered(thread), lastAt: this.#time });
    this.#endWaiting(id);
  }

  #hearStaff(statement: Statement): void {
    const id = threadOf(statement);
    this.#threads.set(id, { ...answered(this.#thread(id, statement.at)), lastAt: statement.at });
    this.#endWaiting(id);
  }

  #endWaiting(thread: string): void {
    this.#due = this.#due.filter((due) => due.thread !== thread || due.byReply === undefined);
  }

  /** What a statement says of a time to come, or of its own time once all words of that time are heard. */
  #noteDue(statement: Statement): void {
    const { at, said } = statement;
    const { status, statusAt, by, keepBy, byReply } = said;
    const thread = threadOf(statement);
    const cause = this.#causeIn(statement, thread);
    if (status !== undefined) {
      const later = statusAt !== undefined && { later: true as const };
      this.#expect({ at: statusAt ?? at, what: status, thread, cause, ...(by !== undefined && { by }), ...later });
    }
    if (keepBy !== undefined) {
      this.#expect({ at: keepBy, what: 'promise-broken', thread, cause, ...(byReply && { byReply }) });
    }
  }

  /** Staff speak about what the customer last raised there, whatever stage their own words sound like. */
  #causeIn(statement: Statement, id: string): Cause {
    const cause = causeOf(statement);
    const contact = statement.said.by === undefined ? undefined : this.#thread(id, statement.at).contacts.at(-1);
    return contact === undefined ? cause : { ...cause, stage: contact.stage, segments: contact.segments };
  }

  /** Lets everything happen that was due before this time. */
  #passUpTo(time: number): void {
    for (let due = this.#due[0]; due !== undefined && due.at < time; due = this.#due[0]) {
      this.#due.shift();
      this.#pass(due);
    }
  }

  #expect(due: Due): void {
    this.#due = [...this.#due, due].sort(byTime);
  }

  #pass(due: Due): void {
    this.#time = due.at;
    if (due.what === 'solved') this.#claim(due);
    else if (due.what === 'open') this.#reopen(due);
    else this.#miss(due, due.what);
  }

  #claim({ at, thread: id, by, later }: Due): void {
    const thread = this.#thread(id, at);
    // the status beside the words of a customer who comes back is that of before
    if (by === undefined && later === undefined && thread.reopenedAt === at) return;
    this.#threads.set(id, { ...answered(thread), lastAt: at, status: 'solved', claimedAt: thread.claimedAt ?? at });
    this.#endWaiting(id);
    for (const stage of stagesOf(thread)) {
      const issue = this.#issue(stage, at);
      if (issue === undefined || issue.claimedAt !== undefined) continue;
      this.#issues.set(stage, { ...issue, claimedAt: at, claimedBy: by ?? 'status' });
    }
  }

  #reopen({ at, thread: id, cause }: Due): void {
    const { claimedAt: _, ...thread } = this.#thread(id, at);
    if (thread.status === 'solved') {
      this.#find('reopened', at, cause);
      this.#contradict(stagesOf(thread), 'reopened');
    }
    this.#threads.set(id, { ...thread, lastAt: at, status: 'open' });
  }

  /** A deadline passed; one that lies behind the last tick is found by the tick that passes it. */
  #miss({ at, cause }: Due, reason: FindingReason): void {
    if (at > this.#now) {
      this.#next = Math.min(this.#next, at);
      return;
    }
    this.#find(reason, at, cause);
    const issue = this.#issue(cause.stage, at);
    if (issue !== undefined) this.#issues.set(cause.stage, withReason(issue, reason));
  }

  #find(reason: FindingReason, at: number, cause: Cause): void {
    this.#findings.push(findingOf(reason, at, cause));
  }

  /** The claims about these stages do not hold. */
  #contradict(stages: readonly string[], reason: FindingReason): void {
    for (const stage of stages) {
      const issue = this.#issue(stage, this.#time);
      if (issue === undefined) continue;
      const { claimedAt: _, claimedBy: __, ...open } = issue;
      this.#issues.set(stage, withReason(open, reason));
    }
  }

  #thread(id: string, at: number): Thread {
    const thread = this.#threads.get(id);
    return thread !== undefined && thread.lastAt + threadMs >= at ? thread : { lastAt: at, contacts: [] };
  }

  #issue(stage: string, at: number): Issue | undefined {
    const issue = this.#issues.get(stage);
    return issue !== undefined && isOpen(issue, at) ? issue : undefined;
  }
}

function withReason(issue: Issue, reason: string): Issue {
  return issue.reasons.includes(reason) ? issue : { ...issue, reasons: [...issue.reasons, reason] };
}

function answered({ waitingSince: _, awaited: __, ...thread }: Thread): Thread {
  return thread;
}

function stagesOf({ contacts }: Thread): string[] {
  return contacts.map(({ stage }) => stage);
}

/** A bare unhappy word is part of no conversation that would be worth remembering. */
function isRemembered(said: Said): boolean {
  for (const _ in said) return true;
  return false;
}

function threadOf({ id, source, said }: Statement): string {
  return said.thread === undefined ? id : `${source}|${said.thread}`;
}
