// Looks at the system from outside while it is struck: how far the windows have come, and what memory the workers take.
import { setTimeout as pause } from 'node:timers/promises';
import type { Signal } from './checks.ts';
import type { System } from './system.ts';
import { loudCustomer } from './workload.ts';

/** One look: at this time the windows had this position in each partition of `signals`. */
export type Look = { readonly at: number; readonly positions: readonly number[]; readonly memoryMiB: number };

const everyMs = 100;

export type Watch = { stop(): Promise<readonly Look[]> };

export function startWatch(system: System, partitions: number): Watch {
  const stopping = new AbortController();
  const looks: Look[] = [];
  const running = (async () => {
    while (!stopping.signal.aborted) {
      // who cannot be asked now is asked the next time
      const look = await lookAt(system, partitions).catch(() => null);
      if (look !== null) looks.push(look);
      await pause(everyMs);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
      return looks;
    },
  };
}

async function lookAt({ parts, workers }: System, partitions: number): Promise<Look> {
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const positions = await Promise.all(numbers.map((number) => parts.state.partition('aggregator', number).position()));
  return { at: Date.now(), positions, memoryMiB: Math.max(...workers.map(({ memoryMiB }) => memoryMiB)) };
}

/** What the looks say of the signals that came meanwhile. */
export type Course = {
  /** 95 of 100 were in the windows so soon after they had become signals, those of the loud customer left out */
  readonly p95Ms: number;
  /** the longest time in which something waited and nothing moved */
  readonly stillMs: number;
  /** the most that waited at a time */
  readonly mostWaiting: number;
  /** of the largest worker */
  readonly memoryMiB: number;
  /** by how much the largest worker was larger in the last quarter of the time than in the second */
  readonly memoryGrowthMiB: number;
};

export function courseOf(looks: readonly Look[], signals: readonly Signal[]): Course {
  const waits = signals.filter(({ customer }) => customer !== loudCustomer).map((signal) => waitOf(signal, looks));
  const ordered = waits.toSorted((a, b) => a - b);
  return {
    p95Ms: ordered[Math.floor(0.95 * (ordered.length - 1))] ?? 0,
    ...standstill(looks, signals),
    memoryMiB: mostMemory(looks),
    memoryGrowthMiB: mostMemory(quarterOf(looks, 3)) - mostMemory(quarterOf(looks, 1)),
  };
}

function mostMemory(looks: readonly Look[]): number {
  return Math.max(0, ...looks.map(({ memoryMiB }) => memoryMiB));
}

/** `quarter` from 0 */
function quarterOf(looks: readonly Look[], quarter: number): readonly Look[] {
  const length = looks.length / 4;
  return looks.slice(Math.floor(quarter * length), Math.floor((quarter + 1) * length));
}

/** What was never seen in the windows has waited until the last look. */
function waitOf({ partition, offset, time }: Signal, looks: readonly Look[]): number {
  const seen = looks.find(({ at, positions }) => at >= time && (positions[partition] ?? 0) > offset);
  return Math.max(0, (seen ?? looks.at(-1) ?? { at: time }).at - time);
}

function standstill(looks: readonly Look[], signals: readonly Signal[]): Pick<Course, 'stillMs' | 'mostWaiting'> {
  let [stillMs, mostWaiting, moved] = [0, 0, looks[0]?.at ?? 0];
  for (const [index, { at, positions }] of looks.entries()) {
    const waiting = signals.filter(
      ({ time, partition, offset }) => time <= at && offset >= (positions[partition] ?? 0),
    ).length;
    const before = looks[index - 1]?.positions ?? positions;
    if (waiting === 0 || positions.some((position, partition) => position > (before[partition] ?? 0))) moved = at;
    stillMs = Math.max(stillMs, at - moved);
    mostWaiting = Math.max(mostWaiting, waiting);
  }
  return { stillMs, mostWaiting };
}
