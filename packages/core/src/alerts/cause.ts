// Why a gap widened: experience fell, belief rose, or the mix of who is heard moved. Three causes, three things to do.
import type { AlertRecord } from '@gapwatch/contracts';
import type { Decision, Group } from '../change/index.ts';

/** The value whose share of the voices moved the unhappy share most. */
export type Moved = { dimension: string; value: string; before: number; now: number };

/** Votes that a dimension must have on both sides before it may explain anything. */
const leastVotes = 20;

type Cause = Pick<AlertRecord, 'cause' | 'mix'>;

/** `dimensions`: groups of voices by what they were grouped by. */
export function causeOf(decision: Decision, dimensions: ReadonlyMap<string, readonly Group[]>): Cause {
  const rise = decision.gap === 'knowledge' ? (decision.belief?.rise ?? 0) : 0;
  const mix = movedMix(dimensions);
  if (decision.size !== 0 && rise / decision.size > 0.5) return { cause: 'belief-rose', mix };
  return { cause: mix === null ? 'experience-fell' : 'mix-moved', mix };
}

/** The dimension that explains most of the change, if it is more than half. */
function movedMix(dimensions: ReadonlyMap<string, readonly Group[]>): Moved | null {
  let most: Moved | null = null;
  let mostShare = 0.5;
  for (const [dimension, groups] of [...dimensions].sort(([one], [two]) => (one < two ? -1 : 1))) {
    const composition = compositionOf(groups);
    if (composition === null || composition.share <= mostShare) continue;
    mostShare = composition.share;
    most = { dimension, ...composition.moved };
  }
  return most;
}

/**
 * The part of a change of the unhappy share that lies in who is heard (Kitagawa 1955): Σ (w1 − w0)(x0 − x̄0) of
 * Σ w1·x1 − Σ w0·x0, w a group's share of the voices and x its unhappy share. A group that is new lived before what it lives now.
 */
function compositionOf(groups: readonly Group[]) {
  const before = sum(groups.map((group) => group.before));
  const now = sum(groups.map((group) => group.now));
  if (before.votes < leastVotes || now.votes < leastVotes) return null;
  const mean = before.unhappy / before.votes;
  const parts = groups.map((group) => {
    const lived = group.before.votes >= 1 ? group.before : group.now;
    const [was, is] = [group.before.votes / before.votes, group.now.votes / now.votes];
    const part = lived.votes > 0 ? (is - was) * (lived.unhappy / lived.votes - mean) : 0;
    return { part, moved: { value: group.value, before: round(was), now: round(is) } };
  });
  const change = now.unhappy / now.votes - mean;
  const explained = parts.reduce((total, { part }) => total + part, 0);
  const [first] = parts.toSorted((one, two) => Math.abs(two.part) - Math.abs(one.part));
  return change === 0 || first === undefined ? null : { share: explained / change, moved: first.moved };
}

type Voices = Group['before'];

function sum(voices: readonly Voices[]): Voices {
  return voices.reduce(
    (total, { votes, unhappy }) => ({ votes: total.votes + votes, unhappy: total.unhappy + unhappy }),
    { votes: 0, unhappy: 0 },
  );
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
