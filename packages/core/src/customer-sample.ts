// A source's customers as a small sample that all sources draw alike: the smallest hashes of their ids. Below the end of every
// full sample a customer that two sources name stands in both, so that what they share can be counted there (KMV synopsis:
// Beyer et al., 'On synopses for distinct-value estimation under multiset operations', SIGMOD 2007).
import { hash32 } from './hash.ts';

/** Hashes, ascending, each once; at most {@link sampleCustomers}. */
export type CustomerSample = readonly number[];

export const sampleCustomers = 4_096;
/** A share of fewer is chance. */
const leastSampled = 20;
/** Of the smaller of two sources: below this their ids do not match. */
const nearlyNone = 0.01;

/** Answers the sample itself where these customers are in it already, or above its end. */
export function sampleWith(sample: CustomerSample, customers: Iterable<string>): CustomerSample {
  return mergeSamples(
    sample,
    [...customers].map((customer) => hash32(customer)),
  );
}

/** The sample of all customers that two samples were drawn of. Of `other` the order is free. */
export function mergeSamples(sample: CustomerSample, other: readonly number[]): CustomerSample {
  const end = sample.length < sampleCustomers ? Number.POSITIVE_INFINITY : Number(sample.at(-1));
  const below = other.filter((hash) => hash < end);
  if (below.length === 0) return sample;
  const all = new Set(sample);
  for (const hash of below) all.add(hash);
  if (all.size === sample.length) return sample;
  return [...all].sort((one, next) => one - next).slice(0, sampleCustomers);
}

/**
 * `share`: of a source's customers, those that another source names too; null where it has none, or too few of its sample can be
 * compared. `isApart`: with none of the others it shares more than a hundredth of the smaller one's customers.
 */
export type Joined = { readonly share: number | null; readonly isApart: boolean };

/** By the same keys. */
export function joinedOf(samples: ReadonlyMap<string, CustomerSample>): Map<string, Joined> {
  const full = [...samples.values()].filter(({ length }) => length >= sampleCustomers);
  const end = Math.min(...full.map((sample) => Number(sample.at(-1))));
  const known = [...samples].map(([id, sample]) => [id, new Set(sample.filter((hash) => hash <= end))] as const);
  return new Map(known.map(([id, own]) => [id, joined(own, othersOf(id, known), full.length === 0)]));
}

function othersOf(id: string, known: readonly (readonly [string, ReadonlySet<number>])[]): ReadonlySet<number>[] {
  return known.flatMap(([other, hashes]) => (other === id || hashes.size === 0 ? [] : [hashes]));
}

function joined(own: ReadonlySet<number>, others: readonly ReadonlySet<number>[], isWhole: boolean): Joined {
  const isEnough = isWhole ? own.size > 0 : own.size >= leastSampled;
  if (!isEnough || others.length === 0) return { share: null, isApart: false };
  const comparable = others.filter((other) => Math.min(own.size, other.size) >= leastSampled);
  const overlaps = comparable.map((other) => sharedBy(own, [other]) / Math.min(own.size, other.size));
  return {
    share: sharedBy(own, others) / own.size,
    isApart: overlaps.length > 0 && Math.max(...overlaps) < nearlyNone,
  };
}

function sharedBy(own: ReadonlySet<number>, others: readonly ReadonlySet<number>[]): number {
  return [...own].filter((hash) => others.some((other) => other.has(hash))).length;
}
