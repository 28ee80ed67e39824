/** Seeded votes of a stage for the detector's benches and campaigns: seasons, and disturbances that are no gap. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { HourVotes } from '../../packages/core/src/change/index.ts';

/** Uniform numbers in [0, 1). */
export type Uniform = () => number;

export function uniformFrom(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  for (let skipped = 0; skipped < 16; skipped++) generator.next();
  return () => (generator.next() >>> 0) / 2 ** 32;
}

export function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function poisson(mean: number, uniform: Uniform): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(uniform)));
  const limit = Math.exp(-mean);
  let product = uniform();
  let count = 0;
  while (product > limit) {
    product *= uniform();
    count++;
  }
  return count;
}

export const nulls = ['clean', 'dirty', 'wander', 'clusters', 'outage-surge', 'mix'] as const;
export type Null = (typeof nulls)[number];

export type StageSpec = {
  stage: string;
  votesPerDay: number;
  /** Share of unhappy customers where nothing happens. */
  base: number;
  disturbance: Null;
  plant: Plant | null;
};

/** Rise of the share of unhappy customers from `day` on, linear over `rampDays`, until `untilDay`; `again` rises on top of it. */
export type Plant = {
  step: number;
  day: number;
  rampDays: number;
  untilDay: number;
  again?: { step: number; day: number };
};

/** Volume by hour of the day (mean 1) and by day of the week; nights and weekends are quieter. */
const hourVolume = Array.from({ length: 24 }, (_, hour) => 1 - 0.8 * Math.cos((2 * Math.PI * (hour - 3)) / 24));
const dayVolume = [1.2, 1.15, 1.1, 1.1, 1.05, 0.75, 0.65];
/** Share of unhappy customers added by hour and weekday. */
const hourShare = Array.from({ length: 24 }, (_, hour) => 0.03 * Math.sin((2 * Math.PI * hour) / 24));
const dayShare = [0.015, 0, -0.01, 0, 0, -0.01, 0.005];

type Weather = { wander: number; badUntil: number; surgeUntil: number; outUntil: number };

/** Votes of one stage, hour by hour; to be asked in the order of hours. */
export function votesOf(spec: StageSpec, uniform: Uniform): (hour: number) => HourVotes[] {
  const weather: Weather = { wander: 0, badUntil: -1, surgeUntil: -1, outUntil: -1 };
  return (hour) => {
    changeWeather(weather, spec.disturbance, hour, uniform);
    if (hour < weather.outUntil) return [];
    const volume = (hour < weather.surgeUntil ? 4 : 1) * (hour < weather.badUntil ? 2 : 1);
    const mean = (spec.votesPerDay / 24) * hourVolume[hour % 24]! * dayVolume[Math.floor(hour / 24) % 7]! * volume;
    const season = hourShare[hour % 24]! + dayShare[Math.floor(hour / 24) % 7]!;
    const share = spec.base + season + planted(spec, hour) + weather.wander + (hour < weather.badUntil ? 0.15 : 0);
    return sourcesOf(spec, hour).flatMap(({ source, part, offset }) => {
      const levels = ratings(poisson(mean * part, uniform), share + offset, uniform);
      return levels ? [{ stage: spec.stage, segment: null, source, levels }] : [];
    });
  };
}

/** Surveys and tickets with other shares of unhappy customers; in `mix` and `dirty` their parts move. */
function sourcesOf({ disturbance }: StageSpec, hour: number) {
  if (disturbance !== 'mix' && disturbance !== 'dirty') return [{ source: 'survey', part: 1, offset: 0 }];
  const part = Math.floor(hour / 24 / 40) % 2 === 0 ? 0.8 : 0.5;
  return [
    { source: 'survey', part, offset: 0 },
    { source: 'ticket', part: 1 - part, offset: 0.15 },
  ];
}

function planted({ plant }: StageSpec, hour: number): number {
  if (!plant) return 0;
  const days = hour / 24 - plant.day;
  if (days < 0 || hour / 24 >= plant.untilDay) return 0;
  const again = plant.again && hour / 24 >= plant.again.day ? plant.again.step : 0;
  return plant.step * Math.min(1, plant.rampDays > 0 ? days / plant.rampDays : 1) + again;
}

function changeWeather(weather: Weather, kind: Null, hour: number, uniform: Uniform): void {
  const everyDays = (days: number) => uniform() < 1 / (24 * days);
  if (kind === 'dirty' || kind === 'wander') {
    const [deviation, days] = kind === 'wander' ? [0.015, 45] : [0.01, 20];
    const keep = Math.exp(-1 / (24 * days));
    weather.wander = weather.wander * keep + deviation * Math.sqrt(1 - keep * keep) * normal(uniform);
  }
  if ((kind === 'dirty' || kind === 'clusters') && everyDays(30)) weather.badUntil = hour + 6;
  if ((kind === 'dirty' || kind === 'outage-surge') && everyDays(40)) weather.surgeUntil = hour + 48;
  if ((kind === 'dirty' || kind === 'outage-surge') && everyDays(60)) weather.outUntil = hour + 48;
}

/** Counts of the ratings 5 to 1, in order of their friction 0, .25, .5, .75, 1; null for no votes. */
function ratings(votes: number, unhappyShare: number, uniform: Uniform): number[] | null {
  if (votes === 0) return null;
  const levels = [0, 0, 0, 0, 0];
  const share = Math.min(0.98, Math.max(0.01, unhappyShare));
  for (let vote = 0; vote < votes; vote++) levels[rating(share, uniform)]! += 1;
  return levels;
}

function rating(unhappyShare: number, uniform: Uniform): number {
  if (uniform() < unhappyShare) return uniform() < 0.5 ? 3 : 4;
  const mood = uniform();
  return mood < 0.5 ? 0 : mood < 0.85 ? 1 : 2;
}
