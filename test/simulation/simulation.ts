// The deterministic simulation: the whole pipeline in one process on a clock of its own. While the world goes on, things go
// wrong; then nothing goes wrong any more, and what came out must be the answer of the batch. One seed is one run.
import { Random } from '../../services/local/src/simulate/random.ts';
import { checks } from './checks.ts';
import { type FaultKind, Faults } from './faults.ts';
import type { Plant } from './plants.ts';
import { differenceOf } from './rerun.ts';
import { settle } from './scheduler.ts';
import { repeatable, services } from './services.ts';
import { Stand } from './stand.ts';
import { hasStep, type Workload, workloadOf } from './workload.ts';

export type Report = {
  readonly seed: number;
  /** the first thing that was wrong; null when nothing was */
  readonly difference: string | null;
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** the newest faults */
  readonly last: readonly string[];
  readonly steps: number;
  /** records of all topics at the end */
  readonly records: number;
  readonly alerts: number;
  readonly sent: number;
};

/** steps after an event of the world, at most */
const paces = [1, 3, 10];
const chunkSizes = [1, 5, 50, 500];
/** an alert opens, and is told to people, only where the services keep up with the world */
const keepingUp = { pace: 20, chunkRecords: 50 };
const afterwardsSteps = 400;
const hourMs = 3_600_000;
/** documents of a run, two a tick */
const mostTicksBehind = 200;

/** Runs one seed; with a planted mistake, the services have it. */
export async function simulate(seed: number, plant: Plant = {}): Promise<Report> {
  const workload = workloadOf(seed);
  const random = new Random(seed ^ 0x5bd1e995);
  const faults = new Faults(random);
  const usual = { pace: random.pick(paces), chunkRecords: random.pick(chunkSizes) };
  const { pace, chunkRecords } = hasStep(seed) ? keepingUp : usual;
  const stand = new Stand({ workload, random, faults, names: Object.keys(services), plant, chunkRecords });
  await stand.prepare();
  await live(stand, workload, pace);
  faults.end();
  stand.cluster.calm();
  const difference = (await converge(stand)) ?? (await firstDifference(stand, workload));
  const { counts, last } = faults;
  const records = await stand.records();
  const alerts = records.filter(({ topic, key }) => topic === 'alerts' && key !== null).length;
  const { length: sent } = stand.sent;
  return { seed, difference, faults: counts, last, steps: stand.scheduler.now, records: records.length, alerts, sent };
}

/** The world goes on, whatever the services are at. */
async function live(stand: Stand, { arrivals, ticks }: Workload, pace: number): Promise<void> {
  const { random } = stand;
  const events = [
    ...ticks.map((at) => ({ at, happen: () => stand.tick(at) })),
    ...arrivals.map(({ at, output }) => ({ at, happen: () => stand.append(at, [output]) })),
  ].sort((one, other) => one.at - other.at);
  await stand.announce(events[0]!.at);
  await stand.cluster.start();
  await settle();
  for (const { happen } of events) {
    await happen();
    await disturbed(stand, random.below(pace + 1));
  }
  await disturbed(stand, random.below(afterwardsSteps));
}

async function disturbed({ cluster, scheduler }: Stand, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await cluster.disturb();
    await scheduler.step();
  }
}

/**
 * Nothing goes wrong any more: all that is left is read within a bounded number of steps, the last hours close, and ticks
 * follow until nothing is due that one of them had no room for.
 */
async function converge(stand: Stand): Promise<string | null> {
  const fault = (await passes(stand, 2 * hourMs)) ?? (await passes(stand, 2 * hourMs));
  if (fault !== null) return fault;
  for (let tick = 0; await stand.isBehind(); tick += 1) {
    if (tick === mostTicksBehind) return `still behind after ${tick} ticks`;
    const late = await passes(stand, hourMs / 60);
    if (late !== null) return late;
  }
  return null;
}

/** Time goes on, and everybody hears of it. */
async function passes(stand: Stand, ms: number): Promise<string | null> {
  await stand.touch();
  await stand.tick(stand.time + ms);
  const limit = 1_000 + 60 * (await stand.records()).length;
  if (await stand.drain(limit)) return null;
  return `not at rest after ${limit} steps: ${stand.scheduler.waiting.join('; ')}`;
}

async function firstDifference(stand: Stand, workload: Workload): Promise<string | null> {
  if (stand.violations[0] !== undefined) return stand.violations[0];
  for (const check of checks) {
    const difference = await check(stand, workload);
    if (difference !== null) return `${check.name}: ${difference}`;
  }
  for (const service of repeatable) {
    const difference = await differenceOf(service, stand, workload);
    if (difference !== null) return difference;
  }
  return null;
}
