// A made-up company, hour by hour: customers join, walk the journey, speak, leave for what they lived, or for no reason.
// The same options give the same signals, byte for byte. Memory holds the customers and what is to come, never the past.
import type { Signal } from '@gapwatch/contracts';
import { Agenda } from './agenda.ts';
import { beliefs } from './beliefs.ts';
import type { StageProfile } from './journey.ts';
import { announce, introduce, logins } from './lifecycle.ts';
import { type Company, companyOf, type SimulateOptions } from './options.ts';
import { plantedAt } from './plant.ts';
import { type Customer, type LifeEvent, Population } from './population.ts';
import { Random } from './random.ts';
import { rate } from './ratings.ts';
import type { Line, Run } from './run.ts';
import { dayMs, hourMs, volumeFactor } from './season.ts';
import { hear, openingsPerDay, pass } from './statements.ts';

function start(company: Company): Run {
  const { customers, seed, fromMs, stages } = company;
  return {
    company,
    population: new Population(customers, seed, fromMs),
    random: new Random(seed),
    agenda: new Agenda<Line>(),
    planted: stages.map(() => 0),
    subjects: 0,
  };
}

/** Calls `happen` at a Poisson number of moments of the hour. */
function moments(run: Run, hourStartMs: number, mean: number, happen: (atMs: number) => void): void {
  for (let left = run.random.poisson(mean); left > 0; left--)
    happen(hourStartMs + Math.floor(run.random.unit() * hourMs));
}

function isSilent(profile: StageProfile, day: number): boolean {
  return profile.silentFromDay !== undefined && day >= profile.silentFromDay;
}

function speakAt(run: Run, stage: number, hourStartMs: number, factor: number): void {
  const profile = run.company.stages[stage] as StageProfile;
  const day = (hourStartMs - run.company.fromMs) / dayMs;
  run.planted[stage] = plantedAt(profile.plants, day);
  const silent = isSilent(profile, day);
  if (run.company.ratingsOnly) {
    if (!silent) moments(run, hourStartMs, (profile.statementsPerDay / 24) * factor, (atMs) => rate(run, stage, atMs));
    return;
  }
  const openings = (openingsPerDay(profile) / 24) * factor;
  const quiet = openings * (1 / profile.spokenShare - 1);
  if (!silent) moments(run, hourStartMs, openings, (atMs) => hear(run, stage, atMs));
  moments(run, hourStartMs, quiet, (atMs) => pass(run, stage, atMs));
}

function beginDay(run: Run, dayStartMs: number, tell: (event: LifeEvent) => void): void {
  run.population.day(dayStartMs, (event) => {
    announce(run, event);
    tell(event);
  });
  if (!run.company.ratingsOnly) beliefs(run, dayStartMs);
}

const hasLeft = (customer: Customer | null, atMs: number): boolean => customer !== null && atMs >= customer.leavesMs;

/** The company's signals in order of `occurredAt`; `tell` hears of every change among the customers. */
export function* play(company: Company, tell: (event: LifeEvent) => void): Generator<Signal, void, undefined> {
  const run = start(company);
  introduce(run);
  const endMs = company.fromMs + company.days * dayMs;
  for (let hourStartMs = company.fromMs; hourStartMs < endMs; hourStartMs += hourMs) {
    if (hourStartMs % dayMs === 0) beginDay(run, hourStartMs, tell);
    const factor = volumeFactor(hourStartMs);
    for (let stage = 0; stage < company.stages.length; stage++) speakAt(run, stage, hourStartMs, factor);
    logins(run, hourStartMs, factor);
    while (run.agenda.nextAt < hourStartMs + hourMs) {
      const { signal, customer, atMs } = run.agenda.take();
      if (!hasLeft(customer, atMs)) yield signal;
    }
  }
}

/**
 * Canonical signals of a made-up company in order of `occurredAt`, made as they are asked for. A late, edited or
 * withdrawn statement stands at the time it was said and names in `observedAt` when it became known.
 */
export function simulate(options: SimulateOptions): Iterable<Signal> {
  const company = companyOf(options);
  return { [Symbol.iterator]: () => play(company, () => {}) };
}
