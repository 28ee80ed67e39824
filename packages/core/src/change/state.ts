/**
 * The detector's state: plain JSON, of constant size, a fold of the hours closed so far.
 * A stage holds its evidence; each source of it holds a baseline of its own. All friction is in [0, 1].
 */

import type { Claim } from '../gap/beliefs.ts';
import type { Reported } from '../gap/hold.ts';

/** Days that a vote waits before it may shape the baseline, so that a beginning gap does not hide itself. */
export const lagDays = 21;
/** Rises of the mean friction that the detector bets on. */
export const effects: readonly number[] = [0.02, 0.04, 0.08, 0.16, 0.32];
/** Falls of it: fewer, since a fall is told or closes an episode, where hours do not count. */
export const fallEffects: readonly number[] = [0.04, 0.16];
/** Lengths, in days, of the blocks over which the tenant's dispersion is pooled. */
export const blockDays: readonly number[] = [1, 4, 7, 14];

/** Votes and what they add up to: friction Σx, squares Σx², unhappy the number of x above one half. */
export type Sums = { votes: number; friction: number; squares: number; unhappy: number };
/** Sums of the votes of one hour, and Σx of its unhappy votes. */
export type HourSums = Sums & { unhappyFriction: number };
/** Sums of several days or hours, a column a field. */
export type Columns = { votes: number[]; friction: number[]; squares: number[]; unhappy: number[] };

/** What was heard since some hour, and what the baseline of the same votes says: residual Σ(x − m), expected Σ of the unhappy share. */
export type Excess = { votes: number; residual: number; unhappy: number; expected: number };

/** What the baseline of a source says today; renewed when a day begins. */
export type Today = {
  mean: number;
  /** Mean of the hours' cells, which know no lag; they are centred on it. */
  shapeMean: number;
  variance: number;
  unhappy: number;
  /** Mean friction of unhappy votes less that of the others. */
  severity: number;
  /** Added to the mean because the mean itself is an estimate. */
  margin: number;
  /** Variance of the baseline's mean. */
  meanVariance: number;
  /** Bet λ of each effect on a rise, and on a fall. */
  rise: number[];
  fall: number[];
};

/** Baseline and share in the evidence of one source at one stage. */
export type Series = {
  source: string;
  firstDay: number;
  /** Votes ever counted, late ones too. */
  votes: number;
  ready: boolean;
  /** Days absorbed into the baseline. */
  baselineDays: number;
  /** Decayed sums of the days behind the lag, and the decayed number of those days. */
  level: Sums & { days: number };
  weekdays: { votes: number[]; friction: number[] };
  hours: { votes: number[]; friction: number[] };
  /** Unhappy votes and their friction, decayed like the hours' cells. */
  unhappy: { votes: number; friction: number };
  /** Days inside the lag, at day modulo lag. */
  pending: Columns;
  /** Votes were folded today; the hours' cells fade once for such a day. */
  heardToday: boolean;
  today: Today | null;
  /** Per effect: what was heard since the onset twin left zero at hour `since`. */
  onset: { since: number[]; votes: number[]; residual: number[]; unhappy: number[]; expected: number[] };
  /** What was heard since the onset of the open episode. */
  episode: Excess | null;
};

/** Votes of one source that belong to `hour`: levels[j] counts the customers whose friction is j / (levels.length − 1). */
export type Ballot = { source: string; hour: number; levels: readonly number[] };

/** How much more the votes of a day differ from the baseline than independent votes would. */
export type Dispersion = {
  /** Days inside the lag: votes, residual Σ(x − m), spread Σ(x − m)². */
  pending: { votes: number[]; residual: number[]; spread: number[] };
  votes: number;
  spread: number;
  pairs: number;
  excess: number;
  /** Σ r_d·r_{d−1} and Σ r_d·r_{d−2}. */
  next: number;
  afterNext: number;
  lastDay: number;
  lastResidual: number;
  beforeLastResidual: number;
  blocks: { index: number[]; votes: number[]; residual: number[]; spread: number[] };
};

/** A claim of the company, and the partition that told of it. */
export type StageClaim = Claim & { partition: number };

/** What the company reports of a stage. */
export type Standing = {
  what: Reported;
  /** B of the stage's current day, and the standard error that its sample leaves; 0 where that is not known. */
  share: number;
  error: number;
  /** B when claims of this kind began. */
  first: number;
  /** Decayed votes of the baseline's days on which a claim of this kind held, Σ votes·B and Σ votes·B². */
  votes: number;
  sum: number;
  squares: number;
};

export type Episode = {
  /** The gap that leads it. */
  gap: 'baseline' | 'knowledge';
  openedHour: number;
  onsetHour: number;
  onsetInterval: [number, number];
  /** Evidence that it opened with. */
  evidence: number;
  /** Evidence that less than half of the step is left: one bet, on all of it being gone. */
  closing: number[];
  /**
   * CUSUMs of the same bet and of a bet on a further rise. The step is taken from the settled votes: those before either of
   * the two last left zero, the others wait.
   */
  relief: number;
  climb: number;
  settled: Excess;
  waiting: Excess;
  /** Everything heard after the opening, until it tells the step better than the votes since the onset; then null. */
  sinceOpening: Excess | null;
  /** Excess of about the last two weeks, over all sources. */
  recent: Excess;
  /** Hour and size of the last decision, and size of the last one that said something new. */
  toldHour: number;
  toldSize: number;
  /** Size before closed hours were corrected, until the next hour closes. */
  sizeBeforeCorrection: number | null;
};

export type StageState = {
  stage: string;
  /** Last hour that was folded. */
  hour: number;
  /** In order of their names. */
  sources: Series[];
  /** Votes that became known after their hour had closed: they bet in the next hour that closes. */
  late: Ballot[];
  /** Votes of each of the last 24 hours, at hour modulo 24. */
  lastVotes: number[];
  /** Decayed hours with votes, and hours; the current day apart. */
  active: { hours: number; of: number; today: number };
  dispersion: Dispersion;
  /** Share of the variance that the votes of a day have in common (ρ), and the alarm threshold; renewed each day. */
  correlation: number;
  threshold: number;
  /** Evidence M per effect that friction rose (in an open episode: that it rose again), and per effect of a fall that it fell. */
  rising: number[];
  falling: number[];
  /** When the last fall was told. */
  improvedHour: number | null;
  /** The onset twin of the rise: CUSUM and the hour at which it left zero, per effect. */
  cusum: { value: number[]; since: number[] };
  episode: Episode | null;
  /** Claims that a day inside the lag can rest on, and targets. */
  claims: StageClaim[];
  /** What is reported; null where nothing is. */
  belief: Standing | null;
  /** Days [from, to] of past episodes, kept out of the baseline; the newest eight. */
  excluded: [number, number][];
};

/** What the stages of a tenant share: pooled dispersion, a numerator and a denominator per block length. */
export type Tenant = { day: number; excess: number[]; scale: number[] };

const zeros = (length: number): number[] => new Array<number>(length).fill(0);

const none: readonly number[] = effects.map(() => 0);
export const perEffect = (): number[] => none.slice();
export const perFallEffect = (): number[] => fallEffects.map(() => 0);

export const noExcess = (): Excess => ({ votes: 0, residual: 0, unhappy: 0, expected: 0 });

export function newTenant(): Tenant {
  return { day: -1, excess: zeros(blockDays.length), scale: zeros(blockDays.length) };
}

export function newSeries(source: string, firstDay: number): Series {
  return {
    source,
    firstDay,
    votes: 0,
    ready: false,
    baselineDays: 0,
    level: { votes: 0, friction: 0, squares: 0, unhappy: 0, days: 0 },
    weekdays: { votes: zeros(7), friction: zeros(7) },
    hours: { votes: zeros(24), friction: zeros(24) },
    unhappy: { votes: 0, friction: 0 },
    pending: {
      votes: zeros(lagDays),
      friction: zeros(lagDays),
      squares: zeros(lagDays),
      unhappy: zeros(lagDays),
    },
    heardToday: false,
    today: null,
    onset: {
      since: effects.map(() => -1),
      votes: perEffect(),
      residual: perEffect(),
      unhappy: perEffect(),
      expected: perEffect(),
    },
    episode: null,
  };
}

function newDispersion(): Dispersion {
  const perBlock = () => zeros(blockDays.length);
  return {
    pending: { votes: zeros(lagDays), residual: zeros(lagDays), spread: zeros(lagDays) },
    votes: 0,
    spread: 0,
    pairs: 0,
    excess: 0,
    next: 0,
    afterNext: 0,
    lastDay: -1,
    lastResidual: 0,
    beforeLastResidual: 0,
    blocks: { index: blockDays.map(() => -1), votes: perBlock(), residual: perBlock(), spread: perBlock() },
  };
}

/** A stage that has heard nothing before `hour` (whole hours since 1970, UTC). */
export function newStage(stage: string, hour: number): StageState {
  return {
    stage,
    hour: hour - 1,
    sources: [],
    late: [],
    lastVotes: zeros(24),
    active: { hours: 0, of: 0, today: 0 },
    dispersion: newDispersion(),
    correlation: 0,
    threshold: Number.MAX_VALUE,
    rising: perEffect(),
    falling: perFallEffect(),
    improvedHour: null,
    cusum: { value: perEffect(), since: effects.map(() => -1) },
    episode: null,
    claims: [],
    belief: null,
    excluded: [],
  };
}
