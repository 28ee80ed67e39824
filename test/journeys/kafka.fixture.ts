// The command against real parts: the environment that names them, and a worker as a process.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { openParts, type Parts, partsSettings } from '../../services/local/src/work/parts.ts';
import { type KafkaPart, startKafka } from '../parts/kafka.ts';
import { type RedisPart, startRedis } from '../parts/redis.ts';
import { needs } from '../parts/required.ts';
import { type S3Part, startS3, testBucket } from '../parts/s3.ts';
import { getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

export const sources = 'sources:\n  - { id: canonical, type: canonical }\n';
export const stages = 'stages:\n  - { id: delivery }\n  - { id: billing }\n';

export type RealParts = { readonly kafka: KafkaPart; readonly redis: RedisPart; stop(): Promise<void> };

/** null: a part is not to be had here. */
export async function startRealParts(): Promise<RealParts | null> {
  const [kafka, redis] = [await startKafka(), await startRedis()];
  const stop = async () => {
    await Promise.all([kafka?.stop(), redis?.stop()]);
  };
  if (kafka !== null && redis !== null) return { kafka, redis, stop };
  await stop();
  return null;
}

const remedy = 'install Java, redis-server and versitygw, or set the variables of the parts';

/** Names a suite that needs a bucket beside the other parts. */
export const withBucket = (what: string) => needs(what, 'Kafka, Redis and S3', remedy);

export type ArchivedParts = RealParts & { readonly s3: S3Part };

/** The same with a bucket. */
export async function startArchivedParts(): Promise<ArchivedParts | null> {
  const real = await startRealParts();
  const s3 = real === null ? null : await startS3();
  if (real === null || s3 === null) {
    await real?.stop();
    return null;
  }
  const stop = async () => {
    await Promise.all([real.stop(), s3.stop()]);
  };
  return { ...real, s3, stop };
}

/** An installation of its own that archives into the bucket. */
export function archivedInstallation(parts: ArchivedParts): Record<string, string> {
  const bucket = { GAPWATCH_S3_ENDPOINT: parts.s3.endpoint, GAPWATCH_S3_BUCKET: testBucket };
  return { ...installation(parts), ...parts.s3.environment, ...bucket };
}

/** Takes every state away that anybody keeps there. */
export async function emptyRedis({ urls }: RedisPart): Promise<void> {
  const redis = new Redis(urls[0]!);
  await redis.flushall();
  await redis.quit();
}

/** An installation of its own: its topics carry a prefix that no other has. */
export function installation({ kafka, redis }: Pick<RealParts, 'kafka' | 'redis'>): Record<string, string> {
  return {
    GAPWATCH_KAFKA_BROKERS: kafka.brokers.join(','),
    GAPWATCH_KAFKA_SESSION_TIMEOUT_MS: '6000',
    GAPWATCH_REDIS_URL: redis.urls.join(','),
    GAPWATCH_TOPIC_PREFIX: `${randomUUID().slice(0, 8)}.`,
    GAPWATCH_PARTITIONS: '2',
    GAPWATCH_CONFIG: configurationFile(stages + sources),
  };
}

/** Writes a configuration; answers its path. */
export function configurationFile(text: string): string {
  const file = join(temporaryFolder(), 'gapwatch.yaml');
  writeFileSync(file, text);
  return file;
}

export type RunningWorker = { readonly child: ChildProcess; readonly address: string; readonly said: () => string };

/** Resolves when it is ready. */
export async function startWorker(
  environment: Record<string, string>,
  roles: readonly string[],
): Promise<RunningWorker> {
  const child = spawnGapwatch(['work', ...roles], environment);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  return { child, address: await readyAddress(child), said: () => said };
}

/** Log and state, read by a connection that is not the workers'. */
export async function withOwnParts<T>(
  environment: Record<string, string>,
  work: (parts: Parts) => Promise<T>,
): Promise<T> {
  const logger = { info: () => {}, warn: () => {} };
  const parts = openParts({ settings: partsSettings(environment), clock: systemClock, logger, clientId: 'test' });
  try {
    return await work(parts);
  } finally {
    await parts.close();
  }
}

/** Posts to the source of the installation. */
export async function post(address: string, signals: readonly object[]): Promise<void> {
  const response = await fetch(`${address}/v1/sources/canonical/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(signals),
  });
  expect(response.status).toBe(202);
}

/** What the windows of a stage count; `query`: which of them. */
export async function statementsAt(address: string, stage = 'delivery', query = 'step=1d'): Promise<number> {
  const url = `${address}/v1/stages/${stage}/windows?${query}`;
  const { items } = await getJson<{ items: { statements: number }[] }>(url);
  return items.reduce((sum, { statements }) => sum + statements, 0);
}

/** Unhappy reviews of the last hour, each with a subject of its own. */
export function reviews(count: number, name: string, at: number): object[] {
  const occurredAt = new Date(at).toISOString();
  const rating = { value: 1, min: 1, max: 5 };
  return Array.from({ length: count }, (_, index) => {
    const subject = `review:${name}:${index}`;
    return { kind: 'review', subject, customer: `c${index}`, occurredAt, stage: 'delivery', rating };
  });
}
