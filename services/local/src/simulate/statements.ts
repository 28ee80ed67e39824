// The full voice: what customers say at a stage, through one of its doors, with words.
import type { Signal } from '@gapwatch/contracts';
import { type Door, doors, type StageProfile } from './journey.ts';
import { visit } from './lifecycle.ts';
import type { Customer } from './population.ts';
import type { Random } from './random.ts';
import { ratingOf } from './ratings.ts';
import { type Mood, moodOf, type Run, stamp, subjectOf } from './run.ts';
import { hourMs, minuteMs } from './season.ts';
import { followUpsPerTicket, openTicket } from './ticket.ts';
import { compose, type Form, type Tone } from './words/compose.ts';
import { write } from './write.ts';

export type Occasion = {
  run: Run;
  stage: number;
  profile: StageProfile;
  customer: Customer | null;
  atMs: number;
  mood: Mood;
};

const anonymousReviewShare = 0.5;
const topicShare = 0.9;
const wordlessAnswerShare = 0.4;
const nettedAnswerShare = 0.15;
const strangerWeights = [0.7, 0.1, 0.1, 0.1];
const strangerLanguages = ['en', 'de', 'es', 'fr'];

const stageProfile = (run: Run, stage: number): StageProfile => run.company.stages[stage] as StageProfile;

/** Openings a day that make the statements a day of the profile, follow-ups in tickets counted. */
export function openingsPerDay(profile: StageProfile): number {
  const weights = profile.doors.reduce((sum, weight) => sum + weight, 0);
  return profile.statementsPerDay / (1 + (profile.doors[0] / weights) * followUpsPerTicket);
}

function base(
  { run, profile, customer, atMs }: Occasion,
  kind: Signal['kind'],
  source: string,
  subject: string,
): Signal {
  const signal: Signal = { kind, source, subject, customer: customer?.id ?? null, occurredAt: stamp(atMs) };
  if (run.company.namesStages || source === 'survey') signal.stage = profile.id;
  if (customer !== null) signal.segment = customer.segment;
  return signal;
}

/** A form and a review page ask what it is about, and mostly hear it. */
function ask(occasion: Occasion, signal: Signal): void {
  if (occasion.run.random.chance(topicShare)) signal.attributes = { topic: occasion.profile.queue };
}

function toneOf({ mood }: Occasion, value: number): Tone {
  if (mood.unhappy) return mood.planted ? 'planted' : 'unhappy';
  return value === 3 ? 'neutral' : 'happy';
}

function say(occasion: Occasion, signal: Signal, tone: Tone, form: Form): void {
  const { run, profile, customer } = occasion;
  const { random } = run;
  const stranger = (): string => strangerLanguages[random.weighted(strangerWeights)] as string;
  const language = customer === null ? stranger() : customer.language;
  signal.text = compose({ random, language, stage: profile.id }, tone, form);
  if (form === 'review') signal.language = language;
}

function recommendation(unhappy: boolean, random: Random): number {
  return unhappy ? random.below(5) : 6 + random.below(5);
}

function answer(occasion: Occasion): void {
  const { run, mood, customer, atMs } = occasion;
  const signal = base(occasion, 'feedback', 'survey', subjectOf(run, 'answer'));
  const value = ratingOf(mood.unhappy, run.random.unit());
  signal.rating = { value, min: 1, max: 5 };
  if (run.random.chance(nettedAnswerShare))
    signal.rating = { value: recommendation(mood.unhappy, run.random), min: 0, max: 10 };
  signal.solicited = true;
  if (!run.random.chance(wordlessAnswerShare)) say(occasion, signal, toneOf(occasion, value), 'answer');
  write(run, signal, customer, atMs, mood.unhappy);
}

function review(occasion: Occasion): void {
  const { run, mood, customer, atMs } = occasion;
  const subject = subjectOf(run, 'review');
  const signal = base(occasion, 'review', customer === null ? 'app-store' : 'reviews', subject);
  const value = ratingOf(mood.unhappy, run.random.unit());
  signal.rating = { value, min: 1, max: 5 };
  signal.solicited = false;
  if (customer !== null) ask(occasion, signal);
  signal.url = `https://reviews.example.com/${subject.replace(':', '/')}`;
  say(occasion, signal, toneOf(occasion, value), 'review');
  write(run, signal, customer, atMs, mood.unhappy);
}

function remark(occasion: Occasion): void {
  const { run, mood, customer, atMs } = occasion;
  const signal = base(occasion, 'feedback', 'web-form', subjectOf(run, 'remark'));
  signal.solicited = false;
  ask(occasion, signal);
  const calm = ['question', 'happy', 'happy', 'neutral'] as const;
  say(occasion, signal, mood.unhappy ? toneOf(occasion, 1) : run.random.pick(calm), 'review');
  write(run, signal, customer, atMs, mood.unhappy);
}

const speak: Readonly<Record<Door, (occasion: Occasion) => void>> = {
  ticket: openTicket,
  survey: answer,
  review,
  remark,
};

/** Somebody comes to the stage and says something there at that time; a customer was seen there shortly before. */
export function hear(run: Run, stage: number, atMs: number): void {
  const profile = stageProfile(run, stage);
  const door = doors[run.random.weighted(profile.doors)] as Door;
  const anonymous = door === 'review' && run.random.chance(anonymousReviewShare);
  const customer = anonymous ? null : run.population.someone(run.random, atMs, true);
  if (customer === null && !anonymous) return;
  const hourStartMs = Math.floor(atMs / hourMs) * hourMs;
  if (customer !== null) {
    const cameMs = Math.max(hourStartMs, customer.joinedMs, atMs - Math.ceil(run.random.between(1, 40) * minuteMs));
    visit(run, stage, customer, Math.floor(cameMs));
  }
  const mood = moodOf(run, stage, door, customer, atMs);
  speak[door]({ run, stage, profile, customer, atMs, mood });
}

/** Somebody comes to the stage and says nothing. */
export function pass(run: Run, stage: number, atMs: number): void {
  const customer = run.population.someone(run.random, atMs, true);
  if (customer !== null) visit(run, stage, customer, atMs);
}
