// A company in the middle of its story: its people, what is to come, and how a customer at a stage feels.
// A mood hangs on customer, stage and the customer's own week, so that whoever speaks twice in a week says the same.
import type { Signal } from '@gapwatch/contracts';
import type { Agenda } from './agenda.ts';
import { type Door, doors, type StageProfile } from './journey.ts';
import type { Company } from './options.ts';
import { type Customer, frailty, type Population, plantedChurnEffect } from './population.ts';
import { type Random, unitOf } from './random.ts';
import { dayMs } from './season.ts';

/** Something that will be written, unless the customer has left by then. */
export type Line = { signal: Signal; atMs: number; customer: Customer | null };

export type Run = {
  company: Company;
  population: Population;
  random: Random;
  agenda: Agenda<Line>;
  /** what the plants of each stage add to the share of unhappy customers now */
  planted: number[];
  /** counts subjects, so that no two are named alike */
  subjects: number;
};

export type Mood = { unhappy: boolean; planted: boolean };

const key = { mood: 301, block: 302 } as const;
const blockDays = 7;
const leastShare = 0.005;
const mostShare = 0.97;
// Who writes a ticket or a public review is unhappy more often than who is asked.
const doorFactor: Readonly<Record<Door, number>> = { ticket: 1.1, survey: 0.85, review: 1.2, remark: 1 };

/** The factors of the doors, scaled so that the stage as a whole keeps its share. */
function factorOf(stage: StageProfile, door: Door): number {
  let weighted = 0;
  let weights = 0;
  stage.doors.forEach((weight, index) => {
    weighted += weight * doorFactor[doors[index] as Door];
    weights += weight;
  });
  return (doorFactor[door] * weights) / weighted;
}

function blockOf(run: Run, customer: Customer, atMs: number): number {
  const shift = unitOf(run.company.seed, key.block, customer.serial) * blockDays;
  return Math.floor((atMs / dayMs + shift) / blockDays);
}

function moodBy(run: Run, stage: number, usual: number, unit: number): Mood {
  const added = run.planted[stage] as number;
  const unhappy = unit < Math.min(mostShare, Math.max(leastShare, usual + added));
  return { unhappy, planted: unhappy && unit >= usual };
}

/**
 * How the customer feels at the stage now. `door` null: one share for all doors. An unhappy experience may make the
 * customer leave later on.
 */
export function moodOf(run: Run, stage: number, door: Door | null, customer: Customer | null, atMs: number): Mood {
  const profile = run.company.stages[stage] as StageProfile;
  const share = profile.unhappyShare * (door === null ? 1 : factorOf(profile, door));
  if (customer === null) return moodBy(run, stage, share, run.random.unit());
  const usual = share * frailty.unhappyFactor[customer.frail ? 1 : 0];
  const block = blockOf(run, customer, atMs);
  const mood = moodBy(run, stage, usual, unitOf(run.company.seed, key.mood + stage, customer.serial, block));
  if (mood.unhappy) {
    const effect = mood.planted ? plantedChurnEffect : profile.churnEffect;
    run.population.hurt(customer, stage, block, effect, mood.planted, atMs);
  }
  return mood;
}

/** A name for a new subject, such as `review:12`. */
export function subjectOf(run: Run, what: string): string {
  run.subjects += 1;
  return `${what}:${run.company.edition}${run.subjects}`;
}

export const stamp = (atMs: number): string => new Date(atMs).toISOString();
