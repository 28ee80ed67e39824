// Signals a second from the raw topic into durable state, log and state on disk, against SQLite appending the same bytes
// and nothing else: `npm run bench:embedded`. Medians of five; every run has a directory of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationSchema, rawTopic } from '../../packages/contracts/src/index.ts';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { openDirectory } from '../../services/local/src/running/directory.ts';
import { readingsOf, waitUntilFolded } from '../../services/local/src/running/folded.ts';
import { createServices } from '../../services/local/src/running/pipeline.ts';
import { announceConfiguration, prepareTopics } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { plainSourcing } from '../../services/local/src/settings/sourcing.ts';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { appendRate } from './sqlite-floor.ts';
import { printTable, quantile } from './table.ts';

const runs = 5;
const batch = 500;
const logger = { info: () => {}, warn: () => {}, error: (facts: object) => console.error(facts) };

/** Statements of the last two weeks, so that none is too late. */
function payloads(ratingsOnly: boolean): Buffer[] {
  const days = 14;
  const from = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const options = { days, customers: 4_000, stages: 6, seed: 2, plants: [], ratingsOnly, signalsPerDay: 500, from };
  return [...simulate(options)].map((signal) => Buffer.from(JSON.stringify(signal)));
}

async function pipelineRate(values: readonly Buffer[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));
  const directory = openDirectory(folder, systemClock);
  const configuration = configurationSchema.parse({});
  const { log } = directory;
  const partitions = await prepareTopics(log, configuration, null);
  await announceConfiguration(directory, settle(configuration, null), { partitions });
  const topic = rawTopic('canonical');
  for (let at = 0; at < values.length; at += batch) {
    await log.append(values.slice(at, at + batch).map((value) => ({ topic, key: null, value })));
  }
  const loop = { log, clock: systemClock, logger, random: Math.random };
  const rest = { sourcing: plainSourcing, loop, receivers: [], warn: () => {} };
  const services = createServices({ directory, configuration, partitions, ...rest });
  const from = performance.now();
  for (const service of services) await service.start();
  await waitUntilFolded(directory, readingsOf([topic]));
  const rate = (1_000 * values.length) / (performance.now() - from);
  for (const service of services) await service.stop();
  await directory.close();
  rmSync(folder, { recursive: true });
  return rate;
}

async function row(name: string, values: readonly Buffer[]) {
  const bytes = Math.round(values.reduce((sum, value) => sum + value.length, 0) / values.length);
  const floor: number[] = [];
  const ours: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    floor.push(appendRate(join(tmpdir(), `gapwatch-floor-${process.pid}.db`), values.length, bytes, batch));
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
