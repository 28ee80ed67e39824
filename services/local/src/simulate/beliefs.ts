// What the departments say about themselves: a figure each Monday, a survey of their own staff every fourth week.
// It is rosier than what customers live, and hears of a planted change late and little.
import type { Signal } from '@gapwatch/contracts';
import type { StageProfile } from './journey.ts';
import { type Run, stamp, subjectOf } from './run.ts';
import { dayMs, hourMs } from './season.ts';

const seenShare = { kpi: 0.7, 'mirror-survey': 0.8, sla: 0.6 } as const;
const plantedSeenShare = 0.15;
const weekMs = 7 * dayMs;
const publishedAfterMs = 8 * hourMs;

type Belief = NonNullable<Signal['belief']>;

function publish(run: Run, profile: StageProfile, belief: Belief, atMs: number): void {
  const signal: Signal = {
    kind: 'belief',
    source: 'scorecards',
    subject: subjectOf(run, belief.what),
    occurredAt: stamp(atMs),
    stage: profile.id,
    author: 'staff',
    belief,
  };
  run.agenda.add(atMs, { atMs, customer: null, signal });
}

function claim(run: Run, stage: number, what: keyof typeof seenShare, fromMs: number, toMs: number): void {
  const profile = run.company.stages[stage] as StageProfile;
  const unhappy = profile.unhappyShare * seenShare[what] + (run.planted[stage] as number) * plantedSeenShare;
  const share = Math.min(1, Math.max(0, 1 - unhappy + run.random.between(-0.01, 0.01)));
  const n = Math.round(profile.statementsPerDay * (what === 'mirror-survey' ? 1 : 7));
  const belief: Belief = { what, share: Number(share.toFixed(3)), n, from: stamp(fromMs), to: stamp(toMs) };
  publish(run, profile, belief, toMs + publishedAfterMs);
}

/** What is published on the day that starts there. Targets are set on the first day, for a year. */
export function beliefs(run: Run, dayStartMs: number): void {
  const { fromMs, stages } = run.company;
  const day = Math.round((dayStartMs - fromMs) / dayMs);
  stages.forEach((profile, stage) => {
    if (day === 0) {
      const belief: Belief = {
        what: 'target',
        share: profile.target,
        from: stamp(fromMs),
        to: stamp(fromMs + 365 * dayMs),
      };
      publish(run, profile, belief, fromMs + publishedAfterMs);
    }
    if (day === 0 || day % 7 !== 0) return;
    claim(run, stage, 'kpi', dayStartMs - weekMs, dayStartMs);
    claim(run, stage, 'sla', dayStartMs - weekMs, dayStartMs);
    if (day % 28 === 0) claim(run, stage, 'mirror-survey', dayStartMs - 4 * weekMs, dayStartMs);
  });
}
