// The customers of the company: who is there, on which plan, when they will leave and why.
// Their number is constant: who leaves is followed by a new one in the same place, so memory never grows with days.
import { Random, unitOf } from './random.ts';
import { dayMs } from './season.ts';

export const halfLifeDays = 21;
/** After so many days an experience drives nobody away any more; the mean delay is then about 25 days. */
export const longestDelayDays = 90;
/** Chance that one unhappy experience of a planted kind drives a customer away. */
export const plantedChurnEffect = 0.2;
/** The hidden confounder: a half of the customers is frail, which makes them unhappier and quicker to leave for good. */
export const frailty = { unhappyFactor: [0.75, 1.25], churnFactor: [0.6, 1.4] } as const;

const churnPerDay = 0.0004;
const planFactor = { basic: 1.2, pro: 0.7 } as const;
/** Until that many days after joining, the hazard is multiplied so. */
const tenureFactors = [
  { untilDays: 30, factor: 2 },
  { untilDays: 90, factor: 1.3 },
  { untilDays: Number.POSITIVE_INFINITY, factor: 0.8 },
] as const;
const countries = ['GB', 'US', 'DE', 'ES', 'FR'] as const;
const countryWeights = [0.48, 0.26, 0.1, 0.08, 0.08];
const languages: Readonly<Record<string, string>> = { DE: 'de', ES: 'es', FR: 'fr' };
const key = { frail: 201, join: 202, effect: 203, delay: 204, fluent: 205 } as const;

export type PlanName = keyof typeof planFactor;
export type Segment = { plan: PlanName; country: string };

/** Why a customer left: by an experience at a stage, or of their own accord. */
export type Cause = { stage: number; experiencedMs: number; planted: boolean };

export type Customer = {
  /** unique among all that ever were; the draws of a customer hang on it */
  serial: number;
  id: string;
  segment: Segment;
  language: string;
  frail: boolean;
  joinedMs: number;
  /** already there when the story begins */
  founding: boolean;
  leavesMs: number;
  cause: Cause | null;
  renewsMs: number;
  /** an unhappy customer on the larger plan may step down first */
  downgradesMs: number;
};

const yearDays = 365;
const renewalDays: Readonly<Record<PlanName, number>> = { basic: 90, pro: yearDays };
/** Money a year. */
export const planValue: Readonly<Record<PlanName, number>> = { basic: 120, pro: 480 };

/** Days from an experience to leaving: exponential decay with the half-life, cut off; `unit` in [0, 1). */
export function delayDays(unit: number): number {
  const rate = Math.LN2 / halfLifeDays;
  return Math.max(1, -Math.log(1 - unit * (1 - Math.exp(-rate * longestDelayDays))) / rate);
}

/** Days from joining until leaving without any cause, after the tenure already spent; inverts the piecewise hazard. */
function spontaneousDays(unitExponential: number, dailyHazard: number, tenureDays: number): number {
  let rest = unitExponential;
  let day = tenureDays;
  for (const { untilDays, factor } of tenureFactors) {
    if (day >= untilDays) continue;
    const room = (untilDays - day) * dailyHazard * factor;
    if (rest < room) return day - tenureDays + rest / (dailyHazard * factor);
    rest -= room;
    day = untilDays;
  }
  return Number.POSITIVE_INFINITY;
}

export class Population {
  readonly customers: Customer[];
  readonly #random: Random;
  readonly #seed: number;
  #next = 0;

  constructor(size: number, seed: number, fromMs: number) {
    this.#random = new Random(seed ^ 0x51ab1e);
    this.#seed = seed;
    this.customers = Array.from({ length: size }, () => {
      const tenureDays = Math.min(3 * yearDays, this.#random.exponential(yearDays));
      return this.#newcomer(fromMs - tenureDays * dayMs, fromMs, true);
    });
  }

  #newcomer(joinedMs: number, nowMs: number, founding: boolean): Customer {
    const serial = this.#next++;
    const random = this.#random;
    const frail = unitOf(this.#seed, key.frail, serial) < 0.5;
    const plan: PlanName = random.chance(0.35) ? 'pro' : 'basic';
    const country = countries[random.weighted(countryWeights)] as string;
    const hazard = churnPerDay * planFactor[plan] * frailty.churnFactor[frail ? 1 : 0];
    const stay = spontaneousDays(random.exponential(1), hazard, (nowMs - joinedMs) / dayMs);
    const language = unitOf(this.#seed, key.fluent, serial) < 0.15 ? 'en' : (languages[country] ?? 'en');
    return {
      serial,
      id: `c-${String(serial + 1).padStart(6, '0')}`,
      segment: { plan, country },
      language,
      frail,
      joinedMs,
      founding,
      leavesMs: nowMs + Math.max(1, stay) * dayMs,
      cause: null,
      renewsMs: nowMs + random.unit() * renewalDays[plan] * dayMs,
      downgradesMs: Number.POSITIVE_INFINITY,
    };
  }

  /** Somebody who is there at that time; null where chance met nobody. `talkative` prefers the few who speak more often. */
  someone(random: Random, atMs: number, talkative: boolean): Customer | null {
    for (let attempt = 0; attempt < 20; attempt++) {
      const unit = random.unit();
      const customer = this.customers[Math.floor((talkative ? unit ** 1.4 : unit) * this.customers.length)] as Customer;
      if (customer.joinedMs <= atMs) return customer;
    }
    return null;
  }

  /** An unhappy experience: with the chance `effect` the customer leaves for it, unless gone sooner. One draw a `block`. */
  hurt(customer: Customer, stage: number, block: number, effect: number, planted: boolean, atMs: number): void {
    const place = stage * 100_003 + block;
    const draw = unitOf(this.#seed, key.effect, customer.serial, place);
    const leavesMs = atMs + delayDays(unitOf(this.#seed, key.delay, customer.serial, place)) * dayMs;
    if (draw >= effect * 1.5 || leavesMs >= customer.leavesMs) return;
    if (draw < effect) {
      customer.leavesMs = leavesMs;
      customer.cause = { stage, experiencedMs: atMs, planted };
    } else if (customer.segment.plan === 'pro') customer.downgradesMs = Math.min(customer.downgradesMs, leavesMs);
  }

  /** What happens to customers on the day from `dayMsStart`; call once a day, in order. */
  day(dayStartMs: number, tell: (event: LifeEvent) => void): void {
    const end = dayStartMs + dayMs;
    for (let place = 0; place < this.customers.length; place++) {
      const customer = this.customers[place] as Customer;
      if (customer.renewsMs < end && customer.renewsMs < customer.leavesMs) {
        tell({ event: 'renewed', customer, atMs: Math.max(customer.renewsMs, dayStartMs) });
        customer.renewsMs += renewalDays[customer.segment.plan] * dayMs;
      }
      if (customer.downgradesMs < end && customer.downgradesMs < customer.leavesMs) this.#downgrade(customer, tell);
      if (customer.leavesMs < end) this.#replace(place, customer, tell);
    }
  }

  #downgrade(customer: Customer, tell: (event: LifeEvent) => void): void {
    const atMs = customer.downgradesMs;
    customer.segment = { ...customer.segment, plan: 'basic' };
    customer.downgradesMs = Number.POSITIVE_INFINITY;
    tell({ event: 'downgraded', customer, atMs });
  }

  #replace(place: number, customer: Customer, tell: (event: LifeEvent) => void): void {
    tell({ event: 'churned', customer, atMs: customer.leavesMs });
    const joinedMs = customer.leavesMs + this.#random.between(0.1, 1.5) * dayMs;
    const newcomer = this.#newcomer(joinedMs, joinedMs, false);
    this.customers[place] = newcomer;
    tell({ event: 'joined', customer: newcomer, atMs: joinedMs });
  }
}

export type LifeEvent = { event: 'joined' | 'renewed' | 'downgraded' | 'churned'; customer: Customer; atMs: number };
