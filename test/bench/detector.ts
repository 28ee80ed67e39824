/** Time and space of the detector's fold: `node test/bench/detector.ts`. Medians of five runs over one year of 40 stages. */
import { performance } from 'node:perf_hooks';
import { serialize } from 'node:v8';
import {
  closeHour,
  defaultSettings,
  type HourVotes,
  newTenant,
  type StageState,
} from '../../packages/core/src/change/index.ts';
import { firstDay } from './campaign.ts';
import { uniformFrom, votesOf } from './series.ts';
import { printTable, quantile } from './table.ts';

const stageCount = 40;
const days = 365;

type Hours = { votes: HourVotes[]; hour: number }[];

function hoursOf(votesPerDay: number, disturbance: 'clean' | 'mix'): Hours {
  const streams = Array.from({ length: stageCount }, (_, index) =>
    votesOf({ stage: `stage-${index}`, votesPerDay, base: 0.15, disturbance, plant: null }, uniformFrom(index + 1)),
  );
  return Array.from({ length: days * 24 }, (_, index) => {
    const hour = firstDay * 24 + index;
    return { hour, votes: streams.flatMap((votesAt) => votesAt(hour)) };
  });
}

/** The same hours, every vote on a grid of eleven levels: friction of texts. */
function onFineGrid(hours: Hours): Hours {
  const spread = (levels: readonly number[]) =>
    Array.from({ length: 11 }, (_, level) => levels[Math.floor((level * 4) / 10)]!);
  return hours.map(({ hour, votes }) => ({
    hour,
    votes: votes.map((entry) => ({ ...entry, levels: spread(entry.levels) })),
  }));
}

function fold(hours: Hours): { nanoseconds: number; stages: Map<string, StageState> } {
  const tenant = newTenant();
  const stages = new Map<string, StageState>();
  const began = performance.now();
  for (const { hour, votes } of hours) closeHour(tenant, stages, hour, votes, defaultSettings);
  return { nanoseconds: (performance.now() - began) * 1e6, stages };
}

/** The floor: walking the same votes and taking one logarithm a count. */
function floor(hours: Hours): number {
  const began = performance.now();
  let sum = 0;
  for (const { votes } of hours)
    for (const { levels } of votes) for (const count of levels) if (count > 0) sum += Math.log(1 + count);
  if (!Number.isFinite(sum)) throw new Error('the floor did not add up');
  return (performance.now() - began) * 1e6;
}

function measure(name: string, hours: Hours) {
  const buckets = hours.reduce((sum, { votes }) => sum + votes.length, 0);
  fold(hours);
  const runs = Array.from({ length: 5 }, () => fold(hours));
  const floors = Array.from({ length: 5 }, () => floor(hours));
  const states = [...runs[0]!.stages.values()];
  const series = states.reduce((sum, { sources }) => sum + sources.length, 0);
  return {
    votes: name,
    buckets,
    'ns/bucket': Math.round(
      quantile(
        runs.map(({ nanoseconds }) => nanoseconds),
        0.5,
      ) / buckets,
    ),
    'floor ns': Math.round(quantile(floors, 0.5) / buckets),
    series,
    'float64 B/series': Math.round((8 * numbersIn(states)) / series),
    'stored B/series': Math.round(serialize(states).length / series),
    'JSON B/series': Math.round(JSON.stringify(states).length / series),
  };
}

function numbersIn(value: unknown): number {
  if (typeof value === 'number') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + numbersIn(part), 0);
}

const rows = [
  measure('10 a day, ratings', hoursOf(10, 'clean')),
  measure('100 a day, ratings', hoursOf(100, 'clean')),
  measure('1000 a day, ratings', hoursOf(1000, 'clean')),
  measure('1000 a day, two sources', hoursOf(1000, 'mix')),
  measure('1000 a day, eleven levels', onFineGrid(hoursOf(1000, 'clean'))),
];
printTable('detector: closing an hour, a bucket being one stage, source and hour with votes (medians of five)', rows);
