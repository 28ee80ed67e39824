// What can happen to a running system, each under the name by which the table knows it. A fault returns when it is over.
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Random } from '../../services/local/src/simulate/random.ts';
import { runToEnd, type System, sessionTimeoutMs, Worker } from './system.ts';

export type Fault = {
  readonly name: string;
  /** how often, in the quick form and in the full one */
  readonly times: { readonly quick: number; readonly full: number };
  /** one of so many */
  readonly strike: (system: System, random: Random) => Promise<void>;
  /** held against everything else when the fault has struck so often */
  readonly check?: (system: System) => string | null;
};

/** Somewhere in the work of whatever is hit. */
const somewhen = (random: Random, mostMs: number) => pause(random.between(0, mostMs));

function pick(system: System, random: Random, role?: string): Worker {
  return random.pick(system.workers.filter(({ roles }) => role === undefined || roles.includes(role)));
}

const slowest = { stopMs: 0 };

export const faults: readonly Fault[] = [
  { name: 'nothing', times: { quick: 1, full: 1 }, strike: async () => {} },
  {
    name: 'worker killed (SIGKILL)',
    times: { quick: 6, full: 100 },
    async strike(system, random) {
      const worker = pick(system, random);
      await worker.ready();
      await somewhen(random, 1_500);
      await worker.endOnce('SIGKILL');
    },
  },
  {
    name: 'worker ended (SIGTERM)',
    times: { quick: 4, full: 50 },
    async strike(system, random) {
      const worker = pick(system, random);
      await worker.ready();
      await somewhen(random, 1_000);
      slowest.stopMs = Math.max(slowest.stopMs, await worker.endOnce('SIGTERM'));
    },
    check: () => (slowest.stopMs < 10_000 ? null : `a stop took ${Math.round(slowest.stopMs)} ms`),
  },
  {
    name: 'zombie (SIGSTOP for two sessions)',
    times: { quick: 1, full: 20 },
    async strike(system, random) {
      const worker = pick(system, random, 'aggregator');
      await worker.ready();
      worker.signal('SIGSTOP');
      await pause(2 * sessionTimeoutMs + 1_000);
      worker.signal('SIGCONT');
    },
  },
  {
    name: 'Redis killed',
    times: { quick: 2, full: 20 },
    async strike({ redis }, random) {
      await somewhen(random, 1_000);
      await redis.restart();
    },
  },
  {
    name: 'Redis stands still (SIGSTOP 10 s)',
    times: { quick: 0, full: 3 },
    async strike({ redis }) {
      redis.kill('SIGSTOP');
      await pause(10_000);
      redis.kill('SIGCONT');
    },
  },
  {
    name: 'Redis emptied (FLUSHALL)',
    times: { quick: 1, full: 1 },
    async strike({ redis }) {
      for (const url of redis.urls) {
        const client = new Redis(url);
        await client.flushall();
        client.disconnect();
      }
    },
  },
  {
    name: 'Kafka killed',
    times: { quick: 1, full: 10 },
    async strike({ kafka }, random) {
      await somewhen(random, 1_000);
      await kafka.restart();
    },
  },
  {
    name: 'S3 killed',
    times: { quick: 1, full: 5 },
    async strike({ s3 }, random) {
      await somewhen(random, 500);
      await s3.restart();
    },
  },
  {
    name: 'rebalance storm (a member joins and leaves)',
    times: { quick: 3, full: 40 },
    async strike(system, random) {
      const extra = new Worker(['tagger', 'aggregator'], system.environment, system.folder);
      await extra.ready();
      await somewhen(random, 2_000);
      await extra.end();
    },
  },
  {
    name: 'topics and configuration sent again',
    times: { quick: 1, full: 3 },
    strike: async (system) => {
      await runToEnd(['topics'], system.environment, system.folder);
    },
  },
];
