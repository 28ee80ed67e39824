// What goes wrong in a run: which kinds of faults, how often each, and a journal of those that struck.
import type { Random } from '../../services/local/src/simulate/random.ts';

/**
 * `refused`: a call fails before anything is done. `reply lost`: it is done, and fails for the caller. `twice`: it is
 * done again later. `torn`: some partitions take their part of an append, the others nothing. `delayed`: others overtake it. `cut`: fewer records are read than there are. `redelivered`: reading
 * begins before the stored position. `killed`, `overlapped`: a service is replaced, at once or while it goes on for a
 * while. `stopped`: it is replaced after an orderly stop. `rolled back`: a state loses its last steps. `clogged`: all
 * calls of one service wait.
 */
export const faultKinds = [
  'refused',
  'reply lost',
  'twice',
  'torn',
  'delayed',
  'cut',
  'redelivered',
  'killed',
  'overlapped',
  'stopped',
  'rolled back',
  'clogged',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Chance of each kind at its usual strength, for each call or, where it strikes a whole service, for each step. */
const usualRates: Readonly<Record<FaultKind, number>> = {
  refused: 0.05,
  'reply lost': 0.05,
  twice: 0.05,
  torn: 0.05,
  delayed: 0.1,
  cut: 0.3,
  redelivered: 0.5,
  killed: 0.01,
  overlapped: 0.01,
  stopped: 0.005,
  'rolled back': 0.005,
  clogged: 0.005,
};

/** A seed has some kinds of faults often, some seldom and some never: so each meets the others in many mixtures. */
const strengths = [0, 0.2, 1, 4];
const rememberedFaults = 12;

export class Faults {
  readonly #random: Random;
  readonly #rates = new Map<FaultKind, number>();
  readonly #counts = new Map<FaultKind, number>();
  readonly #last: string[] = [];
  #active = true;

  constructor(random: Random) {
    this.#random = random;
    for (const kind of faultKinds) this.#rates.set(kind, usualRates[kind] * random.pick(strengths));
  }

  /** For a run in which nothing goes wrong. */
  static none(random: Random): Faults {
    const faults = new Faults(random);
    faults.end();
    return faults;
  }

  /** From here on nothing goes wrong. */
  end(): void {
    this.#active = false;
  }

  /** Decides by chance whether a fault of this kind strikes here; `where` is asked for the journal when it does. */
  strike(kind: FaultKind, where: () => string): boolean {
    if (!this.#active || !this.#random.chance(this.#rates.get(kind) ?? 0)) return false;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    this.#last.push(`${kind}: ${where()}`);
    if (this.#last.length > rememberedFaults) this.#last.shift();
    return true;
  }

  get counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }

  /** The newest faults, oldest first. */
  get last(): readonly string[] {
    return this.#last;
  }
}
