// Liveness and readiness of a worker. Alive is who makes progress where there is something to do: the log's own marks say
// whether there is, also when nothing reaches the reader any more. Whoever waits for a part is alive and not ready.
import { setTimeout as pause } from 'node:timers/promises';
import type { Health, HealthCheck } from '@gapwatch/console';
import type { Clock, PartitionProgress } from '@gapwatch/runtime';
import type { Log } from '@gapwatch/transport';
import type { Condition } from '../running/health.ts';
import { checkService, hasStopped } from '../running/health.ts';

/** Records wait and nothing has moved for so long: the process is stuck. */
const stuckAfterMs = 60_000;
const lookEveryMs = 15_000;

export type Liveness = { readonly isLive: () => boolean; stop(): Promise<void> };

/** Looks at the marks of what is read here. A log that cannot be asked says nothing against the process. */
export function watchProgress(condition: Condition, log: Pick<Log, 'marks'>, clock: Clock): Liveness {
  const highs = new Map<string, number>();
  const stopping = new AbortController();
  const isStuck = (progress: PartitionProgress) => {
    const { topic, partition, position, high, lastProgressMs, waitsFor } = progress;
    if (waitsFor !== null || hasStopped(condition, topic, partition)) return false;
    const known = Math.max(high, highs.get(`${topic}/${partition}`) ?? 0);
    return position < known && clock.now() - lastProgressMs > stuckAfterMs;
  };
  const running = look(condition, log, highs, stopping.signal);
  return {
    isLive: () => !condition.services.some((service) => service.progress().some(isStuck)),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function look(
  condition: Condition,
  log: Pick<Log, 'marks'>,
  highs: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const places = condition.services.flatMap((service) => service.progress());
    for (const { topic, partition } of places) {
      const marks = await log.marks(topic, partition).catch(() => null);
      if (marks !== null) highs.set(`${topic}/${partition}`, marks.high);
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

/** Ready is who has begun, whose parts answer and none of whose partitions has stopped. */
export function healthOf(condition: Condition, liveness: () => boolean, parts: () => readonly HealthCheck[]): Health {
  return {
    live: liveness,
    ready: async () => [
      condition.isOpen ? { name: 'start', ok: true } : { name: 'start', ok: false, detail: 'waiting for its parts' },
      ...parts(),
      ...condition.services.map((service) => checkService(service, condition)),
    ],
  };
}
