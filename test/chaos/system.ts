// The system under test: real parts, workers as processes of their own that are started again whenever they end, a
// receiver of alerts, and a producer and a reader that are not the workers'.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { readParts, systemClock } from '../../packages/runtime/src/index.ts';
import { openParts, type Parts, partsSettings } from '../../services/local/src/work/parts.ts';
import { type KafkaPart, startKafka } from '../parts/kafka.ts';
import { type RedisPart, startRedis } from '../parts/redis.ts';
import { type S3Part, startS3, testBucket } from '../parts/s3.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const command = resolve(import.meta.dirname, '../../services/local/bin/gapwatch.js');
export const partitions = 6;
/** Short, so that a dead member is noticed within the campaign. */
export const sessionTimeoutMs = 6_000;

const configuration = (receiver: string) => `
stages:
${['order', 'delivery', 'billing', 'support'].map((id) => `  - { id: ${id} }`).join('\n')}
sources:
  - { id: canonical, type: canonical }
receivers:
  - { id: desk, type: webhook, url: ${receiver}, allow: [127.0.0.1] }
`;

export type System = {
  readonly kafka: KafkaPart;
  readonly redis: RedisPart;
  readonly s3: S3Part;
  readonly receiver: Receiver;
  readonly parts: Parts;
  readonly workers: readonly Worker[];
  readonly environment: NodeJS.ProcessEnv;
  /** where the configuration lies */
  readonly folder: string;
  stop(): Promise<void>;
};

/** null: a part is not to be had here. */
export async function startSystem(
  roles: readonly (readonly string[])[],
  redisWords: readonly string[] = [],
): Promise<System | null> {
  const [kafka, redis, s3] = [await startKafka(), await startRedis(redisWords), await startS3()];
  if (kafka === null || redis === null || s3 === null) {
    await Promise.all([kafka?.stop(), redis?.stop(), s3?.stop()]);
    return null;
  }
  const receiver = await startReceiver();
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-chaos-'));
  writeFileSync(join(folder, 'gapwatch.yaml'), configuration(receiver.url));
  const environment = environmentOf({ kafka, redis, s3, folder });
  await runToEnd(['topics'], environment, folder);
  const settings = partsSettings(environment);
  Object.assign(process.env, s3.environment);
  const logger = { info: () => {}, warn: () => {} };
  const parts = openParts({ settings, clock: systemClock, logger, clientId: 'chaos' });
  const workers = roles.map((names) => new Worker(names, environment, folder));
  await Promise.all(workers.map((worker) => worker.ready()));
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.end()));
    await parts.close();
    await receiver.stop();
    await Promise.all([kafka.stop(), redis.stop(), s3.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { kafka, redis, s3, receiver, parts, workers, environment, folder, stop };
}

function environmentOf(found: { kafka: KafkaPart; redis: RedisPart; s3: S3Part; folder: string }): NodeJS.ProcessEnv {
  const environment = {
    ...process.env,
    ...found.s3.environment,
    GAPWATCH_KAFKA_BROKERS: found.kafka.brokers.join(','),
    GAPWATCH_KAFKA_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
    GAPWATCH_REDIS_URL: found.redis.urls.join(','),
    GAPWATCH_S3_BUCKET: testBucket,
    GAPWATCH_S3_ENDPOINT: found.s3.endpoint,
    GAPWATCH_TOPIC_PREFIX: 'chaos.',
    GAPWATCH_PARTITIONS: String(partitions),
    GAPWATCH_HTTP_PORT: '0',
    GAPWATCH_LOG_LEVEL: 'error',
    GAPWATCH_CONFIG: join(found.folder, 'gapwatch.yaml'),
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

/** One process that runs some services, and is started again whenever it ends, until it is told to end for good. */
export class Worker {
  readonly roles: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  readonly #folder: string;
  #child: ChildProcess;
  #ready = Promise.withResolvers<string>();
  #isEnding = false;
  /** what the process said last on stderr */
  said = '';

  constructor(roles: readonly string[], environment: NodeJS.ProcessEnv, folder: string) {
    this.roles = roles;
    this.#environment = environment;
    this.#folder = folder;
    this.#child = this.#start();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [command, 'work', ...this.roles], {
      cwd: this.#folder,
      env: this.#environment,
    });
    const ready = Promise.withResolvers<string>();
    this.#ready = ready;
    ready.promise.catch(() => {});
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) ready.resolve(line.slice('ready '.length));
    });
    child.stderr.on('data', (chunk) => {
      this.said = (this.said + chunk).slice(-8_000);
    });
    child.on('exit', () => {
      ready.reject(new Error(`a worker ended before it was ready: ${this.said}`));
      if (!this.#isEnding) this.#child = this.#start();
    });
    return child;
  }

  /** Resolves with its address when the present process is ready; waits for the next one where that one dies before. */
  async ready(): Promise<string> {
    for (;;) {
      const waited = this.#ready;
      try {
        return await waited.promise;
      } catch (error) {
        if (this.#ready === waited) throw error;
      }
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal that ends the process; answers after how many milliseconds it was gone. */
  async endOnce(name: NodeJS.Signals): Promise<number> {
    const begun = performance.now();
    const exited = once(this.#child, 'exit');
    this.#child.kill(name);
    await exited;
    return performance.now() - begun;
  }

  async end(): Promise<number> {
    this.#isEnding = true;
    this.#child.kill('SIGCONT');
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return 0;
    return this.endOnce('SIGTERM');
  }
}
