import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beliefRise } from './belief.ts';
import { type ClaimChange, describeStage, hearClaims, newStage } from './index.ts';
import { hourOfDay, newWorld, run, startHour, steadyVotes, type World } from './votes.fixture.ts';

const firstDay = startHour / 24;
const iso = (day: number) => new Date((firstDay + day) * 86_400_000).toISOString();

type Said = { share: number; from: number; to: number; what?: 'kpi' | 'sla' | 'mirror-survey'; n?: number };

const claim = ({ share, from, to, what = 'kpi', n }: Said, subject = `${what}:${from}`): ClaimChange => ({
  partition: 0,
  source: 'scorecards',
  subject,
  claim: { what, share, from: iso(from), to: iso(to), ...(n !== undefined && { n }) },
});

function tell(world: World, day: number, ...changes: ClaimChange[]): void {
  const stage = world.stages.get('delivery') ?? newStage('delivery', hourOfDay(day));
  world.stages.set('delivery', stage);
  hearClaims(stage, changes);
}

/** Days of votes with claims that become known at the beginning of a day. */
function live(days: number, shareAt: (day: number) => number, claims: Record<number, ClaimChange[]>) {
  const world = newWorld();
  const votesAt = steadyVotes('delivery', 'survey', 4, (hour) => shareAt(Math.floor(hour / 24) - firstDay));
  const decisions = Array.from({ length: days }, (_, day) => {
    if (claims[day]) tell(world, day, ...claims[day]);
    return run(world, hourOfDay(day), hourOfDay(day + 1), (hour) => [votesAt(hour)]);
  }).flat();
  return { world, decisions, news: decisions.filter(({ kind }) => kind !== 'update') };
}

const steady = () => 0.1;
const promise = claim({ share: 0.8, from: 0, to: 400 }, 'promise');
const raised = claim({ share: 0.95, from: 70, to: 400 }, 'raised');

describe('a promise that is raised', () => {
  const { news } = live(90, steady, { 0: [promise], 70: [raised] });

  it('widens the knowledge gap though experience is as before', () => {
    expect(news.map(({ kind }) => kind)).toEqual(['open']);
    const [opened] = news;
    expect(opened).toMatchObject({ gap: 'knowledge', belief: { share: 0.95 } });
    expect(opened!.hour).toBeLessThan(hourOfDay(76));
    expect(opened!.belief!.rise).toBeCloseTo(0.15, 6);
    expect(opened!.size).toBeCloseTo(opened!.now - opened!.before + 0.15, 6);
  });

  it('and taken back closes it', () => {
    const back = { ...raised, claim: null };
    const closed = live(110, steady, { 0: [promise], 70: [raised], 85: [back] });
    expect(closed.news.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
      'open evidence-reached-threshold',
      'close gap-closed',
    ]);
  });

  it('and kept is the new normal after four weeks, against which nothing has risen', () => {
    const kept = live(140, steady, { 0: [promise], 70: [raised] });
    expect(kept.news.map(({ reason }) => reason)).toEqual(['evidence-reached-threshold', 'new-normal']);
    const stage = kept.world.stages.get('delivery')!;
    expect(beliefRise(stage, firstDay + 139)).toBeCloseTo(0, 6);
    expect(stage.sources[0]!.level.unhappy / stage.sources[0]!.level.votes).toBeCloseTo(0.1, 1);
  });
});

describe('what raises nothing', () => {
  const weekly = (share: (week: number) => number, days: number) =>
    Object.fromEntries(
      Array.from({ length: Math.floor(days / 7) - 1 }, (_, week) => [
        (week + 1) * 7,
        [claim({ share: share(week), from: week * 7, to: week * 7 + 7 })],
      ]),
    );
  it.each<[string, Record<number, ClaimChange[]>]>([
    ['reporting that begins', { 70: [raised] }],
    ['reporting that ends', { 0: [promise], 70: [{ ...promise, claim: null }] }],
    [
      'another kind of figure that takes the place of the first',
      { 0: [claim({ share: 0.7, from: 0, to: 400, what: 'sla' })], 70: [raised] },
    ],
    [
      'figures that fluctuate as they always do',
      weekly((week) => 0.85 + [0.03, -0.02, 0, -0.03, 0.02][week % 5]!, 110),
    ],
    [
      'a rise that the sample of the figure leaves open',
      { 0: [promise], 70: [claim({ share: 0.83, from: 70, to: 400, n: 300 })] },
    ],
  ])('%s', (_, claims) => {
    expect(live(110, steady, claims).news).toEqual([]);
  });
});

describe('a report', () => {
  const worse = (day: number) => (day < 70 ? 0.1 : 0.3);

  it('that falls with the experience does not silence it: it is worse than before', () => {
    const { news } = live(80, worse, { 0: [promise], 70: [claim({ share: 0.6, from: 70, to: 400 }, 'honest')] });
    expect(news).toMatchObject([{ kind: 'open', gap: 'baseline' }]);
    expect(news[0]!.hour).toBeLessThan(hourOfDay(74));
  });

  it('that stands while the experience falls leads as the knowledge gap', () => {
    expect(live(80, worse, { 0: [promise] }).news).toMatchObject([{ kind: 'open', gap: 'knowledge' }]);
  });

  it('that is lowered is an improvement of what customers get against what they are told', () => {
    const { news } = live(110, steady, { 0: [promise], 70: [claim({ share: 0.6, from: 70, to: 400 }, 'honest')] });
    expect(news).toMatchObject([{ kind: 'improved', gap: 'knowledge' }]);
    expect(news[0]!.size).toBeLessThan(0);
  });

  it('is measured from the figures of the baseline, whatever the order in which they were told', () => {
    const shares = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(shares, (weeks) => {
        const claims = weeks.map((share, week) => claim({ share, from: week * 7, to: week * 7 + 7 }));
        const [one, two] = [newWorld(), newWorld()];
        const votesAt = () => [{ stage: 'delivery', segment: null, source: 'survey', levels: [3, 0, 0, 0, 1] }];
        tell(one, 0, ...claims);
        for (const each of claims.toReversed()) tell(two, 0, each);
        for (const world of [one, two]) run(world, startHour, hourOfDay(56), votesAt);
        expect(two.stages.get('delivery')!.belief).toEqual(one.stages.get('delivery')!.belief);
        const mean = weeks.slice(0, 5).reduce((sum, share) => sum + share, 0) / 5;
        const { votes, sum } = one.stages.get('delivery')!.belief!;
        expect(Math.abs(sum / votes - mean)).toBeLessThan(0.1);
      }),
      { numRuns: 15 },
    );
  });

  it('is let go of when no day of the last three weeks rests on it', () => {
    const { world } = live(80, steady, { 0: [claim({ share: 0.9, from: 0, to: 7 })] });
    expect(world.stages.get('delivery')).toMatchObject({ claims: [], belief: null });
  });
});

describe('the gaps of a stage', () => {
  it('say what they lack', () => {
    const { world } = live(20, steady, {});
    const gaps = (target: number | null) => describeStage(world.stages.get('delivery')!, hourOfDay(20), target).gaps;
    expect(gaps(null)).toEqual({ baseline: 'history', knowledge: 'belief', desire: 'target', total: 'target' });
    tell(world, 20, promise);
    expect(gaps(0.9)).toEqual({ baseline: 'history', knowledge: null, desire: null, total: null });
  });
});
