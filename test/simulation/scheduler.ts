// Owns all waiting of a run: every call of a service to the log, the state and the world stands here until chance picks
// it. Between two picks everything runs as far as it can, so that the order of a run is its seed's and nobody else's.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Random } from '../../services/local/src/simulate/random.ts';
import type { Faults } from './faults.ts';

/** One running copy of a service. The dead hear nothing any more; what they have sent may still arrive. */
export type Life = {
  readonly service: string;
  readonly name: string;
  isAlive: boolean;
  /** false once a state went back in its time: see `Cluster` */
  mayOverlap: boolean;
};

/** `wait`: a pause before a repeated call, which is no call and cannot fail. `send`: to people, never doubled on the way. */
export type CallKind = 'read' | 'write' | 'send' | 'wait';

type Call = {
  readonly life: Life;
  readonly kind: CallKind;
  readonly what: string;
  readonly execute: () => Promise<unknown>;
  /** null where nobody waits for the answer */
  readonly reply: { resolve(value: unknown): void; reject(error: unknown): void } | null;
  notBefore: number;
};

/** A fault that passes by itself, as the adapters of the real parts name it. */
export class Away extends Error {
  override readonly name = 'Away';
  readonly transient = true;
}

const longestDelaySteps = 40;
const clogSteps = 200;
/** a call that a dead service has sent arrives with this chance */
const arrivesAnyway = 0.5;

export class Scheduler {
  readonly #random: Random;
  readonly #faults: Faults;
  #calls: Call[] = [];
  #now = 0;

  constructor(random: Random, faults: Faults) {
    this.#random = random;
    this.#faults = faults;
  }

  /** Steps made so far. */
  get now(): number {
    return this.#now;
  }

  /** Calls that stand here, for a report. */
  get waiting(): readonly string[] {
    return this.#calls.map(({ life, what }) => `${life.name} ${what}`);
  }

  /** Resolves when the call had its turn and its answer arrived; never for a life that has ended. */
  call<T>(life: Life, kind: CallKind, what: string, execute: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!life.isAlive) return;
      const reply = { resolve: resolve as (value: unknown) => void, reject };
      this.#calls.push({ life, kind, what, execute, reply, notBefore: 0 });
    });
  }

  /** Ends a life. What it was about to write may arrive later, all else is gone. */
  end(life: Life): void {
    life.isAlive = false;
    this.#calls = this.#calls.filter(
      (call) => call.life !== life || (call.kind === 'write' && this.#random.chance(arrivesAnyway)),
    );
  }

  /** What the dead have sent, and what was sent twice, does not arrive any more. */
  forgetUnanswered(): void {
    this.#calls = this.#calls.filter(({ life, reply }) => life.isAlive && reply !== null);
  }

  /** All calls of the life wait for a while. */
  clog(life: Life): void {
    for (const call of this.#calls) if (call.life === life) call.notBefore = this.#now + clogSteps;
  }

  /** Gives one call its turn; false when none stands here. */
  async step(): Promise<boolean> {
    const call = this.#take();
    if (call === undefined) return false;
    this.#now += 1;
    await this.#perform(call);
    await settle();
    return true;
  }

  #take(): Call | undefined {
    let ready = this.#calls.filter(({ notBefore }) => notBefore <= this.#now);
    if (ready.length === 0) {
      const earliest = Math.min(...this.#calls.map(({ notBefore }) => notBefore));
      ready = this.#calls.filter(({ notBefore }) => notBefore === earliest);
    }
    const taken = ready.length === 0 ? undefined : this.#random.pick(ready);
    this.#calls = this.#calls.filter((call) => call !== taken);
    return taken;
  }

  async #perform(call: Call): Promise<void> {
    const { kind, reply, life, what } = call;
    const strike = (fault: Parameters<Faults['strike']>[0]) =>
      kind !== 'wait' && this.#faults.strike(fault, () => `step ${this.#now}, ${what} of ${life.name}`);
    if (strike('delayed')) {
      call.notBefore = this.#now + 1 + this.#random.below(longestDelaySteps);
      this.#calls.push(call);
      return;
    }
    if (strike('refused')) return answer(call, { error: new Away(`${what}: refused`) });
    const result = await attempt(call.execute);
    if (kind === 'write' && reply !== null && strike('twice')) {
      this.#calls.push({ ...call, reply: null, notBefore: this.#now + this.#random.below(longestDelaySteps) });
    }
    answer(call, strike('reply lost') ? { error: new Away(`${what}: the reply was lost`) } : result);
  }
}

type Result = { readonly value: unknown } | { readonly error: unknown };

async function attempt(execute: Call['execute']): Promise<Result> {
  return execute().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function answer({ life, reply }: Call, result: Result): void {
  if (reply === null || !life.isAlive) return;
  if ('error' in result) reply.reject(result.error);
  else reply.resolve(result.value);
}

/** A consumer gives others a turn between two chunks: after two turns everybody stands at a call again. */
export async function settle(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
