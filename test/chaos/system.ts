// The system under test: real parts, workers as processes of their own that are started again whenever they end, a
// receiver of alerts, and a producer and a reader that are not the workers'.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readParts, systemClock } from '../../packages/runtime/src/index.ts';
import { openParts, type Parts, partsSettings } from '../../services/local/src/work/parts.ts';
import { type KafkaPart, startKafka } from '../parts/kafka.ts';
import { type Line, openLine } from '../parts/line.ts';
import { freePort } from '../parts/programs.ts';
import { type RedisPart, startRedis } from '../parts/redis.ts';
import { type S3Part, startS3, testBucket } from '../parts/s3.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { command, Worker } from './worker.ts';

export const partitions = 6;
/** Short, so that a dead member is noticed within the campaign. */
export const sessionTimeoutMs = 4_000;

/** The lines between the workers and their parts. That of Kafka is everybody's: who asks for its brokers is sent there. */
export type Lines = { readonly kafka: Line; readonly redis: Line; readonly s3: Line };

const configuration = (receiver: string) => `
stages:
${['order', 'delivery', 'billing', 'support'].map((id) => `  - { id: ${id} }`).join('\n')}
sources:
  - { id: canonical, type: canonical }
receivers:
  - { id: desk, type: webhook, url: ${receiver}, allow: [127.0.0.1] }
`;

type FoundParts = { readonly kafka: KafkaPart; readonly redis: RedisPart; readonly s3: S3Part; readonly lines: Lines };

export type System = FoundParts & {
  readonly receiver: Receiver;
  /** the campaign's own way to the parts */
  readonly parts: Parts;
  readonly workers: readonly Worker[];
  readonly environment: NodeJS.ProcessEnv;
  /** where the configuration lies */
  readonly folder: string;
  stop(): Promise<void>;
};

/** null: a part is not to be had here. */
export async function startSystem(roles: readonly (readonly string[])[]): Promise<System | null> {
  const found = await startParts();
  if (found === null) return null;
  const begun = new AsyncDisposableStack();
  const stop = () => begun.disposeAsync();
  begun.defer(() => stopParts(found));
  try {
    return { ...found, ...(await startOver(found, roles, begun)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `begun`: what ends each thing that was begun, the last first. */
async function startOver(found: FoundParts, roles: readonly (readonly string[])[], begun: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-chaos-'));
  begun.defer(() => rmSync(folder, { recursive: true, force: true }));
  const receiver = await startReceiver();
  begun.defer(() => receiver.stop());
  writeFileSync(join(folder, 'gapwatch.yaml'), configuration(receiver.url));
  const environment = environmentOf(found, folder);
  await runToEnd(['topics'], environment, folder);
  const parts = ownParts(found, environment);
  begun.defer(() => parts.close());
  const workers = roles.map((names) => new Worker(names, { environment, folder }));
  begun.defer(async () => {
    await Promise.all(workers.map((worker) => worker.end()));
  });
  await Promise.all(workers.map((worker) => worker.ready()));
  return { receiver, parts, workers, environment, folder };
}

async function startParts(): Promise<FoundParts | null> {
  const own = await freePort();
  const line = await openLine({ hostname: '127.0.0.1', port: own });
  const [kafka, redis, s3] = await Promise.all([startKafka({ own, advertised: line.port }), startRedis(), startS3()]);
  if (kafka === null || redis === null || s3 === null) {
    await Promise.all([line.close(), kafka?.stop(), redis?.stop(), s3?.stop()]);
    return null;
  }
  const lines = { kafka: line, redis: await lineTo(redis.urls[0]!), s3: await lineTo(s3.endpoint) };
  return { kafka, redis, s3, lines };
}

function lineTo(address: string): Promise<Line> {
  const { hostname, port } = new URL(address);
  return openLine({ hostname, port: Number(port) });
}

async function stopParts({ kafka, redis, s3, lines }: FoundParts): Promise<void> {
  await Promise.all(Object.values(lines).map((line) => line.close()));
  await Promise.all([kafka.stop(), redis.stop(), s3.stop()]);
}

/** Redis and S3 are reached past the lines: what is spoilt for the workers can be looked at meanwhile. */
function ownParts({ redis, s3 }: FoundParts, environment: NodeJS.ProcessEnv): Parts {
  const direct = { ...environment, GAPWATCH_REDIS_URL: redis.urls.join(','), GAPWATCH_S3_ENDPOINT: s3.endpoint };
  Object.assign(process.env, s3.environment);
  const logger = { info: () => {}, warn: () => {} };
  return openParts({ settings: partsSettings(direct), clock: systemClock, logger, clientId: 'chaos' });
}

function environmentOf({ kafka, s3, lines }: FoundParts, folder: string): NodeJS.ProcessEnv {
  const environment = {
    ...process.env,
    ...s3.environment,
    GAPWATCH_KAFKA_BROKERS: kafka.brokers.join(','),
    GAPWATCH_KAFKA_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
    GAPWATCH_REDIS_URL: `redis://127.0.0.1:${lines.redis.port}`,
    GAPWATCH_S3_BUCKET: testBucket,
    GAPWATCH_S3_ENDPOINT: `http://127.0.0.1:${lines.s3.port}`,
    GAPWATCH_TOPIC_PREFIX: 'chaos.',
    GAPWATCH_PARTITIONS: String(partitions),
    GAPWATCH_HTTP_PORT: '0',
    GAPWATCH_LOG_LEVEL: 'error',
    GAPWATCH_CONFIG: join(folder, 'gapwatch.yaml'),
    GAPWATCH_RECEIVER_DESK_SECRET: `whsec_${Buffer.alloc(32, 'chaos').toString('base64')}`,
  };
  readParts(environment);
  return environment;
}

/** Runs a command to its end. */
export async function runToEnd(words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const child = spawn(process.execPath, [command, ...words], { cwd, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`gapwatch ${words.join(' ')} ended with ${status}: ${said}`);
  return said;
}
