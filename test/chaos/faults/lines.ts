// What happens between workers and their parts: lines that swallow everything, break off, and are slow.
import { setTimeout as pause } from 'node:timers/promises';
import type { Condition } from '../../parts/line.ts';
import type { Lines } from '../system.ts';
import type { Fault } from './fault.ts';

/** What `infra/kubernetes` gives the smallest worker. */
const mostMemoryMiB = 512;
/** Beyond this what waits is held by a worker, not by Kafka. */
const mostGrowthMiB = 64;
const nameOf = { kafka: 'Kafka', redis: 'Redis', s3: 'S3' };

const wasSpoilt: NonNullable<Fault['check']> = ({ spoilt }) => (spoilt > 0 ? null : 'nothing was on the line');

export const lineFaults: readonly Fault[] = [
  unreachable('redis', 5_000, { quick: 1, full: 5 }),
  unreachable('s3', 5_000, { quick: 0, full: 2 }),
  unreachable('kafka', 5_000, { quick: 0, full: 3 }),
  unreachable('redis', 60_000, { quick: 0, full: 1 }),
  unreachable('s3', 60_000, { quick: 0, full: 1 }),
  unreachable('kafka', 60_000, { quick: 0, full: 1 }),
  breaking('redis', 0.05, { quick: 1, full: 10 }),
  breaking('s3', 0.1, { quick: 0, full: 10 }),
  breaking('kafka', 0.01, { quick: 1, full: 10 }),
  slow(3_000, { quick: 1, full: 40 }),
  slow(300_000, { quick: 0, full: 1 }),
];

async function spoil(line: { condition: Condition }, condition: Condition, forMs: number): Promise<null> {
  line.condition = condition;
  await pause(forMs);
  line.condition = { type: 'sound' };
  return null;
}

function unreachable(part: keyof Lines, forMs: number, times: Fault['times']): Fault {
  return {
    name: `${nameOf[part]} unreachable (black hole, ${forMs / 1_000} s)`,
    times,
    strike: ({ lines }) => spoil(lines[part], { type: 'swallows' }, forMs),
    check: wasSpoilt,
  };
}

function breaking(part: keyof Lines, probability: number, times: Fault['times']): Fault {
  return {
    name: `${nameOf[part]} breaks off (${probability * 100} % of requests and replies)`,
    times,
    strike: ({ lines }) => spoil(lines[part], { type: 'breaks', probability }, 3_000),
    check: wasSpoilt,
  };
}

function slow(forMs: number, times: Fault['times']): Fault {
  return {
    name: `Redis slow (half a second an answer, ${forMs / 1_000} s)`,
    times,
    load: { size: 3 },
    lastsMs: forMs,
    strike: ({ lines }) => spoil(lines.redis, { type: 'slow', delayMs: 250 }, forMs),
    check: ({ memoryMiB, memoryGrowthMiB, mostWaiting }) => {
      if (mostWaiting === 0) return 'nothing had to wait';
      if (memoryMiB >= mostMemoryMiB) return `a worker took ${Math.round(memoryMiB)} MiB`;
      return memoryGrowthMiB < mostGrowthMiB ? null : `a worker grew by ${Math.round(memoryGrowthMiB)} MiB`;
    },
  };
}
