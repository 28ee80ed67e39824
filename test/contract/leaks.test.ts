// Opening and closing the real parts leaves nothing behind: no socket, no timer, however often.
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { openRedisState } from '@gapwatch/storage/redis';
import { openS3Archive } from '@gapwatch/storage/s3';
import { openKafkaLog } from '@gapwatch/transport/kafka';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { startKafka } from '../parts/kafka.ts';
import { startRedis } from '../parts/redis.ts';
import { needs } from '../parts/required.ts';
import { startS3, testBucket } from '../parts/s3.ts';

const [kafka, redis, s3] = [await startKafka(), await startRedis(), await startS3()];
const isHere = kafka !== null && redis !== null && s3 !== null;
afterAll(() => Promise.all([kafka?.stop(), redis?.stop(), s3?.stop()]));

const cycles = 20;
const settleMs = 10_000;

/** What keeps this process alive, by kind. */
function resources(): Record<string, number> {
  const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

function exceeds(now: Record<string, number>, before: Record<string, number>): boolean {
  return Object.entries(now).some(([kind, count]) => count > (before[kind] ?? 0));
}

/** Sockets are gone a few turns after they were closed; no timer is used to wait, since timers are counted. */
async function settled(before: Record<string, number>): Promise<Record<string, number>> {
  const until = performance.now() + settleMs;
  while (exceeds(resources(), before) && performance.now() < until) await turn();
  return resources();
}

async function cycle(topicPrefix: string): Promise<void> {
  const log = openKafkaLog({
    settings: { brokers: kafka!.brokers, tls: false, sasl: null, sessionTimeoutMs: 6_000, topicPrefix },
    clientId: 'leaks',
    clock: systemClock,
    random: Math.random,
    onAway: () => {},
    onBack: () => {},
  });
  const state = openRedisState({ urls: redis!.urls });
  const archive = openS3Archive({ bucket: testBucket, endpoint: s3!.endpoint });
  await log.createTopic('alerts', 1);
  await log.append([{ topic: 'alerts', key: null, value: '{}' }]);
  const read = Promise.withResolvers<void>();
  const consumer = await log.consume(
    { group: 'leaks', topics: ['alerts'], chunkRecords: 100 },
    {
      assigned: () => state.partition('leaks', 0).position(),
      chunk: async ({ next }) => {
        read.resolve();
        return next;
      },
      revoked: async () => {},
      failed: (_topic, _partition, error) => read.reject(error),
    },
  );
  await read.promise;
  for await (const _ of archive.list('topic=leaks/')) throw new Error('nothing was ever archived here');
  await consumer.stop();
  await Promise.all([log.close(), state.close(), archive.close()]);
}

describe.skipIf(!isHere)(needs('the real parts', 'Kafka, Redis and S3', 'see test/parts'), () => {
  it('are let go of whole, twenty times over', { timeout: 120_000 }, async () => {
    for (const [name, value] of Object.entries(s3!.environment)) vi.stubEnv(name, value);
    const topicPrefix = `${randomUUID().slice(0, 8)}.`;
    // what is made once a process, such as the SDK's chain of credentials, is made before the count
    await cycle(topicPrefix);
    const before = resources();
    for (let count = 0; count < cycles; count += 1) await cycle(topicPrefix);
    expect(exceeds(await settled(before), before)).toBe(false);
  });
});
