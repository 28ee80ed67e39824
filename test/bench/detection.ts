/**
 * What the detector finds and what it raises for nothing, on seeded votes: `node test/bench/detection.ts [--quick | --full]`.
 * Budget: false alarms of unchanged stages. Delay: steps and ramps of the share of unhappy customers from day 80 to day 140.
 * Then what becomes of episodes: a second step, a step that stays, one that passes; and a reported figure that rises.
 */
import { type Decision, defaultSettings, detectorSettingsSchema } from '../../packages/core/src/change/index.ts';
import { type Campaign, firstDay, runCampaign } from './campaign.ts';
import { isOpenAt, passingRow, raisedRow, stayingRow, worseRow } from './episodes.ts';
import { type Null, nulls } from './series.ts';
import { printTable, quantile } from './table.ts';

const quick = process.argv.includes('--quick');
const full = process.argv.includes('--full');
/** More stages at low volume, where a stage is cheap: votes are what the bench spends its time on. */
const stagesAt = (votesPerDay: number) => Math.round((votesPerDay >= 1000 ? 20 : 60) * (quick ? 0.5 : full ? 4 : 1));
const learningDays = 35;
const plantDay = 80;
const plantDays = 60;

function budgetRow(disturbance: Null, votesPerDay: number, budgetDays: number) {
  const stages = stagesAt(votesPerDay);
  const campaign: Campaign = { seed: 7 + votesPerDay, stages, days: 365, votesPerDay, disturbance, plant: null };
  const { decisions } = runCampaign(campaign, detectorSettingsSchema.parse({ budgetDays, strict: budgetDays > 90 }));
  const alarms = decisions.filter(({ kind }) => kind === 'open').length;
  const improvements = decisions.filter(({ kind }) => kind === 'improved').length;
  const budgets = (stages * (365 - learningDays)) / budgetDays;
  const [low, high] = poissonInterval(alarms);
  const rate = (count: number) => (count / budgets).toFixed(2);
  return {
    votes: disturbance,
    'a day': votesPerDay,
    'budget days': budgetDays,
    stages,
    alarms,
    'of budget': rate(alarms),
    from: rate(low),
    to: rate(high),
    'improvements of budget': rate(improvements),
  };
}

/** Exact 95 % interval of a Poisson mean (Garwood 1936), by bisection. */
function poissonInterval(count: number): [number, number] {
  const low = count === 0 ? 0 : bisect((mean) => 1 - atMost(count - 1, mean) > 0.025, count);
  return [low, bisect((mean) => atMost(count, mean) < 0.025, 4 * count + 10)];
}

function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let index = 1; index <= count; index++) {
    term *= mean / index;
    sum += term;
  }
  return sum;
}

/** Smallest mean below `high` at which `holds` does. */
function bisect(holds: (mean: number) => boolean, high: number): number {
  let [from, to] = [0, high];
  for (let step = 0; step < 60; step++) {
    const middle = (from + to) / 2;
    if (holds(middle)) to = middle;
    else from = middle;
  }
  return to;
}

type Found = { delayDays: number; onsetDays: number; covered: boolean };

function delayRow(disturbance: Null, votesPerDay: number, step: number, rampDays: number) {
  const stages = stagesAt(votesPerDay);
  const plant = { step, day: plantDay, rampDays, untilDay: plantDay + plantDays };
  const { decisions, stages: states } = runCampaign(
    { seed: 3 + votesPerDay, stages, days: 170, votesPerDay, disturbance, plant },
    defaultSettings,
  );
  const byStage = [...states.keys()].map((stage) => decisions.filter((decision) => decision.stage === stage));
  const calm = byStage.filter((own) => !isOpenAt(own, (firstDay + plantDay) * 24));
  const found = calm.flatMap((own) => foundIn(own, step) ?? []);
  const days = (values: number[], q: number) => quantile(values, q).toFixed(2);
  return {
    votes: disturbance,
    'a day': votesPerDay,
    step: rampDays > 0 ? `${step} in ${rampDays} days` : `${step}`,
    calm: calm.length,
    'missed %': Math.round(100 * (1 - found.length / calm.length)),
    'median days': days(
      found.map(({ delayDays }) => delayDays),
      0.5,
    ),
    'p90 days': days(
      found.map(({ delayDays }) => delayDays),
      0.9,
    ),
    'onset error': days(
      found.map(({ onsetDays }) => onsetDays),
      0.5,
    ),
    'size in interval': (found.filter(({ covered }) => covered).length / found.length).toFixed(2),
  };
}

function foundIn(decisions: Decision[], step: number): Found | null {
  const begin = (firstDay + plantDay) * 24;
  const end = begin + plantDays * 24;
  const opened = decisions.find(({ kind, hour }) => kind === 'open' && hour >= begin && hour < end);
  if (!opened) return null;
  return {
    delayDays: (opened.hour + 1 - begin) / 24,
    onsetDays: (opened.onsetHour - begin) / 24,
    covered: opened.interval[0] <= step && step <= opened.interval[1],
  };
}

const budgets = full ? [30, 90, 365] : [90];
const volumes = [3, 10, 100, 1000];
const shapes = [
  [0.03, 0],
  [0.06, 0],
  [0.12, 0],
  [0.24, 0],
  [0.12, 28],
] as const;
const weather: readonly Null[] = quick ? ['clean', 'dirty'] : nulls;

printTable(
  'budget: false alarms of unchanged stages in a year, as a share of the budget (95 % interval)',
  budgets.flatMap((days) =>
    weather.flatMap((kind) => volumes.map((votesPerDay) => budgetRow(kind, votesPerDay, days))),
  ),
);
printTable(
  'delay: from the first hour of the change to the alarm; the size of a ramp is its end',
  (['clean', 'dirty'] as const).flatMap((kind) =>
    [10, 100, 1000].flatMap((votesPerDay) =>
      shapes.map(([step, rampDays]) => delayRow(kind, votesPerDay, step, rampDays)),
    ),
  ),
);

const calmAndDirty = ['clean', 'dirty'] as const;
const settings = calmAndDirty.flatMap((disturbance) =>
  [10, 100, 1000].map((votesPerDay) => ({ disturbance, votesPerDay, stages: stagesAt(votesPerDay) })),
);
const each = <T>(
  values: readonly T[],
  row: (setting: (typeof settings)[number], value: T) => Record<string, string | number>,
) => settings.flatMap((setting) => values.map((value) => row(setting, value)));

printTable('episodes of a step that stays for 60 days: how they end', each([0.06, 0.12, 0.24], stayingRow));
printTable('episodes of a step that passes after 21 days: when they close', each([0.06, 0.12, 0.24], passingRow));
printTable(
  'a second step 16 days after the first: from its first hour to the second alert',
  each(
    [
      [0.06, 0.06],
      [0.06, 0.12],
      [0.12, 0.12],
      [0.12, 0.24],
    ] as const,
    (setting, [first, second]) => worseRow(setting, first, second),
  ),
);
printTable(
  'a weekly KPI that rises while customers live what they lived: from the day on which it could first be published (null: 60 days)',
  each(
    [
      [0.06, 0.01],
      [0.12, 0.01],
      [0, 0.01],
      [0, 0.03],
    ] as const,
    (setting, [raise, noise]) => raisedRow(setting, raise, noise),
  ),
);
