// How much friction one statement carries, from its parts.
import type { AcceptedSignal, Tags } from '@gapwatch/contracts';

/** What a part weighs that is present without a measure of its own. */
const partFriction: Readonly<Record<string, number>> = {
  raised: 0.4,
  unresolved: 0.75,
  effort: 0.55,
};
/** How much of the smaller parts is added to the largest. */
const restWeight = 0.25;

/**
 * Friction in [0, 1], rounded to thousandths. A rating alone gives (max − value) / (max − min). With several parts it is
 * 1 − (1 − largest) · Π (1 − other/4): more parts never lower it, and no number of small ones equals a large one.
 */
export function frictionOf(signal: AcceptedSignal, tags: Tags | null): number {
  const parts = partsOf(signal, tags);
  if (parts.length === 0) return 0;
  const largest = Math.max(...parts);
  let calm = 1 - largest;
  let largestLeft = 1;
  for (const part of parts) {
    if (part === largest && largestLeft > 0) largestLeft -= 1;
    else calm *= 1 - restWeight * part;
  }
  return Math.round((1 - calm) * 1_000) / 1_000;
}

function partsOf(signal: AcceptedSignal, tags: Tags | null): number[] {
  const parts: number[] = [];
  const { rating } = signal;
  if (rating !== undefined) parts.push((rating.max - rating.value) / (rating.max - rating.min));
  if (tags === null || signal.text === undefined) return parts;
  parts.push(sentimentFriction(tags.sentiment));
  const issue = partFriction[tags.issue.state];
  if (issue !== undefined) parts.push(issue);
  for (const _ of tags.effort) parts.push(partFriction.effort ?? 0);
  return parts;
}

/** A negative statement is above one half, so that its customer counts as unhappy; a neutral one never is. */
function sentimentFriction(sentiment: Tags['sentiment']): number {
  if (sentiment.label === 'negative') return 0.5 + Math.max(0, -sentiment.score) / 2;
  return sentiment.label === 'neutral' ? Math.max(0, -sentiment.score) / 2 : 0;
}
