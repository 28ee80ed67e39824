// Workers that are not like the others: one whose clock is wrong, one of the next version. And a customer who is.
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../../services/local/src/simulate/random.ts';
import { runToEnd, type System } from '../system.ts';
import { Worker } from '../worker.ts';
import { type Fault, somewhen } from './fault.ts';

/** Below this nobody would notice, and the machine's own noise is as large. */
const unnoticedMs = 1_000;

/** Starting, joining and a while of work. */
const besideMs = 8_000;

export const differences: readonly Fault[] = [
  {
    name: 'clock of a worker an hour ahead, then behind',
    times: { quick: 1, full: 5 },
    lastsMs: besideMs,
    strike: (system, random) => workBeside('skewed-clock.ts', system, random),
  },
  {
    name: 'this version and the next together',
    times: { quick: 1, full: 5 },
    lastsMs: besideMs,
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

/** A worker with something loaded before it joins, until it has done some of the work and for a while more. */
async function workBeside(preload: string, system: System, random: Random): Promise<null> {
  const words = `--import ${resolve(import.meta.dirname, '..', preload)}`;
  const other = new Worker(['tagger', 'aggregator'], {
    folder: system.folder,
    environment: { ...system.environment, NODE_OPTIONS: words },
  });
  await hasWorked(await other.ready());
  await somewhen(random, 3_000);
  await other.end();
  return null;
}

const lookEveryMs = 100;

/** Where nothing more comes there is nothing to wait for; the check then says that it has not worked. */
async function hasWorked(address: string): Promise<void> {
  const deadline = AbortSignal.timeout(besideMs);
  const counted = /^gapwatch_records_total\{[^}]*service="tagger"/m;
  while (!deadline.aborted && !counted.test(await (await fetch(`${address}/metrics`)).text())) await pause(lookEveryMs);
}
