// What the ledger knows of a customer at one time, as a document: conversations, open issues, and what is still due.
import { dayMs } from '../friction/time.ts';
import type { Held } from './held.ts';

/** Findings weigh as much as words that say 'unresolved'. */
const findingFriction = 0.75;

/** A claim that nobody contradicts for so long is confirmed. */
export const confirmMs = 14 * dayMs;
/** So long after its last word a conversation is forgotten. */
export const threadMs = 90 * dayMs;
/** So long after the customer's last word on it an issue lapses. */
const issueMs = 180 * dayMs;

export type FindingReason = 'reopened' | 'repeat-contact' | 'negative-after-solved' | 'no-reply' | 'promise-broken';

/** The statement that something comes from, as far as a finding takes after it. */
export type Cause = Pick<Held, 'id' | 'stage' | 'segments' | 'source' | 'contact' | 'backfill'>;

/** The customer's last problem at a stage in a conversation. */
export type Contact = { readonly stage: string; readonly at: number; readonly segments: readonly string[] };

/** A conversation; times are milliseconds UTC. */
export type Thread = {
  /** last word or status; it is forgotten {@link threadMs} after it */
  readonly lastAt: number;
  /** one a stage, the newest last */
  readonly contacts: readonly Contact[];
  readonly status?: 'open' | 'solved';
  /** since when it is said to be solved */
  readonly claimedAt?: number;
  /** the first problem that nobody answered yet */
  readonly waitingSince?: number;
  /** a reply is due */
  readonly awaited?: true;
  /** when the customer last came back after a claim */
  readonly reopenedAt?: number;
};

/** A customer's open problem at a stage. A claim is not its end. */
export type Issue = {
  readonly since: number;
  /** the customer's last word on it */
  readonly lastAt: number;
  readonly contacts: number;
  readonly reasons: readonly string[];
  /** the newest conversations about it */
  readonly threads: readonly string[];
  readonly segments: readonly string[];
  readonly url?: string;
  readonly claimedAt?: number;
  /** `status`: the record of the ticket says so, and not by whom */
  readonly claimedBy?: 'staff' | 'bot' | 'status';
};

/** Something that will be so at a time to come, unless it is taken off before. */
export type Due = {
  readonly at: number;
  readonly what: 'solved' | 'open' | 'no-reply' | 'promise-broken';
  readonly thread: string;
  readonly cause: Cause;
  /** of a status: who gave it, and whether it came later than the words */
  readonly by?: 'staff' | 'bot';
  readonly later?: true;
  /** of a deadline: a reply in time takes it off */
  readonly byReply?: true;
};

export type Checkpoint = {
  readonly threads: readonly (readonly [id: string, thread: Thread])[];
  /** by stage */
  readonly issues: readonly (readonly [stage: string, issue: Issue])[];
  readonly due: readonly Due[];
};

/** Until when nothing but time would have to pass for the issue to be open. */
export function openUntil({ lastAt, claimedAt = Number.POSITIVE_INFINITY }: Issue): number {
  return Math.min(lastAt + issueMs, claimedAt + confirmMs);
}

export function isOpen(issue: Issue, at: number): boolean {
  return at <= openUntil(issue);
}

/** A finding as a statement of its own, with its own time. */
export function findingOf(reason: FindingReason, at: number, cause: Cause): Held {
  const { id, stage, segments, source, contact, backfill } = cause;
  return {
    id: `finding|${reason}|${id}`,
    version: 0,
    content: '',
    role: 'found',
    at,
    touched: at,
    stage,
    segments,
    friction: findingFriction,
    source,
    ...(contact !== undefined && { contact }),
    ...(backfill && { backfill }),
    revocable: true,
  };
}

export function causeOf({ id, stage, segments, source, contact, backfill }: Held): Cause {
  return { id, stage, segments, source, ...(contact !== undefined && { contact }), ...(backfill && { backfill }) };
}
