// Signals a second from the log into windows, votes and ledgers in Redis, against what people write by hand: a pipeline with
// counters an event, and the floor: a pipeline that only sets as many bytes. `npm run bench:redis`. Medians of five; the log is
// in memory, so that nothing but the fold and Redis is measured.

import { Redis } from 'ioredis';
import { configurationSchema, rawTopic, topicNames } from '../../packages/contracts/src/index.ts';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { openMemoryState, type StateStore } from '../../packages/storage/src/index.ts';
import { type Log, openMemoryLog } from '../../packages/transport/src/index.ts';
import { create as createAggregator } from '../../services/aggregator/src/index.ts';
import { waitUntilFolded } from '../../services/local/src/running/folded.ts';
import { intakesOf } from '../../services/local/src/running/pipeline.ts';
import { announceConfiguration, prepareTopics } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { plainSourcing } from '../../services/local/src/settings/sourcing.ts';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { kafkaChunkRecords } from '../../services/local/src/work/work.ts';
import { create as createTagger } from '../../services/tagger/src/index.ts';
import { startRedis } from '../parts/redis.ts';
import { appendAll } from './append.ts';
import { benchState } from './kafka-parts.ts';
import { printTable, quantile } from './table.ts';

const runs = 5;
const partitions = 4;
const batch = 500;
const raw = rawTopic('canonical');
const logger = { info: () => {}, warn: () => {}, error: (facts: object) => console.error(facts) };

/** Statements of the last two weeks, so that none is too late. */
function payloads(): Buffer[] {
  const days = 14;
  const from = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const options = {
    days,
    customers: 4_000,
    stages: 6,
    seed: 2,
    plants: [],
    ratingsOnly: true,
    signalsPerDay: 700,
    from,
  };
  return [...simulate(options)].map((signal) => Buffer.from(JSON.stringify(signal)));
}

/** A log that holds the tagged signals. */
async function taggedLog(values: readonly Buffer[]): Promise<Log> {
  const log = openMemoryLog({ clock: systemClock });
  const state = openMemoryState();
  const configuration = configurationSchema.parse({});
  await prepareTopics(log, configuration, partitions);
  await announceConfiguration({ log, state }, settle(configuration, null), { partitions });
  await appendAll(log, raw, values, batch);
  const loop = { log, clock: systemClock, logger, random: Math.random };
  const intakes = intakesOf(configuration, partitions, plainSourcing);
  const tagger = createTagger({ loop, state, intakes, warn: () => {}, marks: log.marks });
  await tagger.start();
  await waitUntilFolded({ log, state }, [{ topic: raw, namespace: `tagger.${raw}` }]);
  await tagger.stop();
  return log;
}

async function foldRate(log: Log, state: StateStore, count: number): Promise<number> {
  const loop = { log, clock: systemClock, logger, random: Math.random, chunkRecords: kafkaChunkRecords };
  const aggregator = createAggregator({ loop, state, partitions });
  const begun = performance.now();
  await aggregator.start();
  await waitUntilFolded({ log, state }, [{ topic: topicNames.signals, namespace: 'aggregator' }]);
  const rate = (1_000 * count) / (performance.now() - begun);
  await aggregator.stop();
  return rate;
}

/** `counters`: increments an event; 0: its bytes are set, and nothing is counted. */
async function pipelineRate(client: Redis, values: readonly Buffer[], counters: number): Promise<number> {
  await client.flushall();
  const begun = performance.now();
  for (let at = 0; at < values.length; at += batch) {
    const pipeline = client.pipeline();
    for (const [index, value] of values.slice(at, at + batch).entries()) {
      if (counters === 0) pipeline.set(`event:${at + index}`, value);
      for (let field = 0; field < counters; field += 1) pipeline.hincrby(`window:${index % 24}`, `field${field}`, 1);
    }
    await pipeline.exec();
  }
  return (1_000 * values.length) / (performance.now() - begun);
}

const redis = await startRedis();
if (redis === null) throw new Error('this benchmark needs Redis: see test/parts');
const client = new Redis(redis.urls[0]!);
const values = payloads();
const log = await taggedLog(values);
const rates = { fold: [] as number[], memory: [] as number[], byHand: [] as number[], floor: [] as number[] };
for (let run = 0; run < runs; run += 1) {
  rates.floor.push(await pipelineRate(client, values, 0));
  rates.byHand.push(await pipelineRate(client, values, 4));
  rates.memory.push(await foldRate(log, openMemoryState(), values.length));
  const state = await benchState(redis);
  rates.fold.push(await foldRate(log, state, values.length));
  await state.close();
}
const [fold, memory, byHand, floor] = [rates.fold, rates.memory, rates.byHand, rates.floor].map((all) =>
  quantile(all, 0.5),
) as [number, number, number, number];
printTable(`${values.length} ratings into windows, votes and ledgers`, [
  {
    'into Redis/s': Math.round(fold),
    'into memory/s': Math.round(memory),
    '4 HINCRBY an event/s': Math.round(byHand),
    'SET alone/s': Math.round(floor),
    'of HINCRBY': (fold / byHand).toFixed(2),
    'of SET': (fold / floor).toFixed(2),
    'Redis, µs a signal': (1e6 / fold - 1e6 / memory).toFixed(1),
  },
]);
await client.quit();
await log.close();
await redis.stop();
