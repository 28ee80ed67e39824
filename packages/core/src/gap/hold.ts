// Which claim of the company holds when: B and T, by one rule for windows, for the detector and for what people are shown.
import { dayMs } from '../friction/time.ts';
import type { Claim } from './beliefs.ts';

/** Kinds of claims that say B, the one that goes first first. */
const reported = ['kpi', 'mirror-survey', 'sla'] as const;
export type Reported = (typeof reported)[number];

/** Time that a department may take to publish its next figure. */
const publishingMs = 7 * dayMs;

type Dated = Pick<Claim, 'what' | 'share' | 'from' | 'to' | 'source' | 'subject'>;

/** Newest first: the one that begins last, then ends last, then by name so that the answer never wavers. */
function newest(left: Dated, right: Dated): number {
  return (
    Date.parse(right.from) - Date.parse(left.from) ||
    Date.parse(right.to) - Date.parse(left.to) ||
    (`${left.subject} ${left.source}` < `${right.subject} ${right.source}` ? 1 : -1)
  );
}

function firstOf<T extends Dated>(claims: readonly T[]): T | null {
  for (const what of reported) {
    const found = claims.filter((claim) => claim.what === what).sort(newest)[0];
    if (found !== undefined) return found;
  }
  return null;
}

/** B of a window: the newest KPI that covers the whole window, else a mirror survey, else a met SLA. */
export function beliefFor<T extends Dated>(claims: readonly T[], fromMs: number, toMs: number): T | null {
  return firstOf(claims.filter(({ from, to }) => Date.parse(from) <= fromMs && Date.parse(to) >= toMs));
}

/** Until when a claim stands if no other follows: most tell of a time that is over, and are believed until the next one. */
export function standsUntil({ from, to }: Dated): number {
  const end = Date.parse(to);
  return end + Math.max(0, end - Date.parse(from)) + publishingMs;
}

/**
 * B of a day that may not be over: as of a window, else the newest claim that ended before, for as long again as it is long
 * and a week more. `day`: whole days since 1970, UTC.
 */
export function beliefOn<T extends Dated>(claims: readonly T[], day: number): T | null {
  if (claims.length === 0) return null;
  const fromMs = day * dayMs;
  const standing = (claim: Dated) => Date.parse(claim.from) <= fromMs && standsUntil(claim) >= fromMs + dayMs;
  return beliefFor(claims, fromMs, fromMs + dayMs) ?? firstOf(claims.filter(standing));
}

/** T: what the newest `target` claim says from its `from` on, else what the configuration says of the stage. */
export function targetFor(claims: readonly Dated[], configured: number | null, atMs: number): number | null {
  const claim = claims.filter(({ what, from }) => what === 'target' && Date.parse(from) <= atMs).sort(newest)[0];
  return claim?.share ?? configured;
}
