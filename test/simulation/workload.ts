// What the world does in a run: some weeks of a small company, with all that makes a statement hard to count.
import { type Configuration, configurationSchema, type Output, rawTopic } from '@gapwatch/contracts';
import { dayMs, hourMs } from '@gapwatch/core';
import { Random } from '../../services/local/src/simulate/random.ts';

/** `fault`: the code under which the payload must come out as a dead letter; null where it can be read. */
export type Arrival = { readonly at: number; readonly output: Output; readonly fault: string | null };

export type Workload = {
  readonly configuration: Configuration;
  readonly partitions: number;
  /** in order of time; a payload of a raw topic each */
  readonly arrivals: readonly Arrival[];
  /** times at which log time is told to every partition of `signals` and to `alerts` */
  readonly ticks: readonly number[];
  /** documents that one tick of the aggregator looks at: in some runs far fewer than are due */
  readonly mostDue: number;
};

const start = Date.UTC(2026, 2, 2);
const stages = ['delivery', 'support|odd', 'billing'] as const;
const texts = ['Still waiting for a reply, this is the third time I ask.', 'All good, thank you!', 'It broke again.'];

/** Sources: versions of `canonical` may name another customer, those of `shop` never do. */
export const sourceIds = ['canonical', 'shop'] as const;
type SourceId = (typeof sourceIds)[number];

export function workloadOf(seed: number): Workload {
  const random = new Random(seed);
  const days = hasStep(seed) ? stepDays + 1 : 20 + random.below(45);
  const subjects = 20 + random.below(50);
  const partitions = 1 + random.below(4);
  const told: Arrival[] = [];
  for (let index = 0; index < subjects; index += 1) told.push(...new Subject(random, index, days).arrivals());
  for (let index = random.below(8); index > 0; index -= 1) told.push(malformed(random, days));
  if (hasStep(seed)) told.push(...step(random));
  const arrivals = told.map((one) => placed(one, random, partitions)).sort((one, other) => one.at - other.at);
  const configuration = configurationSchema.parse({
    segments: random.chance(0.5) ? ['plan'] : [],
    lateness: random.pick(['35d', '10d']),
    sources: sourceIds.map((id) => ({ id, type: 'canonical' })),
  });
  const ticks = ticksOf(random, days);
  return {
    configuration,
    partitions,
    arrivals,
    ticks,
    mostDue: hasStep(seed) ? 1_000 : random.pick([2, 5, 1_000, 1_000]),
  };
}

/** Whether the seed has enough votes, over enough weeks, and a step in them, for an alert to open. */
export function hasStep(seed: number): boolean {
  return seed % 25 === 0;
}

/** Payloads have no key: they lie where their writer puts them. */
function placed(arrival: Arrival, random: Random, partitions: number): Arrival {
  return { ...arrival, output: { ...arrival.output, partition: random.below(partitions) } };
}

function ticksOf(random: Random, days: number): number[] {
  const ticks: number[] = [];
  for (let at = start; at < start + days * dayMs; at += random.between(0.2, 30) * hourMs) ticks.push(Math.floor(at));
  return ticks;
}

function payload(source: SourceId, at: number, value: Output['value'], fault: string | null = null): Arrival {
  return { at: Math.floor(at), output: { topic: rawTopic(source), key: null, value, headers: {} }, fault };
}

/** One thing that a customer said or did, with everything that became of it. */
class Subject {
  readonly #random: Random;
  readonly #source: SourceId;
  readonly #saidAt: number;
  readonly #about: object;
  #customer: string | null;

  constructor(random: Random, index: number, days: number) {
    this.#random = random;
    this.#source = random.pick(sourceIds);
    this.#saidAt = Math.floor(start + random.between(0, days) * dayMs);
    this.#customer = random.chance(0.2) ? null : customerOf(random);
    const stage = random.pick(stages);
    const occurredAt = new Date(this.#saidAt).toISOString();
    this.#about = { ...kindOf(random, index), subject: `s${index}`, stage, occurredAt };
  }

  /** Versions, edits, deletes and repeats, each at its time, some of them in the wrong order. */
  arrivals(): Arrival[] {
    const random = this.#random;
    const arrivals: Arrival[] = [];
    let at = this.#saidAt + delayOf(random);
    for (let version = 0, last = random.weighted([6, 3, 1]); version <= last; version += 1) {
      if (version > 0 && this.#source === 'canonical' && random.chance(0.4)) this.#customer = customerOf(random);
      arrivals.push(this.#version(version, at));
      at += random.exponential(4) * dayMs * (random.chance(0.1) ? -1 : 1);
    }
    if (random.chance(0.15)) arrivals.push(this.#delete(at));
    for (const arrival of [...arrivals]) {
      if (random.chance(0.15)) arrivals.push({ ...arrival, at: arrival.at + Math.floor(random.exponential(dayMs)) });
    }
    return arrivals;
  }

  #version(version: number, at: number): Arrival {
    const random = this.#random;
    const signal = {
      ...this.#about,
      version,
      ...(this.#customer !== null && { customer: this.#customer }),
      segment: { plan: random.pick(['pro', 'basic']) },
      rating: { value: random.below(5), min: 0, max: 4 },
      ...(random.chance(0.1) && { text: random.pick(texts) }),
    };
    return payload(this.#source, at, JSON.stringify(signal));
  }

  #delete(at: number): Arrival {
    const random = this.#random;
    const named = random.chance(0.5) && this.#customer !== null ? { customer: this.#customer } : {};
    const version = random.chance(0.5) ? { version: random.below(3) } : {};
    return payload(this.#source, at, JSON.stringify({ ...this.#about, ...named, ...version, op: 'delete' }));
  }
}

function customerOf(random: Random): string {
  return `c${random.below(30)}`;
}

/** How long after it was said it arrives: mostly soon, sometimes weeks later. */
function delayOf(random: Random): number {
  return random.chance(0.85) ? random.exponential(hourMs) : random.between(0, 45) * dayMs;
}

function kindOf(random: Random, index: number): object {
  const share = {
    share: random.unit(),
    from: new Date(start).toISOString(),
    to: new Date(start + dayMs).toISOString(),
  };
  return random.pick([
    { kind: 'feedback', solicited: true },
    { kind: 'feedback', contact: `p${random.below(3)}` },
    { kind: 'review' },
    { kind: 'ticket', thread: `t${random.below(10)}`, status: random.pick(['new', 'open', 'solved']) },
    { kind: 'ticket', thread: `t${random.below(10)}`, author: random.pick(['staff', 'customer']) },
    { kind: 'lifecycle', lifecycle: { event: 'active' } },
    { kind: 'belief', belief: { ...share, what: random.pick(['kpi', 'target']) }, thread: `b${index}` },
  ]);
}

const faults: readonly (readonly [code: string, value: Output['value']])[] = [
  ['not-json', '{"kind":"review",'],
  ['not-object', '[1, 2]'],
  ['invalid', '{"kind":"review","subject":9,"occurredAt":"2026-03-04T05:06:07Z"}'],
  ['invalid', '{"kind":"review","subject":"half \\ud83d","occurredAt":"2026-03-04T05:06:07Z"}'],
  ['invalid', '{"kind":"gossip","subject":"g","occurredAt":"2026-03-04T05:06:07Z"}'],
  ['too-deep', '['.repeat(40) + ']'.repeat(40)],
  ['not-utf8', Uint8Array.of(0x7b, 0xff, 0x7d)],
];

function malformed(random: Random, days: number): Arrival {
  const at = start + random.between(0, days) * dayMs;
  const [code, value] = random.pick(faults);
  const ahead = JSON.stringify({ kind: 'review', subject: `ahead ${at}`, occurredAt: new Date(at + 90 * dayMs) });
  // a tombstone is skipped; what lies far ahead can be read, and is refused where log time is known
  return random.pick([
    payload('shop', at, value, code),
    payload('canonical', at, value, code),
    payload('shop', at, null),
    payload('canonical', at, ahead),
  ]);
}

const stepDays = 48;
const votesADay = 20;

/** Anonymous reviews of one stage, day after day, that turn bad. */
function step(random: Random): Arrival[] {
  return Array.from({ length: stepDays * votesADay }, (_, index) => {
    const at = start + ((index + random.unit()) / votesADay) * dayMs;
    const isUnhappy = random.chance(index / votesADay < stepDays - 9 ? 0.1 : 0.9);
    const rating = { value: isUnhappy ? 0 : 4, min: 0, max: 4 };
    const about = { kind: 'review', subject: `r${index}`, stage: 'delivery', occurredAt: new Date(at) };
    return payload('shop', at, JSON.stringify({ ...about, rating }));
  });
}
