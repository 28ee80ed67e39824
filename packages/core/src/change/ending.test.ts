import { describe, expect, it } from 'vitest';
import { acceptLevel, type Decision, describeStage } from './index.ts';
import { hourOfDay, newWorld, run, startHour, steadyVotes } from './votes.fixture.ts';

/** Share of unhappy customers by spell: [until day, share]; `votes` an hour. */
function spells(votes: number, ...levels: [untilDay: number, share: number][]) {
  const votesAt = steadyVotes('delivery', 'survey', votes, (hour) => {
    return levels.find(([untilDay]) => hour < hourOfDay(untilDay))?.[1] ?? 0;
  });
  return (hour: number) => [votesAt(hour)];
}

const endings = (decisions: Decision[]) =>
  decisions.filter(({ kind }) => kind !== 'update').map(({ kind, reason }) => `${kind} ${reason}`);
const opening = 'open evidence-reached-threshold';

describe('an episode that gets worse again', () => {
  const world = newWorld();
  const decisions = run(world, startHour, hourOfDay(90), spells(4, [60, 0.1], [75, 0.25], [90, 0.6]));
  const [closed, opened] = decisions.filter(({ reason }) => reason === 'got-worse-again');

  it('closes and opens anew in one step, in this order', () => {
    expect(endings(decisions)).toEqual([opening, 'close got-worse-again', 'open got-worse-again']);
    expect(opened!.hour).toBe(closed!.hour);
    expect(closed!.openedHour).toBe(decisions[0]!.openedHour);
    expect(opened!.openedHour).toBe(opened!.hour);
  });

  it('says since when, against the baseline of before the first step', () => {
    expect(Math.abs(opened!.onsetHour - hourOfDay(75))).toBeLessThanOrEqual(24);
    expect(opened!.before).toBeCloseTo(0.1, 1);
    expect(opened!.size).toBeGreaterThan(0.4);
  });

  it('closes when the whole of it is gone, and raises nothing then', () => {
    const after = run(world, hourOfDay(90), hourOfDay(130), spells(4, [130, 0.1]));
    expect(endings(after)).toEqual(['close gap-closed']);
  });

  it('is not one that only widens by less than half a step', () => {
    const steady = run(newWorld(), startHour, hourOfDay(87), spells(4, [60, 0.1], [75, 0.3], [87, 0.36]));
    expect(endings(steady)).toEqual([opening]);
  });
});

describe('an episode of four weeks', () => {
  it('that still stands is the new normal: the level raises no alert again', () => {
    const world = newWorld();
    const decisions = run(world, startHour, hourOfDay(130), spells(4, [60, 0.1], [130, 0.25]));
    expect(endings(decisions)).toEqual([opening, 'close new-normal']);
    const [opened, closed] = decisions.filter(({ kind }) => kind !== 'update');
    expect(closed!.hour - opened!.hour).toBeGreaterThanOrEqual(28 * 24);
    expect(closed!.hour - opened!.hour).toBeLessThan(30 * 24);
    const told = describeStage(world.stages.get('delivery')!, hourOfDay(130));
    expect(told.state === 'watching' && told.before).toBeCloseTo(0.25, 1);
  });

  it('is watched for what is worse than the new normal, and told when it is better', () => {
    const worse = run(newWorld(), startHour, hourOfDay(130), spells(4, [60, 0.1], [110, 0.25], [130, 0.5]));
    expect(endings(worse)).toEqual([opening, 'close new-normal', opening]);
    const better = run(newWorld(), startHour, hourOfDay(130), spells(4, [60, 0.1], [110, 0.25], [130, 0.1]));
    expect(endings(better)).toEqual([opening, 'close new-normal', 'improved evidence-reached-threshold']);
  });

  it.each([6, 12])('that has narrowed is over, where a vote or two in %i hours had not shown it yet', (hours) => {
    const votesAt = spells(2, [60, 0.1], [88, 0.4], [120, 0.1]);
    const decisions = run(newWorld(), startHour, hourOfDay(120), (hour) => (hour % hours === 0 ? votesAt(hour) : []));
    expect(endings(decisions)).toEqual([opening, 'close narrowed-away']);
  });
});

describe('a level that a person accepts', () => {
  it('is the baseline as it is now, where the episode began lower', () => {
    const world = newWorld();
    run(world, startHour, hourOfDay(82), spells(4, [60, 0.1], [68, 0.25], [82, 0.31]));
    const stage = world.stages.get('delivery')!;
    expect(acceptLevel(stage, hourOfDay(82))).toMatchObject({ kind: 'close', reason: 'accepted' });
    expect(stage.sources[0]!.level.unhappy / stage.sources[0]!.level.votes).toBeCloseTo(0.3, 1);
    expect(acceptLevel(stage, hourOfDay(82))).toBeNull();
  });
});
