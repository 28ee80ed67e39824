import { KafkaJSConnectionError, KafkaJSError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaAway, KafkaRefused, RecordTooLarge, toKafkaFault } from './faults.ts';

/** An error as the client reads it from a broker's answer. */
function answer(type: string, retriable: boolean): Error {
  return new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable }));
}

/** An error that the client itself would not repeat a call for. */
function unrepeated(name: string): Error {
  return Object.assign(new KafkaJSError(name, { retriable: false }), { name });
}

/** What the client says of a topic that a broker does not make. */
function created(type: string): Error {
  return Object.assign(answer(type, false), { name: 'KafkaJSCreateTopicError', topic: 'g.signals' });
}

function givenUp(cause: Error): Error {
  return new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 5, retryTime: 300 });
}

describe('what Kafka and its client say', () => {
  it.each([
    new KafkaJSConnectionError('connect ECONNREFUSED 127.0.0.1:9092'),
    unrepeated('KafkaJSLockTimeout'),
    new KafkaJSError('Invalid partition metadata'),
    answer('NOT_LEADER_FOR_PARTITION', true),
    answer('KAFKA_STORAGE_ERROR', true),
    answer('FENCED_LEADER_EPOCH', true),
    answer('OFFSET_NOT_AVAILABLE', true),
    answer('BROKER_NOT_AVAILABLE', false),
    answer('REBALANCE_IN_PROGRESS', false),
    givenUp(answer('LEADER_NOT_AVAILABLE', true)),
    givenUp(new KafkaJSConnectionError('Connection timeout')),
  ])('passes: %s', (error) => {
    expect(toKafkaFault(error)).toBeInstanceOf(KafkaAway);
  });

  it.each([
    answer('INVALID_TOPIC_EXCEPTION', false),
    unrepeated('KafkaJSNonRetriableError'),
    new TypeError('brokers is not iterable'),
  ])('keeps its name: %s', (error) => {
    expect(toKafkaFault(error)).toBe(error);
  });

  it.each([
    [answer('TOPIC_AUTHORIZATION_FAILED', false), /acls\.md/],
    [givenUp(answer('GROUP_AUTHORIZATION_FAILED', false)), /acls\.md/],
    [new AggregateError([answer('TOPIC_AUTHORIZATION_FAILED', false)], 'Topic creation errors'), /acls\.md/],
    [new AggregateError([created('INVALID_REPLICATION_FACTOR')], 'Topic creation errors'), /topic g\.signals.*by hand/],
    [unrepeated('KafkaJSSASLAuthenticationError'), /GAPWATCH_KAFKA_SASL_PASSWORD/],
  ])('needs somebody: %s', (error, remedy) => {
    const fault = toKafkaFault(error);
    expect(fault).toBeInstanceOf(KafkaRefused);
    expect((fault as Error).message).toMatch(remedy);
  });

  it('says what a topic must take', () => {
    expect(toKafkaFault(givenUp(answer('MESSAGE_TOO_LARGE', false)))).toBeInstanceOf(RecordTooLarge);
  });
});
