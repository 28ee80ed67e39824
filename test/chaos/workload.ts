// What the world sends during a campaign: statements with duplicates, new versions, deletes, changed customers, late ones
// and malformed ones, the same for the same seed. What must come of it is kept beside it.
import { Random } from '../../services/local/src/simulate/random.ts';

export type Sent = {
  readonly payloads: readonly string[];
  /** malformed payloads, each sent once, and the reason that its dead letter must give */
  readonly malformed: ReadonlyMap<string, string>;
  /** how many different statements are among them, by subject and version */
  readonly statements: ReadonlySet<string>;
};

export type WorkloadOptions = {
  readonly seed: number;
  readonly signals: number;
  /** milliseconds UTC: nothing is said later */
  readonly now: number;
  /** share of the signals that one customer says */
  readonly hot?: number;
};

export const loudCustomer = 'the loud one';
const customers = 2_000;
const stages = ['order', 'delivery', 'billing', 'support'];
const hourMs = 3_600_000;

export function workload({ seed, signals, now, hot = 0 }: WorkloadOptions): Sent {
  const writer = new Writer(new Random(seed), seed, now, hot);
  while (writer.payloads.length < signals) writer.next();
  return { payloads: writer.payloads, malformed: writer.malformed, statements: writer.statements };
}

type Subject = { subject: string; version: number; customer: string; occurredAt: string };

class Writer {
  readonly payloads: string[] = [];
  readonly malformed = new Map<string, string>();
  readonly statements = new Set<string>();
  readonly #random: Random;
  readonly #seed: number;
  readonly #now: number;
  readonly #hot: number;
  readonly #known: Subject[] = [];

  constructor(random: Random, seed: number, now: number, hot: number) {
    this.#random = random;
    this.#seed = seed;
    this.#now = now;
    this.#hot = hot;
  }

  next(): void {
    const kind = this.#random.below(100);
    if (kind < 1) this.#break();
    else if (kind < 4 && this.payloads.length > 0) this.#repeat();
    else if (kind < 12 && this.#known.length > 0) this.#edit();
    else if (kind < 14 && this.#known.length > 0) this.#delete();
    else this.#say();
  }

  #write(signal: Record<string, unknown>): void {
    this.payloads.push(JSON.stringify(signal));
    this.statements.add(`${signal.subject} ${signal.version ?? 'all'} ${signal.op ?? 'upsert'}`);
  }

  #say(): void {
    // one in fifty is told weeks late
    const ageHours = this.#random.below(50) === 0 ? this.#random.below(30 * 24) : this.#random.below(48);
    const one = {
      subject: `review:${this.#seed}:${this.payloads.length}`,
      version: 0,
      customer: this.#customer(),
      occurredAt: new Date(this.#now - ageHours * hourMs - this.#random.below(hourMs)).toISOString(),
    };
    this.#known.push(one);
    this.#write(this.#signalOf(one));
  }

  #customer(): string {
    return this.#random.chance(this.#hot) ? loudCustomer : `c${this.#random.below(customers)}`;
  }

  #signalOf(one: Subject): Record<string, unknown> {
    const rating = { value: 1 + this.#random.below(5), min: 1, max: 5 };
    return { kind: 'review', stage: stages[this.#random.below(stages.length)], rating, ...one };
  }

  #edit(): void {
    const one = this.#known[this.#random.below(this.#known.length)]!;
    one.version += 1;
    if (this.#random.below(4) === 0) one.customer = this.#customer();
    this.#write(this.#signalOf(one));
  }

  #delete(): void {
    const [one] = this.#known.splice(this.#random.below(this.#known.length), 1);
    const { subject, version, customer, occurredAt } = one!;
    this.#write({ kind: 'review', op: 'delete', subject, version, customer, occurredAt });
  }

  #repeat(): void {
    const earlier = this.payloads[this.#random.below(this.payloads.length)]!;
    if (!this.malformed.has(earlier)) this.payloads.push(earlier);
  }

  #break(): void {
    const at = this.payloads.length;
    const name = `${this.#seed}:${at}`;
    const [payload, reason] = (
      [
        [`{"kind":"review","subject":"broken:${name}"`, 'not-json'],
        [`["broken:${name}"]`, 'not-object'],
        [`{"kind":"review","subject":"broken:${name}","occurredAt":"yesterday"}`, 'invalid'],
        [`{"kind":"opinion","subject":"broken:${name}","occurredAt":"2026-01-01T00:00:00Z"}`, 'invalid'],
        [`{"kind":"review","subject":"${name}","customer":${at},"occurredAt":"2026-01-01T00:00:00Z"}`, 'invalid'],
        [`{"kind":"review","subject":"broken:${name}","deep":${'['.repeat(40)}${']'.repeat(40)}}`, 'too-deep'],
      ] as const
    )[this.#random.below(6)]!;
    this.payloads.push(payload);
    this.malformed.set(payload, reason);
  }
}
