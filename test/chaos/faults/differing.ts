// Workers that are not like the others: one whose clock is wrong, one of the next version. And a customer who is.
import { resolve } from 'node:path';
import type { Random } from '../../../services/local/src/simulate/random.ts';
import { runToEnd, type System } from '../system.ts';
import { Worker } from '../worker.ts';
import { type Fault, somewhen } from './fault.ts';

/** Below this nobody would notice, and the machine's own noise is as large. */
const unnoticedMs = 1_000;

export const differences: readonly Fault[] = [
  {
    name: 'clock of a worker an hour ahead, then behind',
    times: { quick: 1, full: 5 },
    strike: (system, random) => workBeside('skewed-clock.ts', system, random),
  },
  {
    name: 'this version and the next together',
    times: { quick: 1, full: 5 },
    strike: (system, random) => workBeside('next-version.ts', system, random),
    check({ signals }) {
      const revisions = new Set(signals.map(({ revision }) => revision));
      return revisions.size === 2 ? null : `only revision ${[...revisions].join()} of the tagger has worked`;
    },
  },
  {
    name: 'half of everything from one customer',
    times: { quick: 1, full: 1 },
    load: { hot: 0.5 },
    strike: async () => null,
    check({ p95Ms, calmP95Ms }) {
      if (p95Ms < Math.max(2 * calmP95Ms, unnoticedMs)) return null;
      return `others wait ${Math.round(p95Ms)} ms (p95), ${Math.round(calmP95Ms)} ms while nothing strikes`;
    },
  },
  {
    name: 'topics and configuration sent again',
    times: { quick: 1, full: 3 },
    async strike({ environment, folder }) {
      await runToEnd(['topics'], environment, folder);
      return null;
    },
  },
];

/** A worker with something loaded before it joins for a while. */
async function workBeside(preload: string, system: System, random: Random): Promise<null> {
  const words = `--import ${resolve(import.meta.dirname, '..', preload)}`;
  const other = new Worker(['tagger', 'aggregator'], {
    folder: system.folder,
    environment: { ...system.environment, NODE_OPTIONS: words },
  });
  await other.ready();
  await somewhen(random, 3_000);
  await other.end();
  return null;
}
