// What the ledger reads out of one statement: a problem, an answer, a claim, a deadline. Absent fields say nothing.
import { spokenKinds, type TaggedSignal } from '@gapwatch/contracts';
import { statusConfidence } from '../tagging/issue.ts';

/** Facts of one statement, with the short names of a document that is written often. An empty one is a bare unhappy word. */
export type Said = {
  /** the conversation, as its source names it; absent: the statement is alone */
  readonly thread?: string;
  /** who answered; absent: the customer spoke */
  readonly by?: 'staff' | 'bot';
  /** what the customer's words say */
  readonly word?: 'problem' | 'unresolved' | 'resolved';
  /** what the company says of the thread */
  readonly status?: 'open' | 'solved';
  /** when the status came to hold, if later than the words; milliseconds UTC */
  readonly statusAt?: number;
  /** the customer waits for a reply until then */
  readonly replyBy?: number;
  /** something was promised until then, and is not known to be kept */
  readonly keepBy?: number;
  /** a reply keeps what was promised */
  readonly byReply?: true;
  readonly url?: string;
};

type Signal = TaggedSignal['signal'];

/** Friction above this makes an unhappy word, and an unhappy customer in a window. */
export const unhappyAbove = 0.5;

/** `replyMs`: how long the stage lets a customer wait for a reply. The promise that held when the statement came counts. */
export function saidOf(content: TaggedSignal, replyMs: number | undefined): Said | undefined {
  const { signal } = content;
  if (signal.customer === null) return undefined;
  const isSpoken = spokenKinds.has(signal.kind);
  if (isSpoken && (signal.author ?? 'customer') === 'customer') return customerSaid(content, replyMs);
  return isSpoken ? staffSaid(signal) : onlyIfAny(keepOf(signal));
}

function customerSaid(content: TaggedSignal, replyMs: number | undefined): Said | undefined {
  const { signal } = content;
  const status = statusOf(signal);
  const word = wordOf(content, status.statusAt !== undefined);
  // at its own time an open ticket is what the words say; it is news only when it comes later
  const isNews = status.status === 'solved' || status.statusAt !== undefined;
  const facts = {
    ...(word !== undefined && { word }),
    ...(isNews && status),
    ...(isProblem(word) && replyOf(signal, replyMs)),
    ...keepOf(signal),
  };
  const said = onlyIfAny(facts);
  if (said === undefined && content.friction <= unhappyAbove) return undefined;
  const { thread, subject, url } = signal;
  return {
    ...facts,
    ...(thread !== undefined && thread !== subject && { thread }),
    ...(isProblem(word) && url !== undefined && { url }),
  };
}

function staffSaid(signal: Signal): Said | undefined {
  const { author, thread } = signal;
  if (author !== 'staff' && author !== 'bot') return undefined;
  const facts = onlyIfAny({ ...(thread !== undefined && { thread }), ...statusOf(signal), ...keepOf(signal) });
  return facts && { by: author, ...facts };
}

function onlyIfAny(facts: Said): Said | undefined {
  for (const _ in facts) return facts;
  return undefined;
}

export function isProblem(word: Said['word']): boolean {
  return word === 'problem' || word === 'unresolved';
}

/** What the customer says of a problem. A thank-you says nothing; a status is not the customer's word. */
function wordOf({ signal, tags }: TaggedSignal, statusCameLater: boolean): Said['word'] {
  const isSolved = signal.status === 'solved' || signal.status === 'closed';
  if (tags === null) {
    const isOpen = signal.status !== undefined && !isSolved;
    return signal.kind === 'ticket' && (isOpen || statusCameLater) ? 'problem' : undefined;
  }
  const { issue, sentiment } = tags;
  if (issue.state === 'none') return undefined;
  if (issue.state === 'raised') return 'problem';
  if (issue.state === 'unresolved') return issue.reasons.includes('says-unresolved') ? 'unresolved' : 'problem';
  if (!isSolved || issue.confidence > statusConfidence) return 'resolved';
  // the status alone made it 'resolved': what was said before it was a question
  return signal.kind === 'ticket' && statusCameLater && sentiment.label !== 'positive' ? 'problem' : undefined;
}

function statusOf({ status, occurredAt, observedAt }: Signal): Pick<Said, 'status' | 'statusAt'> {
  if (status === undefined) return {};
  const statusAt = Date.parse(observedAt ?? occurredAt);
  const isLater = statusAt > Date.parse(occurredAt);
  return { status: status === 'solved' || status === 'closed' ? 'solved' : 'open', ...(isLater && { statusAt }) };
}

/** Until when this customer is to be answered: by the promise that the signal carries, else by that of the stage. */
function replyOf({ promise, occurredAt }: Signal, replyMs: number | undefined): Pick<Said, 'replyBy'> {
  if (promise?.what === 'reply') return isKept(promise) ? {} : { replyBy: dueOf(promise, occurredAt) };
  return replyMs === undefined ? {} : { replyBy: Date.parse(occurredAt) + replyMs };
}

/** A promise that is not known to be kept. That of a reply to this very customer is {@link replyOf}'s. */
function keepOf({ promise, author = 'customer', kind, occurredAt }: Signal): Pick<Said, 'keepBy' | 'byReply'> {
  if (promise === undefined || isKept(promise)) return {};
  const isReply = promise.what === 'reply';
  if (isReply && author === 'customer' && spokenKinds.has(kind)) return {};
  return { keepBy: dueOf(promise, occurredAt), ...(isReply && { byReply: true as const }) };
}

/** Nothing is found before it was said. */
function dueOf({ dueAt }: NonNullable<Signal['promise']>, occurredAt: string): number {
  return Math.max(Date.parse(dueAt), Date.parse(occurredAt));
}

function isKept({ dueAt, keptAt }: NonNullable<Signal['promise']>): boolean {
  return keptAt !== undefined && Date.parse(keptAt) <= Date.parse(dueAt);
}
