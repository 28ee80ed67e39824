// A session over a client that does what it is told: partitions that are handed out and taken away while they are worked on.
import { setImmediate } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { expect, it } from 'vitest';
import type { ConsumerHandlers } from '../port.ts';
import { TopicNames } from './names.ts';
import { Session } from './session.ts';

type Join = (event: { payload: { memberAssignment: Record<string, number[]> } }) => void;
type Batch = (payload: object) => Promise<void>;

/** A client of which a test plays the cluster. */
function clientOf() {
  const listeners = new Map<string, unknown>();
  const running = Promise.withResolvers<Batch>();
  const nothing = async () => {};
  let isGone = false;
  const consumer = {
    events: { GROUP_JOIN: 'join', CRASH: 'crash', STOP: 'stop', HEARTBEAT: 'heartbeat' },
    on: (name: string, listener: unknown) => listeners.set(name, listener),
    run: async ({ eachBatch }: { eachBatch: Batch }) => running.resolve(eachBatch),
    connect: nothing,
    subscribe: nothing,
    commitOffsets: nothing,
    disconnect: nothing,
    pause: () => {},
    resume: () => {},
    seek: () => {
      if (isGone) throw new Error('the client takes no call');
    },
  };
  const join = (partitions: number[]) =>
    (listeners.get('join') as Join)({ payload: { memberAssignment: { 'g.signals': partitions } } });
  /** As the client does it: the news of a crash comes after it has let go of everything. */
  const stop = () => {
    isGone = true;
    (listeners.get('stop') as (() => void) | undefined)?.();
  };
  const crash = (error: Error) => (listeners.get('crash') as (event: object) => void)({ payload: { error } });
  return { kafka: { consumer: () => consumer } as unknown as Kafka, join, stop, crash, eachBatch: running.promise };
}

function batchOf(offset: number) {
  const messages = [{ offset: `${offset}`, timestamp: '0', key: null, value: Buffer.from('1') }];
  const batch = { topic: 'g.signals', partition: 0, messages, lastOffset: () => `${offset}`, highWatermark: '9' };
  return { batch, isStale: () => false, resolveOffset: () => {} };
}

function sessionOf(kafka: Kafka, handlers: ConsumerHandlers): Session {
  return new Session({
    kafka,
    names: new TopicNames('g.'),
    consumer: { group: 'aggregator', topics: ['signals'], chunkRecords: 1 },
    handlers,
    sessionTimeoutMs: 6_000,
    marks: async () => ({ low: 0, high: 9 }),
    random: () => 0,
    onAnswer: () => {},
    failed: new Set(),
  });
}

it('takes a partition that begins while the client is going for none that has failed', async () => {
  const { kafka, join, stop, crash, eachBatch } = clientOf();
  const told: string[] = [];
  const position = Promise.withResolvers<number>();
  const session = sessionOf(kafka, {
    assigned: () => {
      told.push('assigned');
      return position.promise;
    },
    chunk: async ({ next }) => next,
    revoked: async () => {
      told.push('revoked');
    },
    failed: (_topic, _partition, error) => told.push(error.message),
  });
  const ended = session.run();
  await eachBatch;
  join([0]);
  await expect.poll(() => told).toEqual(['assigned']);
  stop();
  position.resolve(0);
  // whatever it does then, it does in this turn
  await setImmediate();
  crash(new Error('no leader'));
  expect(await ended).toMatchObject({ message: 'no leader' });
  expect(told).toEqual(['assigned', 'revoked']);
});

it('tells the owner of each partition in turn, where the group is formed anew twice while one is worked on', async () => {
  const { kafka, join, eachBatch } = clientOf();
  const told: string[] = [];
  const work = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const handlers: ConsumerHandlers = {
    assigned: async () => {
      told.push('assigned');
      return 0;
    },
    chunk: async ({ next }) => {
      told.push('chunk');
      await work.shift()?.promise;
      return next;
    },
    revoked: async () => {
      told.push('revoked');
    },
    failed: (_topic, _partition, error) => told.push(error.message),
  };
  const [first, second] = work;
  const session = sessionOf(kafka, handlers);
  const ended = session.run();
  const offer = await eachBatch;
  join([0]);
  await expect.poll(() => told).toEqual(['assigned']);
  await offer(batchOf(0));
  await expect.poll(() => told).toEqual(['assigned', 'chunk']);
  // twice, while the chunk is in work: the one in between never begins
  join([0]);
  join([0]);
  first!.resolve();
  await expect.poll(() => told).toEqual(['assigned', 'chunk', 'revoked', 'revoked', 'assigned']);
  await offer(batchOf(0));
  second!.resolve();
  await expect.poll(() => told.at(-1)).toBe('chunk');
  session.stop();
  expect(await ended).toBeNull();
  expect(told).toEqual(['assigned', 'chunk', 'revoked', 'revoked', 'assigned', 'chunk', 'revoked']);
});
