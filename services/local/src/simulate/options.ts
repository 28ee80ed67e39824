// What can be asked of the simulator, its limits, and the company that follows from it.
import { profileOf, type StageProfile } from './journey.ts';
import type { Plant } from './plant.ts';
import { dayMs } from './season.ts';

export type SimulateOptions = {
  days: number;
  customers: number;
  /** how many, or their ids; up to six get the names of a journey, more are stage-001 and on */
  stages: number | readonly string[];
  seed: number;
  plants: readonly Plant[];
  /** ratings 1 to 5 and lifecycle alone: no words, tickets, beliefs, repeats, edits, late or deleted statements */
  ratingsOnly: boolean;
  /**
   * Statements of customers at each stage a day, on average over a week. By default each customer speaks at each
   * stage once in 20 days, so it is customers / 20: 2,000 customers make 100 a day.
   */
  signalsPerDay?: number;
  /** the first day, RFC 3339 date or time, taken at 00:00 UTC; by default Monday 6 January 2025 */
  from?: string;
};

/** A company ready to run. */
export type Company = {
  fromMs: number;
  days: number;
  customers: number;
  seed: number;
  ratingsOnly: boolean;
  stages: readonly StageProfile[];
  /** whether every statement names its stage; else surveys alone do, tickets carry a queue, reviews and remarks mostly a topic */
  namesStages: boolean;
  /** stands in the name of every subject, so that two stories in one log do not meet; may be empty */
  edition: string;
};

export const daysBetweenStatements = 20;
const defaultFrom = '2025-01-06';
const journey = ['discover', 'buy', 'delivery', 'use', 'support', 'renew'];

/** The ids of the stages that `--stages` asks for. */
export function stageIds(stages: number | readonly string[]): readonly string[] {
  if (typeof stages !== 'number') return stages;
  if (stages <= journey.length) return journey.slice(0, stages);
  return Array.from({ length: stages }, (_, index) => `stage-${String(index + 1).padStart(3, '0')}`);
}

function whole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new Error(`${name} is ${value} but must be a whole number from ${least} to ${most}`);
}

function startOf(from: string): number {
  const ms = Date.parse(from);
  if (Number.isNaN(ms)) throw new Error(`from is '${from}' but must be a date such as ${defaultFrom}`);
  return Math.floor(ms / dayMs) * dayMs;
}

function check(options: SimulateOptions, ids: readonly string[]): void {
  whole('days', options.days, 1, 36_500);
  whole('customers', options.customers, 1, 10_000_000);
  whole('stages', ids.length, 1, 1_000);
  whole('seed', options.seed, 0, 2 ** 31 - 1);
  if (new Set(ids).size !== ids.length) throw new Error('each stage may be named once');
  const perDay = options.signalsPerDay ?? 1;
  if (!(perDay > 0 && perDay <= 1e7))
    throw new Error(`signals per day is ${perDay} but must be above 0, at most 10,000,000`);
  for (const plant of options.plants)
    if (!ids.includes(plant.stage))
      throw new Error(`plant names the stage '${plant.stage}', which is none of: ${ids.slice(0, 10).join(', ')}`);
}

/** Checks the options and fills in what was not said. Throws an error that names what is wrong. */
export function companyOf(options: SimulateOptions): Company {
  const ids = stageIds(options.stages);
  check(options, ids);
  const statementsPerDay = options.signalsPerDay ?? options.customers / daysBetweenStatements;
  return {
    fromMs: startOf(options.from ?? defaultFrom),
    days: options.days,
    customers: options.customers,
    seed: options.seed,
    ratingsOnly: options.ratingsOnly,
    namesStages: true,
    edition: '',
    stages: ids.map((id, index) => ({
      ...profileOf(id, index, options.seed),
      statementsPerDay,
      plants: options.plants.filter((plant) => plant.stage === id),
    })),
  };
}
