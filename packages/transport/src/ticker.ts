// Log time for everyone: a tick in every partition of a topic, so that deadlines and closing hours move on when nobody
// writes. A doubled tick is harmless, a missed one is made good by the next.
import { setTimeout as pause } from 'node:timers/promises';
import { type Output, schemaVersions } from '@gapwatch/contracts';
import { type Clock, isTransient } from '@gapwatch/runtime';
import type { Log } from './port.ts';

export type TickerOptions = {
  readonly log: Pick<Log, 'append' | 'partitions'>;
  readonly topic: 'signals' | 'friction' | 'alerts';
  readonly everyMs: number;
  readonly clock: Clock;
  /** asked before each tick: a log whose time lies in the past has none */
  readonly enabled?: () => Promise<boolean>;
  /** a fault that passes by itself is told here and the next tick tried; any other ends the ticker */
  readonly onFault: (error: unknown) => void;
  /** resolves after so long, rejects when aborted */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<unknown>;
};

export type Ticker = { stop(): Promise<void> };

/** Ticks at whole multiples of `everyMs`. */
export function startTicker(options: TickerOptions): Ticker {
  const stopping = new AbortController();
  const running = run(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(options: TickerOptions, signal: AbortSignal): Promise<void> {
  const { clock, everyMs, enabled = async () => true, onFault } = options;
  const sleep = options.sleep ?? ((delayMs) => pause(delayMs, undefined, { signal }));
  while (await slept(sleep(everyMs - (clock.now() % everyMs), signal))) {
    try {
      if (await enabled()) await tick(options);
    } catch (error) {
      onFault(error);
      if (!isTransient(error)) return;
    }
  }
}

function slept(sleeping: Promise<unknown>): Promise<boolean> {
  return sleeping.then(
    () => true,
    () => false,
  );
}

/** Appends one tick to each partition now. */
async function tick({ log, topic, clock }: TickerOptions): Promise<void> {
  const value = JSON.stringify({ type: 'tick', at: new Date(clock.now()).toISOString() });
  const headers = { schema: schemaVersions[topic] };
  const partitions = await log.partitions(topic);
  const outputs = Array.from({ length: partitions }, (_, partition): Output => {
    return { topic, key: null, partition, value, headers };
  });
  await log.append(outputs);
}
