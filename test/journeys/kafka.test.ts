// The pipeline on Kafka and Redis, as a user runs it: topics, workers, commands beside them, and what is refused.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { rawTopic, topicNames } from '../../packages/contracts/src/index.ts';
import { readSignals } from '../../packages/core/src/index.ts';
import { recordsOf } from '../chaos/checks.ts';
import { growTopic } from '../parts/kafka.ts';
import { startRedis } from '../parts/redis.ts';
import { needs } from '../parts/required.ts';
import { startS3, testBucket } from '../parts/s3.ts';
import { end, gapwatch, getJson, temporaryFolder } from './gapwatch.fixture.ts';
import {
  configurationFile,
  emptyRedis,
  installation,
  post,
  reviews,
  sources,
  stages,
  startRealParts,
  startWorker,
  statementsAt,
  withOwnParts,
} from './kafka.fixture.ts';

const real = await startRealParts();
afterAll(() => real?.stop());

const missingBucket = '<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>';
const pipeline = ['gateway', 'tagger', 'aggregator', 'detector', 'notifier', 'console'];
const patience = { timeout: 30_000, interval: 100 };
const remedy = 'set GAPWATCH_KAFKA_BROKERS and GAPWATCH_REDIS_URL, or install Java and redis-server';

/** Signals in the log that carry the origin of another one. */
async function doubledOrigins(environment: Record<string, string>): Promise<number> {
  return withOwnParts(environment, async ({ log }) => {
    const origins: string[] = [];
    for await (const record of recordsOf(log, topicNames.signals)) {
      const reading = readSignals(record);
      if ('input' in reading && 'origin' in reading.input.content) {
        origins.push(JSON.stringify([reading.input.content.type, reading.input.content.origin]));
      }
    }
    return origins.length - new Set(origins).size;
  });
}

describe.skipIf(real === null)(needs('gapwatch on real parts', 'Kafka and Redis', remedy), { timeout: 120_000 }, () => {
  let environment: Record<string, string>;
  beforeEach(async () => {
    environment = installation(real!);
    // a state belongs to one log: that of the test before is gone with it
    await emptyRedis(real!.redis);
  });
  const run = (words: string[], extra: Record<string, string> = {}) =>
    gapwatch(words, '', { ...environment, ...extra });

  it('takes events in over HTTP, also while the rest waits for Redis, and goes on after a restart', async () => {
    expect(await run(['topics'])).toMatchObject({ status: 0 });
    const [first, gateway] = await Promise.all([
      startWorker(environment, pipeline),
      startWorker(environment, ['gateway']),
    ]);
    await post(first.address, reviews(30, 'first', Date.now()));
    await expect.poll(() => statementsAt(first.address), patience).toBe(30);

    real!.redis.kill('SIGSTOP');
    const readiness = async () => {
      const response = await fetch(`${first.address}/readyz`);
      return { status: response.status, isRedis: (await response.text()).includes('redis') };
    };
    await expect.poll(readiness, patience).toEqual({ status: 503, isRedis: true });
    expect((await fetch(`${gateway.address}/readyz`)).status).toBe(200);
    await post(gateway.address, reviews(20, 'second', Date.now()));
    const other = configurationFile(`stages:\n  - { id: refunds }\n${sources}`);
    const [late, refused] = await Promise.all([
      startWorker(environment, ['gateway']),
      run(['work', 'gateway'], { GAPWATCH_CONFIG: other }),
    ]);
    await post(late.address, reviews(10, 'late', Date.now()));
    expect(refused.stderr).toContain('this one is');
    real!.redis.kill('SIGCONT');
    await expect.poll(async () => (await readiness()).status, patience).toBe(200);
    expect(first.said().match(/a part does not answer/g)).toHaveLength(1);

    await expect.poll(() => statementsAt(first.address), patience).toBe(60);
    const begun = performance.now();
    expect(await end(first.child)).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);

    const second = await startWorker(environment, pipeline);
    await post(second.address, reviews(10, 'third', Date.now()));
    await expect.poll(() => statementsAt(second.address), patience).toBe(70);
    expect(await doubledOrigins(environment)).toBe(0);
  });

  it('lets the commands work beside its workers, and after Redis was emptied', async () => {
    await run(['topics']);
    const file = join(temporaryFolder(), 'reviews.ndjson');
    writeFileSync(
      file,
      reviews(40, 'file', Date.now())
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    const ingested = await run(['ingest', file, '--source', 'canonical', '--json']);
    expect(JSON.parse(ingested.stdout)).toMatchObject({ read: 40, accepted: 40, repeated: 0 });

    const first = await startWorker(environment, pipeline);
    await expect.poll(() => statementsAt(first.address), patience).toBe(40);
    const verified = await run(['verify', '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
    expect(JSON.parse(verified.stdout).cells).toBeGreaterThan(0);
    expect(await run(['note', 'a new courier'])).toMatchObject({ status: 0 });
    expect((await getJson<{ items: object[] }>(`${first.address}/v1/notes`)).items).toHaveLength(1);
    expect(await run(['belief', 'delivery', '0.9', '--from', '2026-01-01', '--to', '2026-02-01'])).toMatchObject({
      status: 0,
    });
    expect(await run(['alerts', 'list'])).toMatchObject({ status: 0, stdout: 'no alert\n' });
    expect(await run(['dead-letters', 'list'])).toMatchObject({ status: 0, stdout: 'no dead letter\n' });
    await end(first.child);

    await emptyRedis(real!.redis);
    const second = await startWorker(environment, pipeline);
    await expect.poll(() => statementsAt(second.address), patience).toBe(40);
  });

  it('takes what a topic held before its first reading for history', async () => {
    await run(['topics']);
    await withOwnParts(environment, ({ log }) =>
      log.append(
        reviews(25, 'old', Date.now() - 60 * 86_400_000).map((one) => {
          return { topic: rawTopic('canonical'), key: null, value: JSON.stringify(one) };
        }),
      ),
    );
    const { address } = await startWorker(environment, pipeline);
    const from = new Date(Date.now() - 90 * 86_400_000).toISOString();
    const counted = () => statementsAt(address, 'delivery', `step=1d&from=${from}`);
    // older than the lateness: only history of any age is counted
    await expect.poll(counted, patience).toBe(25);
    expect((await getJson<{ items: object[] }>(`${address}/v1/alerts`)).items).toEqual([]);
  });

  it('works on no Kafka, no topics and no other configuration than that of the log', async () => {
    expect(await run(['work', 'tagger'], { GAPWATCH_KAFKA_BROKERS: '' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('GAPWATCH_KAFKA_BROKERS'),
    });
    expect(await run(['work', 'tagger'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('run gapwatch topics first'),
    });
    const { configuration } = JSON.parse((await run(['topics', '--json'])).stdout);
    const other = configurationFile(`stages:\n  - { id: refunds }\n${sources}`);
    const refused = await run(['work', 'tagger'], { GAPWATCH_CONFIG: other });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(new RegExp(`${configuration.slice(0, 12)}, this one is [0-9a-f]{12}`));
    const plan = JSON.parse((await run(['config', 'plan', '--config', other, '--json'])).stdout);
    const fields = plan.changes.map(({ field }: { field: string }) => field);
    expect(fields).toEqual(['stages.delivery', 'stages.billing', 'stages.refunds']);
  });

  it('makes no topic of others, and refuses another number of partitions', async () => {
    const GAPWATCH_CONFIG = configurationFile(
      `${stages}sources:\n  - { id: shop, type: canonical, topic: shop.events }\n`,
    );
    expect(await run(['topics'], { GAPWATCH_CONFIG })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('source shop reads shop.events'),
    });
    await run(['topics']);
    expect(await run(['topics'], { GAPWATCH_PARTITIONS: '3' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('2 partitions, not 3'),
    });
  });

  it('refuses topics of ours that have grown, where customers would change places', async () => {
    await run(['topics']);
    await growTopic(real!.kafka, `${environment.GAPWATCH_TOPIC_PREFIX}signals`, 3);
    const grown = 'signals was made with 2 partitions and has 3';
    await expect.poll(async () => (await run(['work', 'aggregator'])).stderr).toContain(grown);
    expect((await run(['doctor'])).stdout).toContain(grown);
  });

  it('refuses a Redis that throws keys away', async () => {
    const evicting = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    try {
      const ended = await run(['topics'], { GAPWATCH_REDIS_URL: evicting!.urls.join(',') });
      expect(ended.status).toBe(2);
      expect(ended.stderr).toContain('set it to noeviction');
      expect(ended.stderr).not.toContain('    at ');
    } finally {
      await evicting?.stop();
    }
  });

  it('refuses a bucket that does not exist at its start, and waits for one that goes away later', async () => {
    let isThere = false;
    const server = createServer((_, response) => {
      const answer = isThere ? '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>' : missingBucket;
      response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/xml' }).end(answer);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await run(['topics']);
      const bucket = {
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: 'us-east-1',
        GAPWATCH_S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        GAPWATCH_S3_BUCKET: 'events',
      };
      const ended = await run(['work', 'archiver'], bucket);
      expect(ended.status).toBe(2);
      expect(ended.stderr).toMatch(/^gapwatch: bucket events: there is no such bucket: create it/m);
      isThere = true;
      const { address } = await startWorker({ ...environment, ...bucket }, ['archiver']);
      const said = async () => (await fetch(`${address}/readyz`)).text();
      for (const [exists, answer] of [
        [true, 'pass'],
        [false, 'S3Refused'],
        [true, 'pass'],
      ] as const) {
        isThere = exists;
        await expect.poll(said, patience).toContain(answer);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is looked through by the doctor, who says what is missing', async () => {
    const look = async (extra = {}) => {
      const { status, stdout } = await run(['doctor', '--json'], extra);
      const findings: { what: string; state: string; found: string; remedy: string | null }[] = JSON.parse(stdout);
      return { status, findings, states: Object.fromEntries(findings.map(({ what, state }) => [what, state])) };
    };
    const before = await look();
    expect(before).toMatchObject({ status: 1, states: { kafka: 'bad', redis: 'good', s3: 'look' } });
    expect(before.findings.find(({ what }) => what === 'kafka')?.remedy).toContain('gapwatch topics');
    await run(['topics']);
    // no worker has read the configuration yet
    const kept = { reading: 'look', agreement: 'good', clock: 'good', 'dead letters': 'good' };
    expect(await look()).toMatchObject({ status: 0, states: { kafka: 'good', ...kept } });
    const away = await look({ GAPWATCH_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(away).toMatchObject({ status: 1, states: { redis: 'bad' } });
    expect(away.findings.find(({ what }) => what === 'redis')?.found).toContain('GAPWATCH_REDIS_URL');
  });

  it('is not told of a bucket by the doctor unless it can be written', async (context) => {
    const s3 = await startS3();
    if (s3 === null) return context.skip();
    try {
      await run(['topics']);
      const look = async (bucket: string) => {
        const place = { ...s3.environment, GAPWATCH_S3_ENDPOINT: s3.endpoint, GAPWATCH_S3_BUCKET: bucket };
        const { stdout } = await run(['doctor', '--json'], place);
        return (JSON.parse(stdout) as { what: string; state: string }[]).find(({ what }) => what === 's3');
      };
      expect(await look(testBucket)).toMatchObject({ state: 'good' });
      expect(await look('nowhere')).toMatchObject({ state: 'bad', found: expect.stringContaining('nowhere') });
    } finally {
      await s3.stop();
    }
  });
});
