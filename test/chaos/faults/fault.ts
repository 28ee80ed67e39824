// One kind of thing that can happen to a running system, and what the faults have in common.
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../../services/local/src/simulate/random.ts';
import type { Signal } from '../checks.ts';
import type { System } from '../system.ts';
import type { Course } from '../watch.ts';
import type { Worker } from '../worker.ts';
import type { WorkloadOptions } from '../workload.ts';

export type Fault = {
  readonly name: string;
  /** how often, in the quick form and in the full one */
  readonly times: { readonly quick: number; readonly full: number };
  /** how its load differs from the usual one; `size`: so many times the usual */
  readonly load?: { readonly size?: number } & Pick<WorkloadOptions, 'hot'>;
  /** about how long the first strike lasts, where that is long: the load is spread over it */
  readonly lastsMs?: number;
  /** one of so many; returns when it is over, with what went wrong where nothing else would show it */
  readonly strike: (system: System, random: Random) => Promise<string | null>;
  /** held against everything else when the fault has struck so often; null: nothing is wrong */
  readonly check?: (seen: Seen) => string | null;
};

/** What was seen while a fault struck. */
export type Seen = Course & {
  /** the signals that were made meanwhile */
  readonly signals: readonly Signal[];
  /** pieces that the lines did not pass as they should */
  readonly spoilt: number;
  /** {@link Course.p95Ms} while nothing struck */
  readonly calmP95Ms: number;
};

/** Somewhere in the work of whatever is hit. */
export const somewhen = (random: Random, mostMs: number) => pause(random.between(0, mostMs));

export function pick(system: System, random: Random, role?: string): Worker {
  return random.pick(system.workers.filter(({ roles }) => role === undefined || roles.includes(role)));
}
