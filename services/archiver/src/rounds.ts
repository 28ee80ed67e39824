// What the archiver does by the clock: at the start, and each minute after it.
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves after so long, rejects when aborted. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<unknown>;

export type Rounds = { stop(): Promise<void> };

const everyMs = 60_000;
const pauseFor: Sleep = (delayMs, signal) => pause(delayMs, undefined, { signal });

/** `round` tells its own faults. */
export function startRounds(round: () => Promise<void>, sleep: Sleep = pauseFor): Rounds {
  const stopping = new AbortController();
  const running = run(round, sleep, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(round: () => Promise<void>, sleep: Sleep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await round();
    // aborted while asleep
    await sleep(everyMs, signal).catch(() => {});
  }
}
