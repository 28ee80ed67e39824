// Where the real parts are, as the environment says it: Kafka, Redis, S3. Every mistake at once; no secret in a message.
import { isLoopback } from '../http/auth.ts';
import { type Environment, EnvironmentError, readSecret } from './secrets.ts';

export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export type KafkaEnvironment = {
  readonly brokers: readonly string[];
  readonly tls: boolean;
  readonly sasl: {
    readonly mechanism: (typeof saslMechanisms)[number];
    readonly username: string;
    readonly password: string;
  } | null;
  readonly sessionTimeoutMs: number;
};
export type S3Environment = {
  readonly bucket: string;
  /** null: Amazon's own; else path style */
  readonly endpoint: string | null;
};

export type PartsEnvironment = {
  /** null: the embedded log */
  readonly kafka: KafkaEnvironment | null;
  /** one is a single Redis, several are nodes of a cluster; null: the embedded state */
  readonly redisUrls: readonly string[] | null;
  /** null: a folder */
  readonly s3: S3Environment | null;
  /** begins the names of topics and groups */
  readonly topicPrefix: string;
};

const usualSessionTimeoutMs = 30_000;

/** @throws EnvironmentError with all mistakes */
export function readParts(environment: Environment): PartsEnvironment {
  const faults: string[] = [];
  const parts = {
    kafka: attempt(faults, () => readKafka(environment)),
    redisUrls: attempt(faults, () => readRedis(environment)),
    s3: attempt(faults, () => readS3(environment)),
    topicPrefix: attempt(faults, () => readPrefix(environment)) ?? '',
  };
  if (faults.length > 0) throw new EnvironmentError(faults);
  return parts;
}

function attempt<T>(faults: string[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    faults.push(...error.faults);
    return null;
  }
}

function fail(fault: string): never {
  throw new EnvironmentError([fault]);
}

function textOf(environment: Environment, name: string): string | null {
  return environment[name] || null;
}

function readPrefix(environment: Environment): string {
  const prefix = textOf(environment, 'GAPWATCH_TOPIC_PREFIX') ?? 'gapwatch.';
  if (/^[A-Za-z0-9._-]{1,100}$/.test(prefix)) return prefix;
  return fail(
    `GAPWATCH_TOPIC_PREFIX: ${JSON.stringify(prefix)} cannot begin a topic: use letters, digits, dot, dash, underscore`,
  );
}

function readSwitch(environment: Environment, name: string): boolean | null {
  const text = textOf(environment, name)?.toLowerCase();
  if (text === undefined) return null;
  if (['1', 'true', 'on', 'yes'].includes(text)) return true;
  if (['0', 'false', 'off', 'no'].includes(text)) return false;
  return fail(`${name}: ${JSON.stringify(text)} is neither on nor off`);
}

function readKafka(environment: Environment): KafkaEnvironment | null {
  const text = textOf(environment, 'GAPWATCH_KAFKA_BROKERS');
  if (text === null) return null;
  const brokers = text.split(',').map((broker) => broker.trim());
  const broken = brokers.find((broker) => !/^(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/.test(broker));
  if (broken !== undefined) fail(`GAPWATCH_KAFKA_BROKERS: ${JSON.stringify(broken)} is no host:port`);
  const tls = readSwitch(environment, 'GAPWATCH_KAFKA_TLS');
  if (tls === null) checkPlain(brokers, 'GAPWATCH_KAFKA_BROKERS', 'GAPWATCH_KAFKA_TLS=on', 'GAPWATCH_KAFKA_TLS=off');
  return { brokers, tls: tls ?? false, sasl: readSasl(environment), sessionTimeoutMs: readTimeout(environment) };
}

/** Without encryption only this machine is trusted, unless somebody says that the network is. */
function checkPlain(hosts: readonly string[], name: string, safe: string, trusted: string): void {
  const foreign = hosts.map((host) => host.replace(/:\d+$/, '')).find((host) => !isLoopback(host));
  if (foreign === undefined) return;
  fail(
    `${name}: ${foreign} is another machine and would be spoken to in plain text: set ${safe}, or ${trusted} where the network is trusted`,
  );
}

function readSasl(environment: Environment): KafkaEnvironment['sasl'] {
  const named = textOf(environment, 'GAPWATCH_KAFKA_SASL_MECHANISM');
  if (named === null) return null;
  const mechanism = saslMechanisms.find((one) => one === named.toLowerCase());
  if (mechanism === undefined) {
    return fail(`GAPWATCH_KAFKA_SASL_MECHANISM: ${JSON.stringify(named)} is none of ${saslMechanisms.join(', ')}`);
  }
  const username = textOf(environment, 'GAPWATCH_KAFKA_SASL_USERNAME');
  const password = readSecret(environment, 'GAPWATCH_KAFKA_SASL_PASSWORD');
  if (username !== null && password !== null) return { mechanism, username, password };
  return fail('GAPWATCH_KAFKA_SASL_MECHANISM needs GAPWATCH_KAFKA_SASL_USERNAME and GAPWATCH_KAFKA_SASL_PASSWORD');
}

function readTimeout(environment: Environment): number {
  const text = textOf(environment, 'GAPWATCH_KAFKA_SESSION_TIMEOUT_MS');
  if (text === null) return usualSessionTimeoutMs;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1_000 && value <= 1_800_000) return value;
  return fail(`GAPWATCH_KAFKA_SESSION_TIMEOUT_MS: ${JSON.stringify(text)} is no whole number from 1000 to 1800000`);
}

function readRedis(environment: Environment): readonly string[] | null {
  const text = readSecret(environment, 'GAPWATCH_REDIS_URL');
  if (text === null) return null;
  const urls = text.split(',').map((url) => url.trim());
  for (const [index, url] of urls.entries()) {
    // an address may carry a password: it is not repeated
    if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
      fail(`GAPWATCH_REDIS_URL: address ${index + 1} is no redis:// or rediss:// URL`);
  }
  const plain = urls.filter((url) => url.startsWith('redis:')).map((url) => new URL(url).hostname);
  if (readSwitch(environment, 'GAPWATCH_REDIS_PLAINTEXT') !== true) {
    checkPlain(plain, 'GAPWATCH_REDIS_URL', 'a rediss:// URL', 'GAPWATCH_REDIS_PLAINTEXT=on');
  }
  return urls;
}

function readS3(environment: Environment): S3Environment | null {
  const bucket = textOf(environment, 'GAPWATCH_S3_BUCKET');
  const endpoint = textOf(environment, 'GAPWATCH_S3_ENDPOINT');
  if (bucket === null) return endpoint === null ? null : fail('GAPWATCH_S3_ENDPOINT is set without GAPWATCH_S3_BUCKET');
  if (endpoint !== null && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint))) {
    fail(`GAPWATCH_S3_ENDPOINT: ${JSON.stringify(endpoint)} is no http:// or https:// URL`);
  }
  return { bucket, endpoint };
}
