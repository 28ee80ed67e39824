// The example company's present: each signal goes into the log when its time has come, as its source would send it.
import { setTimeout as pause } from 'node:timers/promises';
import { type Output, rawTopic, type Signal } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import type { Log } from '@gapwatch/transport';
import { sourceOf } from './past.ts';

const appendRecords = 500;

export type Feed = { stop(): Promise<void> };

/** Signals whose time is past are sent at once. `signals` come in the order of their arrival. */
export function startFeed(
  log: Log,
  signals: Iterable<Signal>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): Feed {
  const ended = new AbortController();
  const running = feed(log, signals, clock, ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) onFailure(error);
  });
  return {
    async stop() {
      ended.abort();
      await running;
    },
  };
}

async function feed(log: Log, signals: Iterable<Signal>, clock: Clock, ended: AbortSignal): Promise<void> {
  let batch: Output[] = [];
  for (const signal of signals) {
    const waitMs = Date.parse(signal.observedAt ?? signal.occurredAt) - clock.now();
    if (batch.length > 0 && (waitMs > 0 || batch.length >= appendRecords)) {
      await log.append(batch);
      batch = [];
    }
    if (waitMs > 0) await pause(waitMs, undefined, { signal: ended });
    if (ended.aborted) return;
    batch.push({ topic: rawTopic(sourceOf(signal)), key: null, value: JSON.stringify(signal) });
  }
}
