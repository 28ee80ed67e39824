// Signals a second from the raw topic into durable state, log and state on disk, against SQLite appending the same bytes
// and nothing else: `npm run bench:embedded`. Medians of five; every run has a directory of its own.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { embeddedBatch, openEmbeddedParts } from './embedded-parts.ts';
import { appendRate } from './sqlite-floor.ts';
import { printTable, quantile } from './table.ts';

const runs = 5;

/** Statements of the last two weeks, so that none is too late. */
function payloads(ratingsOnly: boolean): Buffer[] {
  const days = 14;
  const from = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const options = { days, customers: 4_000, stages: 6, seed: 2, plants: [], ratingsOnly, signalsPerDay: 500, from };
  return [...simulate(options)].map((signal) => Buffer.from(JSON.stringify(signal)));
}

async function pipelineRate(values: readonly Buffer[]): Promise<number> {
  const parts = await openEmbeddedParts();
  await parts.append(values);
  const from = performance.now();
  await parts.start();
  await parts.folded();
  const rate = (1_000 * values.length) / (performance.now() - from);
  await parts.close();
  return rate;
}

async function row(name: string, values: readonly Buffer[]) {
  const bytes = Math.round(values.reduce((sum, value) => sum + value.length, 0) / values.length);
  const floor: number[] = [];
  const ours: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    floor.push(appendRate(join(tmpdir(), `gapwatch-floor-${process.pid}.db`), values.length, bytes, embeddedBatch));
    ours.push(await pipelineRate(values));
  }
  const [append, chain] = [quantile(floor, 0.5), quantile(ours, 0.5)];
  return {
    signals: name,
    count: values.length,
    bytes,
    'append/s': Math.round(append),
    'chain/s': Math.round(chain),
    'µs a signal': (1e6 / chain).toFixed(1),
    'of append': (chain / append).toFixed(3),
  };
}

printTable('raw topic to durable windows, votes and ledger', [
  await row('ratings only', payloads(true)),
  await row('with text', payloads(false)),
]);
