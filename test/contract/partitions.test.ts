// The same statements come to the same alerts, embedded and on Kafka, however many partitions and workers there are.
import { randomUUID } from 'node:crypto';
import { openRedisState } from '@gapwatch/storage/redis';
import { openKafkaLog } from '@gapwatch/transport/kafka';
import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configurationSchema, type Output, topicNames } from '../../packages/contracts/src/index.ts';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { openMemoryState, type StateStore } from '../../packages/storage/src/index.ts';
import { type Log, openMemoryLog } from '../../packages/transport/src/index.ts';
import { create as createAggregator } from '../../services/aggregator/src/index.ts';
import { create as createDetector } from '../../services/detector/src/index.ts';
import { writePlay } from '../../services/local/src/play/play.ts';
import { readingsOf, waitUntilFolded } from '../../services/local/src/running/folded.ts';
import { examplePast } from '../../services/local/src/running/past.ts';
import { intakesOf } from '../../services/local/src/running/pipeline.ts';
import { announceConfiguration } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { plainSourcing } from '../../services/local/src/settings/sourcing.ts';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { parsePlant } from '../../services/local/src/simulate/plant.ts';
import { recordsOf } from '../chaos/checks.ts';
import { startKafka } from '../parts/kafka.ts';
import { startRedis } from '../parts/redis.ts';
import { needs } from '../parts/required.ts';

const [kafka, redis] = [await startKafka(), await startRedis()];
afterAll(() => Promise.all([kafka?.stop(), redis?.stop()]));

const settled = settle(configurationSchema.parse({}), null);
const single = [topicNames.friction, topicNames.alerts, topicNames.commands];

/** What lies on `signals` after the past of a company with a planted step, each record with its own time. */
async function played(partitions: number): Promise<Output[]> {
  const days = 140;
  const from = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const plants = [parsePlant('buy:0.3@90')];
  const company = { days, customers: 1_500, stages: 2, seed: 5, plants, ratingsOnly: true, signalsPerDay: 60, from };
  const { configuration, hash } = settled;
  const intakes = intakesOf(configuration, partitions, plainSourcing);
  const bySource = new Map([...intakes.values()].map((intake) => [intake.sourceId, intake]));
  const written: Output[] = [];
  const append = async (outputs: readonly Output[]) => {
    written.push(...outputs.filter(({ topic }) => topic === topicNames.signals));
    return [];
  };
  const log = { append } as unknown as Log;
  const rest = { configuration, configurationHash: hash, intakes: bySource, partitions, onProgress: () => {} };
  const past = [...examplePast(simulate(company))].map((payload) => ({ ...payload, sourceId: 'canonical' }));
  await writePlay(past, { log, ...rest });
  return written;
}

type Member = { readonly log: Log; readonly state: StateStore };

/** Lets aggregators, as many as there are members, and one detector fold everything; answers what lies on `alerts`. */
async function alertsOf(members: readonly Member[], partitions: number): Promise<object[]> {
  const [{ log, state }] = members as [Member];
  await announceConfiguration({ log, state }, settled, { partitions, isPlayed: true });
  const logger = { info: () => {}, warn: () => {}, error: (facts: object) => console.error(facts) };
  const loopOf = (member: Member) => ({ log: member.log, clock: systemClock, logger, random: Math.random });
  const services = [
    ...members.map((member) => createAggregator({ loop: loopOf(member), state: member.state, partitions })),
    createDetector({ loop: loopOf(members[0]!), state }),
  ];
  for (const service of services) await service.start();
  await waitUntilFolded({ log, state }, readingsOf([]).slice(0, 3));
  for (const service of services) await service.stop();
  const alerts: object[] = [];
  for await (const { value } of recordsOf(log, topicNames.alerts)) {
    const { origin: _, ...content } = JSON.parse(new TextDecoder().decode(value ?? undefined));
    alerts.push(content);
  }
  return alerts;
}

async function embedded(partitions: number): Promise<object[]> {
  const log = openMemoryLog({ clock: systemClock });
  await log.createTopic(topicNames.signals, partitions);
  for (const topic of single) await log.createTopic(topic, 1);
  await log.append(await played(partitions));
  return alertsOf([{ log, state: openMemoryState() }], partitions);
}

/** A topic that keeps the time that its records bring, filled by a producer that is not ours. */
async function fillSignals(topic: string, partitions: number): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: [...kafka!.brokers], logLevel: kafkajs.logLevel.ERROR });
  const [admin, producer] = [
    client.admin(),
    client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
  ];
  await Promise.all([admin.connect(), producer.connect()]);
  const configEntries = [
    { name: 'message.timestamp.type', value: 'CreateTime' },
    { name: 'retention.ms', value: '-1' },
  ];
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: true });
  const messages = (await played(partitions)).map(({ key, value, partition, headers, time }) => ({
    key,
    value: value === null ? null : Buffer.from(value),
    timestamp: String(time),
    ...(partition !== undefined && { partition }),
    ...(headers !== undefined && { headers }),
  }));
  for (let at = 0; at < messages.length; at += 2_000) {
    await producer.send({ topic, acks: -1, messages: messages.slice(at, at + 2_000) });
  }
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

async function onKafka(partitions: number, workers: number): Promise<object[]> {
  const topicPrefix = `${randomUUID().slice(0, 8)}.`;
  await fillSignals(topicPrefix + topicNames.signals, partitions);
  const client = new Redis(redis!.urls[0]!);
  await client.flushall();
  await client.quit();
  const members = Array.from({ length: workers }, () => ({
    log: openKafkaLog({
      settings: { brokers: kafka!.brokers, tls: false, sasl: null, sessionTimeoutMs: 10_000, topicPrefix },
      clientId: 'partitions',
      clock: systemClock,
      random: Math.random,
      onAway: () => {},
      onBack: () => {},
    }),
    state: openRedisState({ urls: redis!.urls }),
  }));
  for (const topic of single) await members[0]!.log.createTopic(topic, 1);
  await members[0]!.log.createTopic(topicNames.deadLetters, 1);
  const alerts = await alertsOf(members, partitions);
  for (const { log, state } of members) await Promise.all([log.close(), state.close()]);
  return alerts;
}

const isHere = kafka !== null && redis !== null;
describe.skipIf(!isHere)(needs('alerts', 'Kafka and Redis', 'see test/parts'), { timeout: 120_000 }, () => {
  let expected: object[] = [];
  beforeAll(async () => {
    expected = await embedded(4);
  }, 60_000);

  it.each([
    { partitions: 1, workers: 1 },
    { partitions: 4, workers: 2 },
    { partitions: 12, workers: 2 },
  ])('are those of the embedded form with $partitions partitions and $workers workers', async (given) => {
    expect(expected.length).toBeGreaterThan(0);
    expect(await onKafka(given.partitions, given.workers)).toEqual(expected);
  });
});
