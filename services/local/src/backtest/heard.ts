// What an export holds, over all partitions of its customers: figures of theirs add up, since nobody is in two of them.
import { type Hashes, Numbers } from './customers.ts';

export type HeardCounts = ReturnType<typeof noCounts>;

export function noCounts() {
  return {
    statements: 0,
    anonymous: 0,
    unmapped: 0,
    solicited: 0,
    unsolicited: 0,
    promises: 0,
    beliefs: 0,
    active: 0,
    churned: 0,
  };
}

/** What was heard in one partition. */
export type HeardPart = {
  /** customers by stage */
  readonly stages: ReadonlyMap<string, number>;
  /** statements by source */
  readonly sources: ReadonlyMap<string, number>;
  readonly believed: ReadonlySet<string>;
  readonly targeted: ReadonlySet<string>;
  readonly counts: HeardCounts;
  /** customers who spoke; those of them from more than one source; those at more than one stage */
  readonly spoke: number;
  readonly inSources: number;
  readonly atStages: number;
  /** conversations that were called solved; one may be told of by several customers */
  readonly solved: Hashes;
  readonly first: number | null;
  readonly last: number | null;
};

export class Heard {
  readonly stages = new Map<string, number>();
  readonly sources = new Map<string, number>();
  /** stages of which the company claims something: a KPI, a mirror survey or a met SLA */
  readonly believed = new Set<string>();
  /** stages for which a target event came */
  readonly targeted = new Set<string>();
  readonly counts = noCounts();
  readonly customers = { spoke: 0, inSources: 0, atStages: 0 };
  readonly #solved = new Numbers();
  first: number | null = null;
  last: number | null = null;

  add(part: HeardPart): void {
    addUp(this.stages, part.stages);
    addUp(this.sources, part.sources);
    for (const stage of part.believed) this.believed.add(stage);
    for (const stage of part.targeted) this.targeted.add(stage);
    for (const name of Object.keys(this.counts) as (keyof HeardCounts)[]) this.counts[name] += part.counts[name];
    this.customers.spoke += part.spoke;
    this.customers.inSources += part.inSources;
    this.customers.atStages += part.atStages;
    this.#solved.addAll(part.solved);
    if (part.first !== null) this.first = Math.min(this.first ?? part.first, part.first);
    if (part.last !== null) this.last = Math.max(this.last ?? part.last, part.last);
  }

  /** As what was heard in one partition. */
  get part(): HeardPart {
    const { stages, sources, believed, targeted, counts, customers, first, last } = this;
    return { stages, sources, believed, targeted, counts, ...customers, solved: this.#solved.hashes(), first, last };
  }

  /** Conversations that were called solved. */
  get solved(): number {
    return this.#solved.size;
  }
}

function addUp(sums: Map<string, number>, part: ReadonlyMap<string, number>): void {
  for (const [name, count] of part) sums.set(name, (sums.get(name) ?? 0) + count);
}
