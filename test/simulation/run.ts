// npm run simulate:faults -- --seeds 10000 --from 1: any number of seeds; the first one that fails ends it with status 1.
import { parseArgs } from 'node:util';
import { describeFailure } from './report.ts';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '300' }, from: { type: 'string', default: '1' } },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(seeds) || seeds < 1) {
  console.error('--seeds and --from are whole numbers, --seeds at least 1');
  process.exit(2);
}

const startedAt = performance.now();
const sums: Record<string, number> = { steps: 0, records: 0, alerts: 0, sent: 0 };
const faults = new Map<string, number>();
for (let seed = from; seed < from + seeds; seed += 1) {
  const report = await simulate(seed);
  if (report.difference !== null) {
    console.error(describeFailure(report));
    process.exit(1);
  }
  for (const name of Object.keys(sums)) sums[name]! += report[name as 'steps' | 'records' | 'alerts' | 'sent'];
  for (const [kind, count] of report.faults) faults.set(kind, (faults.get(kind) ?? 0) + count);
}
const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
console.log(JSON.stringify({ seeds, from, seconds, ...sums, faults: Object.fromEntries(faults) }));
