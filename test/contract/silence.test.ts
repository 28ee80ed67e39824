// A line that swallows everything and tells nobody: what is asked then fails as away, never as if nothing were there, and a
// connection on which nothing comes back is not asked for ever.
import { randomUUID } from 'node:crypto';
import { openRedisState, RedisAway } from '@gapwatch/storage/redis';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { createKafka } from '../../packages/transport/src/kafka/client.ts';
import { openKafkaLog } from '../../packages/transport/src/kafka/index.ts';
import { TopicNames } from '../../packages/transport/src/kafka/names.ts';
import { TopicReader } from '../../packages/transport/src/kafka/reader.ts';
import { startKafka, withKafka } from '../parts/kafka.ts';
import { openLine } from '../parts/line.ts';
import { freePort } from '../parts/programs.ts';
import { startRedis, withRedis } from '../parts/redis.ts';

const own = await freePort();
const kafkaLine = await openLine({ hostname: '127.0.0.1', port: own });
const [kafka, redis] = [await startKafka({ own, advertised: kafkaLine.port }), await startRedis()];
afterAll(() => Promise.all([kafkaLine.close(), kafka?.stop(), redis?.stop()]));

describe.skipIf(redis === null)(withRedis('Redis behind a silent line'), () => {
  it('is away, and is asked over another connection when the line is sound again', async () => {
    const { hostname, port } = new URL(redis!.urls[0]!);
    const line = await openLine({ hostname, port: Number(port) });
    const state = openRedisState({ urls: [`redis://127.0.0.1:${line.port}`] });
    const position = () => state.partition('silence', 0).position();
    expect(await position()).toBe(0);
    line.condition = { type: 'swallows' };
    await expect(position()).rejects.toBeInstanceOf(RedisAway);
    line.condition = { type: 'sound' };
    await expect.poll(() => position().catch(String), { timeout: 20_000 }).toBe(0);
    await state.close();
    await line.close();
  });
});

// a Kafka that a variable names is not behind the line
const isBehind = kafka?.brokers[0] === `127.0.0.1:${kafkaLine.port}`;
describe.skipIf(!isBehind)(withKafka('Kafka behind a silent line'), () => {
  it('is away for whoever looks something up', async () => {
    const settings = {
      brokers: kafka!.brokers,
      tls: false,
      sasl: null,
      sessionTimeoutMs: 6_000,
      topicPrefix: `${randomUUID().slice(0, 8)}.`,
    };
    const told = { random: Math.random, onAway: () => {}, onBack: () => {} };
    const log = openKafkaLog({ settings, clientId: 'silence', clock: systemClock, ...told });
    await log.createTopic('alerts', 1);
    await log.append(Array.from({ length: 5 }, (_, index) => ({ topic: 'alerts', key: null, value: `${index}` })));
    await log.close();
    const names = new TopicNames(settings.topicPrefix);
    const reader = new TopicReader(createKafka(settings, 'silence'), { names, topic: 'alerts', random: Math.random });
    expect((await reader.read(0, 0, 5)).records).toHaveLength(5);
    kafkaLine.condition = { type: 'swallows' };
    await expect(reader.read(0, 2, 5)).rejects.toMatchObject({ name: 'KafkaAway' });
    // what is still asked is over with the line, so that nothing has to be waited for
    await kafkaLine.close();
    await reader.close();
  });
});
