// What the environment says of the real parts, and what is refused.
import { describe, expect, it } from 'vitest';
import { readParts } from './parts.ts';

const kafka = { GAPWATCH_KAFKA_BROKERS: '127.0.0.1:9092, localhost:9093' };
const sasl = { ...kafka, GAPWATCH_KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', GAPWATCH_KAFKA_SASL_USERNAME: 'gapwatch' };

describe('the real parts', () => {
  it('are none where nothing names them', () => {
    expect(readParts({})).toEqual({ kafka: null, redisUrls: null, s3: null, topicPrefix: 'gapwatch.' });
  });

  it('are read as they are written', () => {
    const parts = readParts({
      ...sasl,
      GAPWATCH_KAFKA_SASL_PASSWORD: 'open sesame',
      GAPWATCH_KAFKA_TLS: 'on',
      GAPWATCH_KAFKA_SESSION_TIMEOUT_MS: '6000',
      GAPWATCH_REDIS_URL: 'rediss://u:p@one.example:6380, rediss://two.example',
      GAPWATCH_S3_BUCKET: 'voices',
      GAPWATCH_S3_ENDPOINT: 'http://127.0.0.1:7070',
      GAPWATCH_TOPIC_PREFIX: 'prod.',
    });
    expect(parts.kafka).toEqual({
      brokers: ['127.0.0.1:9092', 'localhost:9093'],
      tls: true,
      sasl: { mechanism: 'scram-sha-512', username: 'gapwatch', password: 'open sesame' },
      sessionTimeoutMs: 6_000,
    });
    expect(parts.redisUrls).toHaveLength(2);
    expect(parts.s3).toEqual({ bucket: 'voices', endpoint: 'http://127.0.0.1:7070' });
    expect(parts.topicPrefix).toBe('prod.');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a broker without a port', { GAPWATCH_KAFKA_BROKERS: 'localhost' }, 'no host:port'],
    ['another machine in plain text', { GAPWATCH_KAFKA_BROKERS: 'kafka.example:9092' }, 'GAPWATCH_KAFKA_TLS=off'],
    ['a Redis elsewhere in plain text', { GAPWATCH_REDIS_URL: 'redis://redis.example' }, 'GAPWATCH_REDIS_PLAINTEXT=on'],
    ['a mechanism that there is not', { ...kafka, GAPWATCH_KAFKA_SASL_MECHANISM: 'gssapi' }, 'none of plain'],
    ['a user without a password', sasl, 'GAPWATCH_KAFKA_SASL_PASSWORD'],
    ['a switch that is neither', { ...kafka, GAPWATCH_KAFKA_TLS: 'perhaps' }, 'neither on nor off'],
    ['a time-out that is none', { ...kafka, GAPWATCH_KAFKA_SESSION_TIMEOUT_MS: '5' }, 'from 1000'],
    ['an address of Redis that is none', { GAPWATCH_REDIS_URL: 'localhost:6379' }, 'address 1'],
    ['an endpoint without a bucket', { GAPWATCH_S3_ENDPOINT: 'http://127.0.0.1:1' }, 'GAPWATCH_S3_BUCKET'],
    ['a prefix that begins no topic', { GAPWATCH_TOPIC_PREFIX: 'a/b' }, 'GAPWATCH_TOPIC_PREFIX'],
  ])('are refused with %s', (_name, environment, message) => {
    expect(() => readParts(environment)).toThrow(message);
  });

  it('in plain text elsewhere are taken where somebody says that the network is trusted', () => {
    const parts = readParts({
      GAPWATCH_KAFKA_BROKERS: 'kafka:9092',
      GAPWATCH_KAFKA_TLS: 'off',
      GAPWATCH_REDIS_URL: 'redis://redis:6379',
      GAPWATCH_REDIS_PLAINTEXT: 'on',
    });
    expect(parts.kafka?.tls).toBe(false);
  });

  it('are all refused at once, and no password is repeated', () => {
    const environment = { GAPWATCH_REDIS_URL: 'redis//:secret@x', GAPWATCH_KAFKA_BROKERS: 'x' };
    expect(() => readParts(environment)).toThrow(/GAPWATCH_KAFKA_BROKERS[\s\S]*GAPWATCH_REDIS_URL/);
    expect(() => readParts(environment)).not.toThrow('secret');
  });
});
