/**
 * What the company reports of a stage, beside what it reported while the baseline was made. Raising the one tightens at once
 * what counts as no change, so that a gap can widen by belief alone; where reporting begins, or changes its kind, nothing has risen.
 */

import { dayMs } from '../friction/time.ts';
import { beliefOn, type Reported, standsUntil } from '../gap/hold.ts';
import { dailyDecay } from './baseline.ts';
import { lagDays, type Series, type StageClaim, type StageState, type Standing } from './state.ts';

/** Standard deviations of what is reported that count for nothing. */
const usualErrors = 2;

/** A claim that is new or changed, or (claim null) was taken back by the partition that told of it. */
export type ClaimChange = {
  readonly partition: number;
  readonly source: string;
  readonly subject: string;
  readonly claim: Omit<StageClaim, 'partition' | 'source' | 'subject'> | null;
};

/** Takes claims in; they hold from the stage's current day on. */
export function hearClaims(stage: StageState, changes: readonly ClaimChange[]): void {
  for (const { partition, source, subject, claim } of changes) {
    const others = stage.claims.filter(
      (one) => one.partition !== partition || one.source !== source || one.subject !== subject,
    );
    stage.claims = claim === null ? others : [...others, { ...claim, partition, source, subject }];
  }
  stage.claims.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  renewBelief(stage, Math.floor(stage.hour / 24));
}

function keyOf({ from, source, subject, partition }: StageClaim): string {
  return JSON.stringify([from, source, subject, partition]);
}

/** What is reported on `day`; lets go of claims that no day inside the lag can rest on. */
export function renewBelief(stage: StageState, day: number): void {
  if (stage.claims.length === 0 && stage.belief === null) return;
  const needed = (claim: StageClaim) => claim.what === 'target' || standsUntil(claim) >= (day - lagDays) * dayMs;
  if (!stage.claims.every(needed)) stage.claims = stage.claims.filter(needed);
  const claim = beliefOn(stage.claims, day);
  if (claim === null) stage.belief = null;
  else if (stage.belief?.what !== claim.what)
    stage.belief = startAt(claim.what as Reported, claim.share, errorOf(claim));
  else Object.assign(stage.belief, { share: claim.share, error: errorOf(claim) });
}

function startAt(what: Reported, share: number, error: number): Standing {
  return { what, share, error, first: share, votes: 0, sum: 0, squares: 0 };
}

function errorOf({ share, n }: StageClaim): number {
  return n === undefined || n === 0 ? 0 : Math.sqrt((share * (1 - share)) / n);
}

/** A day begins: what was reported on the day that leaves the lag is part of the baseline, as its votes are. */
export function absorbBelief(stage: StageState, day: number): void {
  const { belief, claims, dispersion } = stage;
  const votes = dispersion.pending.votes[day % lagDays]!;
  if (belief === null || votes === 0) return;
  const claim = beliefOn(claims, day - lagDays);
  belief.votes *= dailyDecay;
  belief.sum *= dailyDecay;
  belief.squares *= dailyDecay;
  if (claim?.what !== belief.what) return;
  belief.votes += votes;
  belief.sum += votes * claim.share;
  belief.squares += votes * claim.share ** 2;
}

/** What is reported now is what the baseline is held against from here on. */
export function acceptBelief(stage: StageState): void {
  if (stage.belief !== null) stage.belief = startAt(stage.belief.what, stage.belief.share, stage.belief.error);
}

/** B − B_ref in shares of customers, signed; 0 where nothing is reported. `day`: of the votes that it is asked for. */
export function beliefRise(stage: StageState, day: number): number {
  const { belief, claims } = stage;
  if (belief === null) return 0;
  const reference = belief.votes > 0 ? belief.sum / belief.votes : belief.first;
  if (day === Math.floor(stage.hour / 24)) return belief.share - reference;
  const claim = beliefOn(claims, day);
  return claim?.what === belief.what ? claim.share - reference : 0;
}

/**
 * What a change of the reported share counts for, in friction of a source: less what such figures fluctuate by, two standard
 * deviations, times what tells unhappy customers from others there.
 */
export function frictionRise(stage: StageState, { today }: Series, hour: number): number {
  if (stage.belief === null || today === null) return 0;
  const rise = beliefRise(stage, Math.floor(hour / 24));
  return today.severity * Math.sign(rise) * Math.max(0, Math.abs(rise) - usualErrors * fluctuation(stage.belief));
}

function fluctuation({ votes, sum, squares, error }: Standing): number {
  const variance = votes > 0 ? squares / votes - (sum / votes) ** 2 : 0;
  return Math.max(error, Math.sqrt(Math.max(0, variance)));
}

/**
 * The gap that leads a change in `direction` of the unhappy share: the knowledge gap where something is reported, unless most
 * of the change was reported as well.
 */
export function leadingGap(stage: StageState, change: number, direction: 1 | -1): 'knowledge' | 'baseline' {
  if (stage.belief === null) return 'baseline';
  const rise = beliefRise(stage, Math.floor(stage.hour / 24));
  return direction * rise + Math.max(0, direction * change) / 2 >= 0 ? 'knowledge' : 'baseline';
}
