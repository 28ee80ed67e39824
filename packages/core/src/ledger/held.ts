// The statements of one customer that can still change: what the ledger remembers, and until when.
// Growth: O(statements of the last `lateness` days + open issues + threads of the last 90 days), never of history.
import { spokenKinds, type TaggedSignal } from '@gapwatch/contracts';
import { dayMs } from '../friction/time.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Said } from './said.ts';

/** `spoken`: a customer's words; `found`: by the ledger; `active`: was there; `other`: known, without effect on a window. */
export type HeldRole = 'spoken' | 'found' | 'active' | 'other';

/** One statement, with the short names of a document that is written often. */
export type Held = {
  /** source and subject, see {@link subjectKey} */
  readonly id: string;
  readonly version: number;
  readonly content: string;
  readonly role: HeldRole;
  /** when it was said, milliseconds UTC */
  readonly at: number;
  /** log time at which a version last came */
  readonly touched: number;
  readonly stage: string;
  readonly segments: readonly string[];
  readonly friction: number;
  readonly source: string;
  readonly contact?: string;
  readonly backfill?: true;
  /** what the ledger still has to follow of it; absent once it is settled, and where there is nothing to follow */
  readonly said?: Said;
  /** a finding that no longer holds is taken back until then */
  readonly revocable?: true;
};

/** Everything held of one customer, or of one anonymous voice. */
export type Holder = {
  customer: string | null;
  held: Held[];
  /** what the settled statements left behind for the ledger */
  ledger?: Checkpoint;
  /** log time at which the ledger may find something new or forget something */
  look?: number;
  /** stages under which an open issue is listed, see {@link issueKey} */
  listed?: string[];
};

/** Where a subject is held, and which versions of it no longer count. `below`: see {@link Supersede}; null is every version. */
export type SubjectIndex = {
  holder: string | null;
  touched: number;
  marker?: { readonly version: number | null; readonly op: 'upsert' | 'delete' };
};

const weekMs = 7 * dayMs;

export function subjectKey(source: string, subject: string): string {
  return `${source}|${subject}`;
}

export function indexKey(id: string): string {
  return `x|${id}`;
}

export function holderKey(customer: string | null, id: string): string {
  return customer === null ? `s|${id}` : `c|${customer}`;
}

/** The role of a signal in windows and votes. */
export function roleOf(signal: TaggedSignal['signal']): HeldRole {
  if (spokenKinds.has(signal.kind)) return (signal.author ?? 'customer') === 'customer' ? 'spoken' : 'other';
  return signal.kind === 'lifecycle' && signal.lifecycle?.event === 'active' && signal.stage !== undefined
    ? 'active'
    : 'other';
}

/** Until when a version or a delete of it is taken. */
export function heldUntil(touched: number, latenessMs: number): number {
  return touched + latenessMs;
}

/**
 * Drops the statements that nothing can change any more. A statement stays while a new one of its week may still come
 * (`at` + 7 days + lateness), and while a statement that shares its week or vote block with it can still be edited:
 * windows and votes are made of all of them together. `openFrom`: from there on the ledger can still find something.
 */
export function evict(holder: Holder, now: number, latenessMs: number, openFrom: number): void {
  const alive = holder.held.filter((held) => heldUntil(held.touched, latenessMs) >= now);
  const needed = (held: Held) =>
    Math.max(held.at + weekMs, held.touched) + latenessMs >= now ||
    held.at + weekMs >= openFrom ||
    alive.some((other) => Math.abs(other.at - held.at) <= weekMs);
  holder.held = holder.held.filter(needed);
}

/** Log time at which a statement of the holder may be dropped; null when it has none. */
export function nextLook(holder: Holder, now: number, latenessMs: number): number | null {
  let look = Number.POSITIVE_INFINITY;
  for (const held of holder.held) {
    const droppable = Math.max(held.at + weekMs, held.touched) + latenessMs + 1;
    look = Math.min(look, droppable > now ? droppable : now + dayMs);
  }
  return look === Number.POSITIVE_INFINITY ? null : look;
}
