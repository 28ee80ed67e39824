// Chance for the simulator: a seeded stream, and draws that depend on their key alone.
// The same seed gives the same numbers on every machine.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const range = 2 ** 32;

/** A stream of draws. Two streams of one seed are equal. */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed | 0);
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return (this.#generator.next() >>> 0) / range;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** The index of one of `weights`, in proportion to them. */
  weighted(weights: readonly number[]): number {
    let rest = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    });
    return index < 0 ? weights.length - 1 : index;
  }

  /** A Poisson count, exact: the product method (Knuth, volume 2, 3.4.1) on parts of at most 30. */
  poisson(mean: number): number {
    let count = 0;
    for (let rest = mean; rest > 0; rest -= 30) count += this.#poissonPart(Math.min(rest, 30));
    return count;
  }

  #poissonPart(mean: number): number {
    const floor = Math.exp(-mean);
    let count = 0;
    for (let product = this.unit(); product > floor; product *= this.unit()) count++;
    return count;
  }
}

function mix(hash: number, part: number): number {
  let mixed = Math.imul(part | 0, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  const joined = hash ^ mixed;
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0;
}

/** Uniform in [0, 1), decided by the key alone, whatever was drawn before (the mixer is that of MurmurHash3). */
export function unitOf(seed: number, first: number, second = 0, third = 0): number {
  let hash = mix(mix(mix(mix(0, seed), first), second), third) ^ 16;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / range;
}
