// What was planted and what came of it: the key to a simulated export, to hold a finding against.
import type { StageProfile } from './journey.ts';
import { companyOf, type SimulateOptions } from './options.ts';
import type { Plant } from './plant.ts';
import { frailty, halfLifeDays, type LifeEvent, longestDelayDays, plantedChurnEffect } from './population.ts';
import { dayMs } from './season.ts';
import { play } from './simulate.ts';

export type TruthStage = {
  stage: string;
  /** share of unhappy customers when nothing is planted */
  unhappyShare: number;
  statementsPerDay: number;
  /** chance that one unhappy experience drives a customer away */
  churnEffect: number;
};

/** `cause` null: left of their own accord. */
export type TruthDeparture = {
  customer: string;
  at: string;
  cause: { stage: string; experiencedAt: string; planted: boolean } | null;
};

export type Truth = {
  seed: number;
  from: string;
  to: string;
  customers: number;
  ratingsOnly: boolean;
  stages: TruthStage[];
  plants: (Plant & { from: string; fullFrom: string })[];
  churn: {
    plantedEffect: number;
    halfLifeDays: number;
    longestDelayDays: number;
    frailShare: number;
    frailty: typeof frailty;
  };
  departures: TruthDeparture[];
};

const stamp = (atMs: number): string => new Date(atMs).toISOString();

const departureOf = ({ customer, atMs }: LifeEvent, stages: readonly StageProfile[]): TruthDeparture => ({
  customer: customer.id,
  at: stamp(atMs),
  cause:
    customer.cause === null
      ? null
      : {
          stage: (stages[customer.cause.stage] as StageProfile).id,
          experiencedAt: stamp(customer.cause.experiencedMs),
          planted: customer.cause.planted,
        },
});

/** Plays the company once more, unheard, and tells what lay behind it. Takes as long as the simulation itself. */
export function truth(options: SimulateOptions): Truth {
  const company = companyOf(options);
  const { fromMs, stages } = company;
  const endMs = fromMs + company.days * dayMs;
  const departures: TruthDeparture[] = [];
  const story = play(company, (event) => {
    if (event.event === 'churned' && event.atMs < endMs) departures.push(departureOf(event, stages));
  });
  while (story.next().done !== true);
  return {
    seed: company.seed,
    from: stamp(fromMs),
    to: stamp(endMs),
    customers: company.customers,
    ratingsOnly: company.ratingsOnly,
    stages: stages.map(({ id, unhappyShare, statementsPerDay, churnEffect }) => ({
      stage: id,
      unhappyShare,
      statementsPerDay,
      churnEffect,
    })),
    plants: options.plants.map((plant) => ({
      ...plant,
      from: stamp(fromMs + plant.day * dayMs),
      fullFrom: stamp(fromMs + (plant.day + plant.rampDays) * dayMs),
    })),
    churn: { plantedEffect: plantedChurnEffect, halfLifeDays, longestDelayDays, frailShare: 0.5, frailty },
    departures,
  };
}
