// Calling again after a passing fault: one call, a back-off that grows to a limit, and a way to give up.
// Guarantee: only faults that call themselves passing are retried; every other error is thrown as it came.
import { setTimeout as wait } from 'node:timers/promises';

export type Backoff = {
  readonly firstMs: number;
  readonly maxMs: number;
};

export const defaultBackoff: Backoff = { firstMs: 100, maxMs: 30_000 };

/** Thrown when the signal ends the waiting between two calls; `cause` is the last fault. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp';
  constructor(cause: unknown) {
    super('stopped while waiting to call again', { cause });
  }
}

export type RetryOptions = {
  readonly backoff?: Backoff;
  /** uniform in [0, 1): the jitter that keeps many callers from coming back at once */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** called after each fault, before the wait; `attempt` counts from 1 */
  readonly onFault?: (error: Error, attempt: number, delayMs: number) => void;
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** Passing faults carry `transient: true`: a part that cannot be reached, a full disk, a lock. */
export function isTransient(error: unknown): error is Error {
  return error instanceof Error && (error as { transient?: unknown }).transient === true;
}

/** Exponential, capped, with jitter over its upper half. `attempt` counts from 1. */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: () => number): number {
  const whole = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt - 1, 30));
  return whole / 2 + (whole / 2) * random();
}

async function sleepUnlessAborted(delayMs: number, signal: AbortSignal): Promise<void> {
  await wait(delayMs, undefined, { signal });
}

/**
 * Calls until it succeeds, without bound while the fault is passing.
 * @throws what the call threw if that is not transient; {@link GaveUp} when the signal is aborted
 */
export async function retry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const sleep = options.sleep ?? sleepUnlessAborted;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (options.signal.aborted) throw new GaveUp(error);
      const delayMs = backoffDelayMs(options.backoff ?? defaultBackoff, attempt, options.random);
      options.onFault?.(error, attempt, delayMs);
      await sleep(delayMs, options.signal).catch(() => {
        throw new GaveUp(error);
      });
    }
  }
}

/**
 * Calls until it succeeds, for so long at most.
 * @throws what the last call threw
 */
export async function retryWithin<T>(withinMs: number, call: () => Promise<T>, random: () => number): Promise<T> {
  return retry(call, { random, signal: AbortSignal.timeout(withinMs) }).catch((error: unknown) => {
    throw error instanceof GaveUp ? error.cause : error;
  });
}
