// What happens to workers: they are killed, ended, stand still, come and go.
import { setTimeout as pause } from 'node:timers/promises';
import { sessionTimeoutMs } from '../system.ts';
import { Worker } from '../worker.ts';
import { type Fault, pick, somewhen } from './fault.ts';

const mostStopMs = 10_000;
/** A member that leaves without a word is missed after its session; then the group is formed anew. */
const mostStillMs = 10_000;

export const workerFaults: readonly Fault[] = [
  {
    name: 'worker killed (SIGKILL)',
    times: { quick: 3, full: 100 },
    load: { size: 4 },
    async strike(system, random) {
      const worker = pick(system, random);
      await worker.ready();
      await somewhen(random, 1_500);
      await worker.endOnce('SIGKILL');
      return null;
    },
  },
  {
    name: 'worker ended (SIGTERM)',
    times: { quick: 2, full: 50 },
    load: { size: 3 },
    async strike(system, random) {
      const worker = pick(system, random);
      await worker.ready();
      await somewhen(random, 1_000);
      const tookMs = await worker.endOnce('SIGTERM');
      return tookMs < mostStopMs ? null : `a stop took ${Math.round(tookMs)} ms`;
    },
    check({ signals }) {
      const again = signals.filter(({ isAgain }) => isAgain).length;
      return again === 0 ? null : `${again} payloads were processed twice`;
    },
  },
  {
    name: 'zombie (SIGSTOP for two sessions)',
    times: { quick: 1, full: 20 },
    async strike(system, random) {
      const worker = pick(system, random, 'aggregator');
      await worker.ready();
      await somewhen(random, 1_000);
      worker.signal('SIGSTOP');
      await pause(2 * sessionTimeoutMs + 1_000);
      worker.signal('SIGCONT');
      return null;
    },
  },
  {
    name: 'rebalance storm (a member joins and leaves)',
    times: { quick: 1, full: 40 },
    load: { size: 3 },
    async strike(system, random) {
      const extra = new Worker(['tagger', 'aggregator'], system);
      await extra.ready();
      await somewhen(random, 2_000);
      await extra.end();
      return null;
    },
    check: ({ stillMs }) => (stillMs < mostStillMs ? null : `nothing moved for ${Math.round(stillMs)} ms`),
  },
];
