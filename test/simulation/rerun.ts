// One service once more over the log as it lies, with nothing going wrong: what it writes and keeps then is what it must
// have written and kept before.
import { isDeepStrictEqual } from 'node:util';
import type { PartitionState } from '@gapwatch/storage';
import { Random } from '../../services/local/src/simulate/random.ts';
import { Faults } from './faults.ts';
import { Stand } from './stand.ts';
import type { Workload } from './workload.ts';

const chunkRecords = 200;

/** The first difference between a service as it ran and its run without faults; null when there is none. */
export async function differenceOf(service: string, stand: Stand, workload: Workload): Promise<string | null> {
  const again = await rerun(service, stand, workload);
  const names = [...again.state.names];
  return again.violations[0] ?? outputDifference(service, stand, again) ?? (await stateDifference(names, stand, again));
}

async function rerun(service: string, stand: Stand, workload: Workload): Promise<Stand> {
  const random = new Random(1);
  const again = new Stand({ workload, random, faults: Faults.none(random), names: [service], chunkRecords });
  await again.prepare();
  await again.append(stand.time, await stand.records());
  await again.cluster.start();
  await again.drain(Number.POSITIVE_INFINITY);
  return again;
}

function outputDifference(service: string, stand: Stand, again: Stand): string | null {
  const found = stand.log.written.get(service) ?? new Map<string, string>();
  const wanted = again.log.written.get(service) ?? new Map<string, string>();
  for (const [name, content] of wanted) {
    const written = found.get(name);
    if (written === undefined) return `${service} never wrote ${name}: ${content}`;
    if (written !== content) return `${service} wrote ${name} as ${written}, without faults it is ${content}`;
  }
  const extra = [...found.keys()].find((name) => !wanted.has(name));
  return extra === undefined ? null : `${service} wrote ${extra}, which it does not without faults`;
}

async function stateDifference(names: readonly string[], stand: Stand, again: Stand): Promise<string | null> {
  for (const name of names) {
    const found = await contentsOf(stand.state.named(name));
    const wanted = await contentsOf(again.state.named(name));
    for (const key of new Set([...found.keys(), ...wanted.keys()])) {
      if (isDeepStrictEqual(found.get(key), wanted.get(key))) continue;
      const [one, other] = [found.get(key), wanted.get(key)].map((content) => JSON.stringify(content));
      return `state ${name}, ${key}: ${one}, without faults ${other}`;
    }
  }
  return null;
}

async function contentsOf(state: PartitionState): Promise<Map<string, unknown>> {
  const contents = new Map<string, unknown>([['position', await state.position()]]);
  for await (const { key, value, due } of state.scan('')) contents.set(`document ${key}`, [JSON.parse(value), due]);
  for await (const [key, fields] of state.scanCells()) contents.set(`cell ${key}`, fields);
  return contents;
}
