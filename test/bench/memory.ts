// What a process that folds keeps in memory, by how many customers there are: `npm run bench:memory`. Each size is a process of
// its own, so that one does not keep what another has let go; the floor is one that opened everything and folded nothing.
import { spawnSync } from 'node:child_process';
import { openEmbeddedParts } from './embedded-parts.ts';
import { printTable } from './table.ts';

const usualPartitions = 4;
const sizes = [0, 100, 10_000, 100_000, 1_000_000].map((customers) => ({ customers, partitions: usualPartitions }));
/** one process that works on all partitions of a large installation */
const many = { customers: 1_000_000, partitions: 32 };
/** Each customer says so much, over the last two weeks; those of the small sizes say more, so that events alone are seen too. */
const leastSignals = 100_000;
const spanMs = 14 * 86_400_000;

const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);

function* payloads(customers: number): Generator<Buffer> {
  const signals = customers === 0 ? 0 : Math.max(customers, leastSignals);
  const begun = Date.now() - spanMs;
  for (let index = 0; index < signals; index += 1) {
    const occurredAt = new Date(begun + Math.floor((spanMs * index) / signals)).toISOString();
    const rating = { value: 1 + (index % 5), min: 1, max: 5 };
    const said = {
      kind: 'review',
      subject: `review:${index}`,
      customer: `c${index % customers}`,
      stage: `s${index % 6}`,
    };
    yield Buffer.from(JSON.stringify({ ...said, occurredAt, rating }));
  }
}

type Size = { readonly customers: number; readonly partitions: number };

async function fold({ customers, partitions }: Size): Promise<object> {
  const parts = await openEmbeddedParts(partitions);
  await parts.start();
  const began = performance.now();
  const signals = await parts.append(payloads(customers));
  await parts.folded();
  const seconds = Math.round((performance.now() - began) / 1_000);
  const [resident, most] = [process.memoryUsage.rss(), process.resourceUsage().maxRSS * 1_024].map(mebibytes);
  const report = { customers, partitions, signals, seconds, 'resident MiB': resident, 'at most MiB': most };
  await parts.close();
  return report;
}

type Row = Record<string, number> & { readonly 'resident MiB': number; readonly customers: number };

function inProcess({ customers, partitions }: Size): Row {
  console.error(`${customers} customers in ${partitions} partitions…`);
  const words = [import.meta.filename, String(customers), String(partitions)];
  const child = spawnSync(process.execPath, [...process.execArgv, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`the process for ${customers} customers ended with ${child.status}`);
  return JSON.parse(child.stdout) as Row;
}

const [customers, partitions] = process.argv.slice(2).map(Number);
if (customers === undefined) {
  const rows = sizes.map(inProcess);
  printTable('one process, everything in a data directory', [...rows, inProcess(many)]);
  const [, , least, , most] = rows as [Row, Row, Row, Row, Row];
  const bytes = ((most['resident MiB'] - least['resident MiB']) * 2 ** 20) / (most.customers - least.customers);
  console.log(`${Math.round(bytes)} bytes a customer more, from ${least.customers} to ${most.customers}`);
} else {
  console.log(JSON.stringify(await fold({ customers, partitions: partitions ?? usualPartitions })));
}
