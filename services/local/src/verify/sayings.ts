// What a statement means for the ledger, read from its record anew: the batch shares no code with the fold.
import type { TaggedSignal } from '@gapwatch/contracts';

/** One statement that the ledger follows; times are milliseconds UTC. */
export type Saying = {
  readonly id: string;
  readonly version: number;
  readonly at: number;
  readonly stage: string;
  readonly segments: readonly string[];
  readonly contact: string;
  readonly isStaff: boolean;
  readonly isUnhappy: boolean;
  readonly isProblem: boolean;
  readonly isResolved: boolean;
  /** null: a bare unhappy word, part of no conversation */
  readonly thread: string | null;
  readonly status: { readonly at: number; readonly isSolved: boolean } | null;
  readonly replyBy: number | null;
  readonly promise: { readonly dueAt: number; readonly byReply: boolean } | null;
};

/** Null where there is nothing to follow. `replyMs`: what the stage promises. */
export function sayingOf(
  { signal, tags, friction }: TaggedSignal,
  segments: readonly string[],
  replyMs: number | undefined,
): Saying | null {
  if (signal.customer === null) return null;
  const isSpoken = ['feedback', 'ticket', 'review'].includes(signal.kind);
  const isStaff = isSpoken && (signal.author === 'staff' || signal.author === 'bot');
  const isCustomer = isSpoken && !isStaff;
  const at = Date.parse(signal.occurredAt);
  const isSolved = signal.status === 'solved' || signal.status === 'closed';
  const statusAt = Math.max(at, Date.parse(signal.observedAt ?? signal.occurredAt));
  const isLate = statusAt > at;
  const own = signal.promise;
  const isKept = own?.keptAt !== undefined && Date.parse(own.keptAt) <= Date.parse(own.dueAt);
  const dueAt = own === undefined ? at : Math.max(at, Date.parse(own.dueAt));
  const byReply = own?.what === 'reply';
  const meaning = isCustomer ? meaningOf(signal, tags, isLate && signal.status !== undefined) : 'nothing';
  const hasNews = signal.status !== undefined && (isStaff || (isCustomer && (isSolved || isLate)));
  const stagePromise = replyMs === undefined ? null : at + replyMs;
  const saying = {
    isProblem: meaning === 'problem',
    isResolved: meaning === 'resolved',
    status: hasNews ? { at: statusAt, isSolved } : null,
    replyBy: meaning !== 'problem' ? null : !byReply ? stagePromise : isKept ? null : dueAt,
    promise: own === undefined || isKept || (isCustomer && byReply) ? null : { dueAt, byReply },
  };
  const saysNothing = meaning === 'nothing' && saying.status === null && saying.promise === null;
  const named = signal.thread !== undefined && isSpoken && (isStaff || signal.thread !== signal.subject);
  if (saysNothing && !(isStaff ? named : isCustomer && friction > 0.5)) return null;
  const id = `${signal.source}|${signal.subject}`;
  return {
    ...saying,
    id,
    version: signal.version ?? 0,
    at,
    stage: signal.stage ?? 'unknown',
    segments,
    contact: signal.contact ?? '',
    isStaff,
    isUnhappy: !isStaff && friction > 0.5,
    thread: named ? `${signal.source}|${signal.thread}` : saysNothing ? null : id,
  };
}

function meaningOf(
  { kind, status }: TaggedSignal['signal'],
  tags: TaggedSignal['tags'],
  statusIsLate: boolean,
): 'problem' | 'resolved' | 'nothing' {
  const isTicket = kind === 'ticket';
  const isOpen = status === 'new' || status === 'open' || status === 'pending';
  if (tags === null) return isTicket && (isOpen || statusIsLate) ? 'problem' : 'nothing';
  const { state, confidence } = tags.issue;
  if (state === 'raised' || state === 'unresolved') return 'problem';
  if (state === 'none') return 'nothing';
  const byStatus = (status === 'solved' || status === 'closed') && confidence <= 0.6;
  if (!byStatus) return 'resolved';
  return isTicket && statusIsLate && tags.sentiment.label !== 'positive' ? 'problem' : 'nothing';
}
