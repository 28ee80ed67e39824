// Signals a second from a preloaded raw topic in Kafka to windows in Redis, tagger and aggregator in one process, against
// the best bare pass of kafkajs over the same records, and against what a team writes by hand in Python where that is at hand
// (`GAPWATCH_PYTHON`): `npm run bench:chain`. Medians of five, or of as many as are named.
import { configurationSchema } from '../../packages/contracts/src/index.ts';
import { systemClock } from '../../packages/runtime/src/index.ts';
import type { ConsumerHandlers, ConsumerOptions, Log } from '../../packages/transport/src/index.ts';
import { readingsOf, waitUntilFolded } from '../../services/local/src/running/folded.ts';
import { announceConfiguration, prepareTopics } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { servicesOf } from '../../services/local/src/work/services.ts';
import { kafkaChunkRecords } from '../../services/local/src/work/work.ts';
import { appendAll } from './append.ts';
import { barePassRate } from './bare-pass.ts';
import { benchLog, benchState, startBenchParts } from './kafka-parts.ts';
import { rivalRate } from './rival.ts';
import { printTable, quantile } from './table.ts';

const runs = Number(process.argv[2] ?? 5);
const partitions = 6;
const sends = [200, 500, 2_000];
const logger = { info: () => {}, warn: () => {}, error: (facts: object) => console.error(facts) };
const parts = await startBenchParts();

/** Statements of the last two weeks, so that none is too late. */
function payloads(ratingsOnly: boolean): string[] {
  const days = 14;
  const from = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const options = { days, customers: 20_000, stages: 6, seed: 2, plants: [], ratingsOnly, signalsPerDay: 1_000, from };
  return [...simulate(options)].map((signal) => JSON.stringify(signal));
}

/** A topic that keeps its name whatever the prefix: it is filled once and read by every run. */
async function preload(topic: string, values: readonly string[]): Promise<void> {
  const log = benchLog(parts.kafka, 'bench.');
  await log.createTopic(topic, partitions);
  await appendAll(log, topic, values, 1_000);
  await log.close();
}

/** The log, noting when the first chunk is handed out. */
function timed(log: Log, onFirst: () => void): Log {
  const consume = (options: ConsumerOptions, handlers: ConsumerHandlers) =>
    log.consume(options, {
      ...handlers,
      chunk: (chunk) => {
        onFirst();
        return handlers.chunk(chunk);
      },
    });
  return { ...log, consume };
}

async function chainRate(topic: string, records: number, name: string): Promise<number> {
  let begun = 0;
  const log = benchLog(parts.kafka, `${name}.`);
  const state = await benchState(parts.redis);
  const configuration = configurationSchema.parse({ sources: [{ id: 'canonical', type: 'canonical', topic }] });
  const settled = settle(configuration, null);
  await prepareTopics(log, configuration, partitions);
  await announceConfiguration({ log, state }, settled, { partitions });
  const first = timed(log, () => {
    begun ||= performance.now();
  });
  const loop = { log: first, clock: systemClock, logger, random: Math.random, chunkRecords: kafkaChunkRecords };
  const opened = { log: first, state, store: state, archive: null };
  const options = { parts: opened, settled, partitions, loop, receivers: [], warn: () => {} };
  const services = await servicesOf(new Set(['tagger', 'aggregator']), options);
  for (const service of services) await service.start();
  await waitUntilFolded({ log, state }, readingsOf([topic]).slice(0, 2));
  const rate = (1_000 * records) / (performance.now() - begun);
  for (const service of services) await service.stop();
  await log.close();
  await state.close();
  return rate;
}

async function row(name: string, values: readonly string[]) {
  const topic = `preloaded-${name.replaceAll(' ', '-')}`;
  await preload(topic, values);
  const bare = new Map(sends.map((records) => [records, [] as number[]]));
  const ours: number[] = [];
  const rivals: number[] = [];
  const admin = benchLog(parts.kafka, 'bench.');
  for (let run = 0; run < runs; run += 1) {
    for (const [sendRecords, rates] of bare) {
      const to = `bare-${topic}-${sendRecords}-${run}`;
      await admin.createTopic(to, partitions);
      const { brokers } = parts.kafka;
      rates.push(await barePassRate({ brokers, from: topic, to, records: values.length, sendRecords }));
    }
    const rival = rivalRate({
      brokers: parts.kafka.brokers,
      redisUrl: parts.redis.urls[0]!,
      topic,
      records: values.length,
    });
    if (rival !== null) rivals.push(rival);
    ours.push(await chainRate(topic, values.length, `${topic}-${run}`));
  }
  await admin.close();
  const medians = sends.map((records) => quantile(bare.get(records)!, 0.5));
  const chain = quantile(ours, 0.5);
  return {
    signals: name,
    count: values.length,
    ...Object.fromEntries(sends.map((records, at) => [`bare ${records}/s`, Math.round(medians[at]!)])),
    'chain/s': Math.round(chain),
    'µs a signal': (1e6 / chain).toFixed(1),
    'of best bare': (chain / Math.max(...medians)).toFixed(3),
    'Python, VADER/s': rivals.length === 0 ? 'not here' : Math.round(quantile(rivals, 0.5)),
    'of Python': rivals.length === 0 ? '' : (chain / quantile(rivals, 0.5)).toFixed(1),
  };
}

try {
  const rows = [await row('ratings only', payloads(true)), await row('with text', payloads(false))];
  printTable('raw topic on Kafka to windows in Redis, one process', rows);
} finally {
  await parts.stop();
}
