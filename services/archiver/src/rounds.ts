// What the archiver does by the clock: at the start, and each minute after it.
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves after so long, rejects when aborted. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<unknown>;

type Work = (signal: AbortSignal) => Promise<void>;
export type Rounds = { stop(): Promise<void> };

const everyMs = 60_000;
const pauseFor: Sleep = (delayMs, signal) => pause(delayMs, undefined, { signal });

/** `round` tells its own faults, and ends early where it is aborted. */
export function startRounds(round: Work, sleep: Sleep = pauseFor): Rounds {
  const stopping = new AbortController();
  const running = run(round, sleep, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(round: Work, sleep: Sleep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await round(signal);
    // aborted while asleep
    await sleep(everyMs, signal).catch(() => {});
  }
}
