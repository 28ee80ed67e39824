// The part of the client that fetches, over brokers of which one goes while it stops.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mendRunner } from './runner.ts';

type Running = { start(): Promise<void>; stop(): Promise<void> };
type NewRunner = new (options: object) => Running;

const nothing = () => {};
const logger = { namespace: () => logger, debug: nothing, info: nothing, warn: nothing, error: nothing };
/** Without the mending it would ask for ever, and no test could end. */
const mostAsked = 10_000;

type Batch = { isEmpty(): boolean; isEmptyDueToFiltering(): boolean; lastOffset(): string };
type NewBatch = new (topic: string, fetchedOffset: string, data: object) => Batch;

it('hands out what a transaction leaves behind, and not what is empty', async () => {
  const KafkaBatch = createRequire(import.meta.url)('kafkajs/src/consumer/batch.js') as NewBatch;
  const batchOf = (messages: object[]) =>
    new KafkaBatch('signals', '7', { partition: 0, highWatermark: '8', abortedTransactions: [], messages });
  const [mark, nothingNew] = [batchOf([{ offset: '7', isControlRecord: true }]), batchOf([])];
  const { prototype } = mendRunner();
  const client = {
    running: true,
    instrumentationEmitter: { emit: nothing },
    consumerGroup: { fetch: async () => [mark, nothingNew] },
  };
  expect(await prototype.fetch.call(client, 1)).toEqual([mark, nothingNew]);
  expect([mark.isEmpty(), mark.isEmptyDueToFiltering(), mark.lastOffset()]).toEqual([false, false, '7']);
  expect(nothingNew.isEmpty()).toBe(true);
});

it('ends where the brokers change while it is stopped', async () => {
  let nodes = [1, 2];
  let asked = 0;
  const slow = Promise.withResolvers<unknown[]>();
  const group = {
    connect: async () => {},
    joinAndSync: async () => {},
    leave: async () => {},
    heartbeat: async () => {},
    getNodeIds: () => {
      asked += 1;
      if (asked > mostAsked) throw new Error('asked without an end');
      return nodes;
    },
    fetch: async (node: number) => {
      await setImmediate();
      return node === 2 ? slow.promise : [];
    },
  };
  const Runner = mendRunner() as unknown as NewRunner;
  const instrumentationEmitter = { emit: nothing };
  const retry = { retries: 1, initialRetryTime: 1, maxRetryTime: 1 };
  const runner = new Runner({
    logger,
    consumerGroup: group,
    instrumentationEmitter,
    concurrency: 1,
    retry,
    onCrash: nothing,
  });
  await runner.start();
  await setImmediate();
  // its fetcher ends the others, and waits for the slow one
  nodes = [1];
  await setImmediate();
  await setImmediate();
  const stopped = runner.stop();
  slow.resolve([]);
  await stopped;
  expect(asked).toBeLessThan(mostAsked);
});
