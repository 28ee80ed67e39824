// What is done by the clock: at the start, and again and again after it.
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves after so long, rejects when aborted. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<unknown>;

type Work = (signal: AbortSignal) => Promise<void>;
export type Rounds = { stop(): Promise<void> };

const pauseFor: Sleep = (delayMs, signal) => pause(delayMs, undefined, { signal });

/** `round` tells its own faults, and ends early where it is aborted. */
export function startRounds(round: Work, everyMs: number, sleep: Sleep = pauseFor): Rounds {
  const stopping = new AbortController();
  const running = run(round, everyMs, sleep, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(round: Work, everyMs: number, sleep: Sleep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await round(signal);
    // aborted while asleep
    await sleep(everyMs, signal).catch(() => {});
  }
}
