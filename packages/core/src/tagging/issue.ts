// Whether a statement raises an issue, says that it is not solved, or that it is; and the effort it tells of.
// Politeness is no resolution, and a status is what the company says: the customer's words outweigh it.
import type { Tags } from '@gapwatch/contracts';
import type { PhraseMeaning } from './lexicon/phrases.ts';
import type { Found } from './phrases.ts';
import type { Sentiment } from './sentiment.ts';
import type { Statement } from './statement.ts';

export type Issue = Tags['issue'];

const unresolvedReasons: ReadonlySet<PhraseMeaning> = new Set([
  'says-unresolved',
  'repeat-contact',
  'no-reply',
  'promise-broken',
  'reopened',
]);
const efforts: ReadonlySet<PhraseMeaning> = new Set([
  'repeat-contact',
  'transfer',
  'channel-switch',
  'repeated-information',
]);

/** How sure a status alone makes of 'resolved': below whatever words say. */
export const statusConfidence = 0.6;

/** Two signs are surer than one. */
function confidenceOf(signs: number): number {
  return signs > 1 ? 0.9 : 0.75;
}

export function issueOf(found: readonly Found[], sentiment: Sentiment, statement: Statement): Issue {
  const { status, kind } = statement;
  const isSolved = status === 'solved' || status === 'closed';
  const isComplaint = sentiment.label === 'negative';
  const reasons = reasonsIn(found, isComplaint);
  const lastResolved = lastOf(found, ({ meaning, negated }) => meaning === 'resolved' && !negated);
  const lastUnresolved = lastOf(found, ({ meaning }) => reasons.includes(meaning));
  if (reasons.length > 0 && lastUnresolved >= lastResolved) {
    return { state: 'unresolved', reasons, confidence: confidenceOf(reasons.length + (isComplaint ? 1 : 0)) };
  }
  if (lastResolved >= 0) return { state: 'resolved', reasons: [], confidence: confidenceOf(isSolved ? 2 : 1) };
  const raised = found.filter(({ meaning, negated }) => meaning === 'raised' && !negated).length;
  if (isSolved && isComplaint) return { state: 'unresolved', reasons: ['negative-after-solved'], confidence: 0.7 };
  if (isSolved) return { state: 'resolved', reasons: [], confidence: statusConfidence };
  if (kind === 'ticket') return raised > 0 || !isThanks(sentiment) ? raisedBy(raised + 1) : none;
  if (raised === 0 || sentiment.label === 'positive') return none;
  return raisedBy(raised);
}

const none: Issue = { state: 'none', reasons: [], confidence: 0.7 };

function raisedBy(signs: number): Issue {
  return { state: 'raised', reasons: [], confidence: confidenceOf(signs) };
}

function isThanks({ label }: Sentiment): boolean {
  return label === 'positive';
}

/** A negated 'is fixed' says that it is not; words such as 'several times' say so only where somebody complains. */
function reasonsIn(found: readonly Found[], isComplaint: boolean): PhraseMeaning[] {
  const reasons = new Set<PhraseMeaning>();
  for (const { meaning, negated } of found) {
    if (meaning === 'resolved' && negated) reasons.add('says-unresolved');
    else if (meaning === 'repeat-contact' && !isComplaint) continue;
    else if (unresolvedReasons.has(meaning) && !(negated && meaning === 'says-unresolved')) reasons.add(meaning);
  }
  return [...reasons];
}

function lastOf(found: readonly Found[], holds: (one: Found) => boolean): number {
  return found.findLast(holds)?.at ?? -1;
}

export function effortOf(found: readonly Found[]): string[] {
  return [
    ...new Set(found.filter(({ meaning, negated }) => efforts.has(meaning) && !negated).map(({ meaning }) => meaning)),
  ];
}
