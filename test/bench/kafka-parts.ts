// Real Kafka and Redis for a benchmark; without them it says so and ends.
import { Redis } from 'ioredis';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { openRedisState } from '../../packages/storage/src/redis/index.ts';
import { openKafkaLog } from '../../packages/transport/src/kafka/index.ts';
import { type KafkaPart, startKafka } from '../parts/kafka.ts';
import { type RedisPart, startRedis } from '../parts/redis.ts';

export type BenchParts = { readonly kafka: KafkaPart; readonly redis: RedisPart; stop(): Promise<void> };

export async function startBenchParts(): Promise<BenchParts> {
  const [kafka, redis] = [await startKafka(), await startRedis()];
  const stop = async () => {
    await Promise.all([kafka?.stop(), redis?.stop()]);
  };
  if (kafka !== null && redis !== null) return { kafka, redis, stop };
  await stop();
  throw new Error('this benchmark needs Kafka and Redis: see test/parts');
}

export function benchLog({ brokers }: KafkaPart, topicPrefix: string) {
  return openKafkaLog({
    settings: { brokers, tls: false, sasl: null, sessionTimeoutMs: 30_000, topicPrefix },
    clientId: 'bench',
    clock: systemClock,
    random: Math.random,
    onAway: (group, error) => console.error(group, error.message),
    onBack: () => {},
  });
}

/** An empty state. */
export async function benchState({ urls }: RedisPart) {
  const client = new Redis(urls[0]!);
  await client.flushall();
  await client.quit();
  return openRedisState({ urls });
}
