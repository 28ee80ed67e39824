// The statements of one customer that can still change: what the ledger remembers, and until when.
// Growth: O(statements of the last `lateness` days), never of history.
import { spokenKinds, type TaggedSignal } from '@gapwatch/contracts';
import { dayMs } from '../friction/time.ts';

/** `spoken`: a customer's words; `active`: was there; `other`: known, without effect on a window. */
export type HeldRole = 'spoken' | 'active' | 'other';

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
};

/** Everything held of one customer, or of one anonymous voice. */
export type Holder = { customer: string | null; held: Held[] };

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
 * Drops the statements that nothing can change any more and names the time of the next look.
 * A statement stays while a new one of its week may still come (`at` + 7 days + lateness), and while a statement that
 * shares its week or vote block with it can still be edited: windows and votes are made of all of them together.
 */
export function evict(holder: Holder, now: number, latenessMs: number): number | null {
  const alive = holder.held.filter((held) => heldUntil(held.touched, latenessMs) >= now);
  const needed = (held: Held) =>
    Math.max(held.at + weekMs, held.touched) + latenessMs >= now ||
    alive.some((other) => Math.abs(other.at - held.at) <= weekMs);
  holder.held = holder.held.filter(needed);
  return nextLook(holder, now, latenessMs);
}

/** Log time at which something of the holder may be dropped; null when it is empty. */
export function nextLook(holder: Holder, now: number, latenessMs: number): number | null {
  let look = Number.POSITIVE_INFINITY;
  for (const held of holder.held) {
    const droppable = Math.max(held.at + weekMs, held.touched) + latenessMs + 1;
    look = Math.min(look, droppable > now ? droppable : now + dayMs);
  }
  return look === Number.POSITIVE_INFINITY ? null : look;
}
