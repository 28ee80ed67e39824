import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptLevel,
  closeHour,
  correctHour,
  type Decision,
  defaultSettings,
  describeStage,
  type HourVotes,
  newTenant,
} from './index.ts';
import { hourOfDay, newWorld, run, startHour, steadyVotes, throughJson, type World } from './votes.fixture.ts';

const kinds = (decisions: Decision[]) => decisions.map(({ kind }) => kind).filter((kind) => kind !== 'update');

/** One source whose share of unhappy customers is .1, and `share` from day 60 to before day `until`. */
function stepped(share: number, until = Number.POSITIVE_INFINITY) {
  const votesAt = steadyVotes('delivery', 'survey', 4, (hour) =>
    hour >= hourOfDay(60) && hour < hourOfDay(until) ? share : 0.1,
  );
  return (hour: number) => [votesAt(hour)];
}

/** Unhappy and not, as `[0, .25, .5, .75, 1]`, four votes an hour; from day 60 on other ones. */
function changed(before: readonly number[], after: readonly number[]) {
  return (hour: number): HourVotes[] => [
    {
      stage: 'delivery',
      segment: null,
      source: 'survey',
      levels: [...(hour < hourOfDay(60) ? before : after)],
    },
  ];
}

describe('friction that changes while as many are unhappy', () => {
  it.each([
    ['rises where everybody is unhappy', [0, 0, 0, 4, 0], [0, 0, 0, 0, 4]],
    ['rises where nobody is', [4, 0, 0, 0, 0], [0, 0, 4, 0, 0]],
    ['falls where everybody is unhappy', [0, 0, 0, 0, 4], [0, 0, 0, 4, 0]],
  ])('is no alert, which could only say 0 more of 100: it %s', (_, before, after) => {
    expect(run(newWorld(), startHour, hourOfDay(90), changed(before, after))).toEqual([]);
  });

  it('waits at the threshold, and is told once more are unhappy', () => {
    const world = newWorld();
    const milder = changed([2, 1, 0, 1, 0], [1, 1, 1, 1, 0]);
    expect(run(world, startHour, hourOfDay(63), milder)).toEqual([]);
    const [{ threshold, rising }] = [world.stages.get('delivery')!];
    expect(rising.reduce((sum, value) => sum + value, 0) / rising.length).toBeCloseTo(threshold, 3);
    const [opened] = run(world, hourOfDay(63), hourOfDay(64), changed([], [1, 0, 0, 3, 0]));
    expect(opened).toMatchObject({ kind: 'open', onsetHour: hourOfDay(60) });
    expect(opened!.size).toBeGreaterThanOrEqual(0.005);
  });
});

describe('an episode', () => {
  const world = newWorld();
  const decisions = run(world, startHour, hourOfDay(110), stepped(0.25, 75));
  const [opened] = decisions;
  const closed = decisions.at(-1)!;

  it('opens once, soon after the step, and closes soon after the step is gone', () => {
    expect(kinds(decisions)).toEqual(['open', 'close']);
    expect(opened!.openedHour).toBeGreaterThan(hourOfDay(60));
    expect(opened!.openedHour).toBeLessThan(hourOfDay(65));
    expect(closed.hour).toBeGreaterThan(hourOfDay(75));
    expect(closed.hour).toBeLessThan(hourOfDay(85));
    expect(closed.reason).toBe('gap-closed');
  });

  it('says since when and how large', () => {
    expect(Math.abs(opened!.onsetHour - hourOfDay(60))).toBeLessThanOrEqual(24);
    expect(opened!.onsetInterval[0]).toBeLessThanOrEqual(hourOfDay(60));
    expect(opened!.onsetInterval[1]).toBeGreaterThanOrEqual(hourOfDay(60));
    expect(opened!.before).toBeCloseTo(0.1, 1);
    expect(opened!.interval[0]).toBeLessThan(0.15);
    expect(opened!.interval[1]).toBeGreaterThan(0.15);
    expect(opened!.size).toBeCloseTo(opened!.now - opened!.before, 10);
    expect(opened!.evidence).toBeGreaterThanOrEqual(opened!.threshold);
  });

  it('keeps its identity in every update, at most one a day', () => {
    const updates = decisions.filter(({ kind }) => kind === 'update');
    expect(updates.every(({ openedHour }) => openedHour === opened!.openedHour)).toBe(true);
    const hours = [opened!, ...updates].map(({ hour }) => hour);
    expect(hours.slice(1).every((hour, index) => hour - hours[index]! >= 24)).toBe(true);
  });

  it('stays out of the baseline', () => {
    const stage = world.stages.get('delivery')!;
    const { friction, votes } = stage.sources[0]!.level;
    const untouched = newWorld();
    run(untouched, startHour, hourOfDay(60), stepped(0.1));
    const before = untouched.stages.get('delivery')!.sources[0]!.level;
    expect(friction / votes).toBeCloseTo(before.friction / before.votes, 2);
  });
});

describe('an episode of any length', () => {
  it.each([
    ['six days', 0.25, 6],
    ['twenty days', 0.25, 20],
    ['twenty days and small', 0.18, 20],
    ['twenty days and large', 0.6, 20],
  ])('closes within two weeks of its end and not before: %s', (_, share, days) => {
    const decisions = run(newWorld(), startHour, hourOfDay(60 + days + 30), stepped(share, 60 + days));
    expect(kinds(decisions)).toEqual(['open', 'close']);
    const closed = decisions.at(-1)!;
    expect(closed.hour).toBeGreaterThanOrEqual(hourOfDay(60 + days));
    expect(closed.hour).toBeLessThan(hourOfDay(60 + days + 14));
  });
});

describe('what raises nothing', () => {
  const survey = steadyVotes('delivery', 'survey', 6, () => 0.1);
  const ticket = steadyVotes('delivery', 'ticket', 6, () => 0.4);
  const fewSurveys = steadyVotes('delivery', 'survey', 2, () => 0.1);
  const ownShare = steadyVotes('delivery', 'review', 8, () => 0.7);
  const cases: [string, (hour: number) => HourVotes[]][] = [
    ['nothing changes', stepped(0.1)],
    [
      'the mix moves to the unhappier source',
      (hour) => [hour < hourOfDay(60) ? survey(hour) : fewSurveys(hour), ticket(hour)],
    ],
    [
      'a source of unhappy people is new',
      (hour) => (hour < hourOfDay(60) ? [survey(hour)] : [survey(hour), ownShare(hour)]),
    ],
    ['a week of silence', (hour) => (hour >= hourOfDay(60) && hour < hourOfDay(67) ? [] : [survey(hour)])],
    [
      'a rise while it learns',
      (hour) => (hour < hourOfDay(20) ? [survey(hour)] : hour < hourOfDay(30) ? [ticket(hour)] : []),
    ],
  ];
  it.each(cases)('%s', (_, votesAt) => {
    expect(kinds(run(newWorld(), startHour, hourOfDay(100), votesAt))).toEqual([]);
  });

  it('a return to the old level after a short improvement, which is told and opens nothing', () => {
    expect(kinds(run(newWorld(), startHour, hourOfDay(110), stepped(0, 80)))).toEqual(['improved']);
  });
});

describe('learning', () => {
  it('ends after five weeks at the hour that was foretold', () => {
    const world = newWorld();
    run(world, startHour, hourOfDay(20), stepped(0.1));
    const told = describeStage(world.stages.get('delivery')!, hourOfDay(20));
    expect(told).toMatchObject({ state: 'learning', until: hourOfDay(35) });
    run(world, hourOfDay(20), hourOfDay(35), stepped(0.1));
    expect(describeStage(world.stages.get('delivery')!, hourOfDay(35) - 1).state).toBe('learning');
    run(world, hourOfDay(35), hourOfDay(35) + 1, stepped(0.1));
    expect(describeStage(world.stages.get('delivery')!, hourOfDay(35)).state).toBe('watching');
  });

  it.each([
    ['longer where there are many votes', 40, 24, 49],
    ['longer where there are few', 1, 48, 66],
  ])('%s', (_, votesPerHour, everyHours, day) => {
    const votesAt = steadyVotes('delivery', 'survey', votesPerHour, () => 0.2);
    const world = newWorld();
    const sparse = (hour: number) => (everyHours === 24 || hour % everyHours === 0 ? [votesAt(hour)] : []);
    const watching: number[] = [];
    for (let today = 0; today < 80; today++) {
      run(world, hourOfDay(today), hourOfDay(today + 1), sparse);
      if (describeStage(world.stages.get('delivery')!, hourOfDay(today)).state === 'watching') watching.push(today);
    }
    expect(Math.abs(watching[0]! - day)).toBeLessThanOrEqual(2);
  });
});

describe('an open episode', () => {
  const opened = () => {
    const world = newWorld();
    run(world, startHour, hourOfDay(75), stepped(0.25));
    return world;
  };

  it('is described with what is left of it', () => {
    const told = describeStage(opened().stages.get('delivery')!, hourOfDay(75));
    expect(told.state).toBe('open');
    expect(told.state === 'open' && told.episode!.size).toBeCloseTo(0.15, 1);
  });

  it('ends when its level is accepted, which is the baseline from then on', () => {
    const world = opened();
    const stage = world.stages.get('delivery')!;
    const accepted = acceptLevel(stage, hourOfDay(75));
    expect(accepted).toMatchObject({ kind: 'close', reason: 'accepted' });
    expect(acceptLevel(stage, hourOfDay(75))).toBeNull();
    expect(kinds(run(world, hourOfDay(75), hourOfDay(120), stepped(0.25)))).toEqual([]);
  });

  it('says when it worsens', () => {
    const votesAt = steadyVotes('delivery', 'survey', 4, (hour) =>
      hour < hourOfDay(60) ? 0.1 : hour < hourOfDay(64) ? 0.25 : 0.5,
    );
    const reasons = run(newWorld(), startHour, hourOfDay(90), (hour) => [votesAt(hour)]).map(({ reason }) => reason);
    expect(reasons).toContain('worsened');
  });

  it('is fragile where one source carries it', () => {
    const survey = steadyVotes('delivery', 'survey', 4, () => 0.1);
    const ticket = steadyVotes('delivery', 'ticket', 4, (hour) => (hour < hourOfDay(60) ? 0.2 : 0.5));
    const [decision] = run(newWorld(), startHour, hourOfDay(90), (hour) => [survey(hour), ticket(hour)]);
    expect(decision!.fragile).toEqual({ loudestSource: 'ticket', standsWithout: false });
    expect(decision!.bySource.ticket!.now).toBeGreaterThan(decision!.bySource.survey!.now);
  });
});

describe('corrections of closed hours', () => {
  const warm = () => {
    const world = newWorld();
    run(world, startHour, hourOfDay(60), stepped(0.1));
    return world;
  };
  const all = (levels: number[]): HourVotes[] => [{ stage: 'delivery', segment: null, source: 'survey', levels }];

  it('late unhappy votes bet in the next hour that closes, even if the stage is silent in it', () => {
    const world = warm();
    const decisions: Decision[] = [];
    for (let hour = hourOfDay(60); hour < hourOfDay(70); hour++) {
      if (hour % 24 === 5) correctHour(world.tenant, world.stages, hour - 3, all([1, 0, 0, 0, 60]), defaultSettings);
      decisions.push(...closeHour(world.tenant, world.stages, hour, [], defaultSettings));
    }
    expect(decisions[0]).toMatchObject({ kind: 'open' });
    expect(decisions[0]!.hour % 24).toBe(5);
  });

  it.each([
    ['an edit', hourOfDay(59), [-60, 0, 0, 0, 60]],
    ['a removal', hourOfDay(59), [-60, 0, 0, 0, 0]],
    ['what is older than the lag', hourOfDay(10), [0, 0, 0, 0, 60]],
  ])('%s bets nothing', (_, hour, levels) => {
    const world = warm();
    correctHour(world.tenant, world.stages, hour, all(levels), defaultSettings);
    expect(world.stages.get('delivery')!.late).toEqual([]);
  });

  it('a vote added and removed again leaves the baseline as it was', () => {
    for (const hour of [hourOfDay(59), hourOfDay(10)]) {
      const world = warm();
      const before = structuredClone(world.stages.get('delivery')!.sources);
      correctHour(world.tenant, world.stages, hour, all([0, 0, 0, 0, 9]), defaultSettings);
      correctHour(world.tenant, world.stages, hour, all([0, 0, 0, 0, -9]), defaultSettings);
      const [after] = world.stages.get('delivery')!.sources;
      expect(after!.level.friction).toBeCloseTo(before[0]!.level.friction, 9);
      expect(after!.pending).toEqual(before[0]!.pending);
    }
  });

  it('a removal takes its part out of an open episode', () => {
    const world = warm();
    run(world, hourOfDay(60), hourOfDay(70), stepped(0.25));
    const stage = world.stages.get('delivery')!;
    const { votes } = stage.sources[0]!.episode!;
    correctHour(world.tenant, world.stages, hourOfDay(69), all([0, 0, 0, -1, 0]), defaultSettings);
    expect(stage.sources[0]!.episode!.votes).toBe(votes - 1);
  });

  it('of the past shape the baseline and bet nothing', () => {
    const world = warm();
    const { votes } = world.stages.get('delivery')!.sources[0]!;
    correctHour(world.tenant, world.stages, hourOfDay(59), all([0, 0, 0, 0, 60]), defaultSettings, true);
    expect(world.stages.get('delivery')!.late).toEqual([]);
    expect(world.stages.get('delivery')!.sources[0]!.votes).toBe(votes + 60);
  });

  it('that move the figures of an open episode are told when the next hour closes, even a silent one', () => {
    const world = warm();
    run(world, hourOfDay(60), hourOfDay(66), stepped(0.25));
    for (let hour = hourOfDay(61); hour < hourOfDay(66); hour++)
      correctHour(world.tenant, world.stages, hour, all([1, 0, 0, 0, -1]), defaultSettings);
    const told = closeHour(world.tenant, world.stages, hourOfDay(66), [], defaultSettings);
    expect(told).toMatchObject([{ kind: 'update', reason: 'corrected' }]);
    expect(closeHour(world.tenant, world.stages, hourOfDay(66) + 1, [], defaultSettings)).toEqual([]);
  });

  it('that change next to nothing are not', () => {
    const world = warm();
    run(world, hourOfDay(60), hourOfDay(66), stepped(0.25));
    correctHour(world.tenant, world.stages, hourOfDay(65), all([0, 1, 0, -1, 0]), defaultSettings);
    expect(closeHour(world.tenant, world.stages, hourOfDay(66), [], defaultSettings)).toEqual([]);
  });

  it('late by two days give the baseline of votes that come on time', () => {
    const share = fc.double({ min: 0.05, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 7, maxLength: 7 }), fc.integer({ min: 1, max: 6 }), (shares, volume) => {
        const at = (hour: number) => shares[Math.floor(hour / 24) % 7]!;
        const [onTime, late] = [newWorld(), newWorld()];
        const end = hourOfDay(50);
        run(onTime, startHour, end, voices(volume, at));
        const votesAt = voices(volume, at);
        const waiting = Array.from({ length: end - startHour }, (_, index) => votesAt(startHour + index));
        for (let hour = startHour; hour < end; hour++) {
          const told = hour - 48 >= startHour ? waiting[hour - 48 - startHour]! : [];
          correctHour(late.tenant, late.stages, hour - 48, told, defaultSettings);
          closeHour(late.tenant, late.stages, hour, [], defaultSettings);
        }
        const [one, two] = [onTime, late].map(({ stages }) => stages.get('delivery')!.sources[0]!);
        for (const field of ['votes', 'friction', 'squares', 'unhappy', 'days'] as const)
          expect(two!.level[field]).toBeCloseTo(one!.level[field], 6);
        for (let day = 0; day < 7; day++)
          expect(two!.weekdays.friction[day]).toBeCloseTo(one!.weekdays.friction[day]!, 6);
        expect(two!.hours.friction[5]! / two!.hours.votes[5]!).toBeCloseTo(
          one!.hours.friction[5]! / one!.hours.votes[5]!,
          1,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('refuses an hour that is closed, and one source on two grids', () => {
    const world = warm();
    expect(() => run(world, hourOfDay(59), hourOfDay(60), stepped(0.1))).toThrow(/closed already/);
    const twoGrids = [...all([1, 0, 0, 0, 0]), ...all([1, 0])];
    expect(() => closeHour(newTenant(), new Map(), startHour, twoGrids, defaultSettings)).toThrow(/two grids/);
  });
});

/** One source with so many votes an hour. */
function voices(volume: number, shareAt: (hour: number) => number) {
  const votesAt = steadyVotes('delivery', 'survey', volume, shareAt);
  return (hour: number) => [votesAt(hour)];
}

/** Hours of two stages with two sources each; shares and volumes move enough for episodes to open and close. */
const history = fc.array(
  fc.record({
    hours: fc.integer({ min: 12, max: 200 }),
    volume: fc.integer({ min: 0, max: 6 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 4, maxLength: 10 },
);

type Spell = { hours: number; volume: number; share: number };

/** Forty quiet days, then the spells. */
function votesOfSpells(spells: Spell[]): HourVotes[][] {
  const quiet: Spell = { hours: 40 * 24, volume: 3, share: 0.15 };
  const hours = [quiet, ...spells].flatMap((spell) => Array.from({ length: spell.hours }, () => spell));
  const streams = ['delivery', 'support'].flatMap((stage) =>
    ['survey', 'ticket'].map((source, offset) => ({ stage, source, offset: offset * 0.1 })),
  );
  const owed = streams.map(() => 0);
  return hours.map(({ volume, share }) => {
    if (volume === 0) return [];
    return streams.map(({ stage, source, offset }, index) => {
      owed[index]! += Math.min(1, share + offset) * volume;
      const unhappy = Math.min(volume, Math.round(owed[index]!));
      owed[index]! -= unhappy;
      return { stage, segment: null, source, levels: [volume - unhappy, 0, 0, 0, unhappy] };
    });
  });
}

function decide(
  hours: HourVotes[][],
  change: (votes: HourVotes[]) => HourVotes[],
  keep: (world: World) => World = (world) => world,
) {
  let world = newWorld();
  const decisions = hours.flatMap((votes, index) => {
    world = keep(world);
    return closeHour(world.tenant, world.stages, startHour + index, change(votes), defaultSettings);
  });
  return { decisions, state: throughJson(world) };
}

const single = (votes: HourVotes[]): HourVotes[] =>
  votes.flatMap((entry) =>
    entry.levels.flatMap((count, level) =>
      Array.from({ length: count }, () => ({
        ...entry,
        levels: entry.levels.map((_, index) => (index === level ? 1 : 0)),
      })),
    ),
  );

/** A gap that opens and closes, so that every property is also held there. */
const episodes: Spell[] = [
  { hours: 200, volume: 5, share: 0.5 },
  { hours: 200, volume: 5, share: 0.1 },
  { hours: 30, volume: 0, share: 0 },
  { hours: 100, volume: 2, share: 0.9 },
];

describe('properties', () => {
  it('are tried on a history with episodes', () => {
    expect(kinds(decide(votesOfSpells(episodes), (votes) => votes).decisions)).toEqual(
      expect.arrayContaining(['open', 'close']),
    );
  });

  it.each([
    ['the order of the votes in an hour does not matter', (votes: HourVotes[]) => votes.toReversed()],
    ['single votes are as good as counts', single],
    ['single votes in another order are', (votes: HourVotes[]) => single(votes).toReversed()],
  ])('%s', (_, change) => {
    fc.assert(
      fc.property(history, (spells) => {
        const hours = votesOfSpells(spells);
        expect(decide(hours, change)).toEqual(decide(hours, (votes) => votes));
      }),
      { numRuns: 12, examples: [[episodes]] },
    );
  });

  it('a state that is stored and read back between any two hours decides the same', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 97 }), (spells, every) => {
        const hours = votesOfSpells(spells);
        let passed = 0;
        const stored = decide(
          hours,
          (votes) => votes,
          (world) => (++passed % every === 0 ? throughJson(world) : world),
        );
        expect(stored).toEqual(decide(hours, (votes) => votes));
      }),
      { numRuns: 12, examples: [[episodes, 1]] },
    );
  });

  it('an hour without votes changes nothing', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 24 * 90 }), (spells, silence) => {
        const world = newWorld();
        votesOfSpells(spells).forEach((votes, index) => {
          closeHour(world.tenant, world.stages, startHour + index, votes, defaultSettings);
        });
        const before = throughJson(world);
        const last = startHour + votesOfSpells(spells).length;
        const decisions = Array.from({ length: silence }, (_, index) =>
          closeHour(world.tenant, world.stages, last + index, [], defaultSettings),
        );
        expect(decisions.flat()).toEqual([]);
        expect(throughJson(world)).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  it('the state keeps its size', () => {
    const world = newWorld();
    run(world, startHour, hourOfDay(60), stepped(0.25));
    const size = () => JSON.stringify(world.stages.get('delivery')).length;
    const early = size();
    run(world, hourOfDay(60), hourOfDay(400), stepped(0.25));
    expect(size()).toBeLessThan(1.3 * early);
  });
});
