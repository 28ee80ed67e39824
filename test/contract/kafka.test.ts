// The contract of the log on a real Kafka.
import { randomUUID } from 'node:crypto';
import { openKafkaLog, TimeIsTheBrokers, TopicInUse } from '@gapwatch/transport/kafka';
import { afterAll, describe, expect, it } from 'vitest';
import { topicNames } from '../../packages/contracts/src/index.ts';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { logContract } from '../../packages/transport/src/contract.ts';
import { UnknownPartition } from '../../packages/transport/src/index.ts';
import { growTopic, startKafka, transact, withKafka } from '../parts/kafka.ts';

const kafka = await startKafka();
afterAll(() => kafka?.stop());
function openLog(topicPrefix: string) {
  return openKafkaLog({
    settings: { brokers: kafka!.brokers, tls: false, sasl: null, sessionTimeoutMs: 6_000, topicPrefix },
    clientId: 'test',
    clock: systemClock,
    random: Math.random,
    onAway: (what, e) => console.log('away', what, e.message),
    onBack: () => {},
  });
}

describe.skipIf(kafka === null)(withKafka('the log'), () => {
  logContract('kafka', async () => {
    const topicPrefix = `${randomUUID().slice(0, 8)}.`;
    return {
      durable: true,
      keepsTime: false,
      setTime: () => {},
      open: async () => openLog(topicPrefix),
      destroy: async () => {},
    };
  });

  it('keeps the times of a past in a topic that is open for one, and sets its own before and after', async () => {
    const log = openLog(`${randomUUID().slice(0, 8)}.`);
    const { signals, friction } = topicNames;
    const said = { topic: signals, partition: 1, key: 'c', value: 'then', time: Date.UTC(2001, 0, 1) };
    expect(await log.isPastOpen(signals)).toBe(false);
    await log.createTopic(friction, 1);
    await expect(log.openPast(friction, 1)).rejects.toThrow(TopicInUse);
    await expect(log.append([{ ...said, topic: friction, partition: 0 }])).rejects.toThrow(TimeIsTheBrokers);

    await log.openPast(signals, 2);
    await log.openPast(signals, 2);
    expect(await log.isPastOpen(signals)).toBe(true);
    expect(await log.append([said])).toEqual([{ partition: 1, offset: 0, time: said.time }]);
    await log.closePast(signals);
    expect(await log.isPastOpen(signals)).toBe(false);
    await expect(log.append([said])).rejects.toThrow(TimeIsTheBrokers);
    const { time: _, ...now } = said;
    const isBrokers = async () => (await log.append([now]))[0]!.time > Date.UTC(2026, 0, 1);
    await expect.poll(isBrokers).toBe(true);
    await log.close();
  });

  it('goes on behind transactions, those that were aborted too, for whoever reads and whoever looks', async () => {
    const prefix = `${randomUUID().slice(0, 8)}.`;
    const log = openLog(prefix);
    await log.createTopic('signals', 1);
    const written = ['first', 'second'];
    await transact(kafka!, `${prefix}signals`, [
      [written[0]!, true],
      ['aborted', false],
      [written[1]!, true],
      ['aborted', false],
    ]);
    const read: string[] = [];
    let position = 0;
    const reading = await log.consume(
      { group: 'reader', topics: ['signals'], chunkRecords: 10 },
      {
        assigned: async () => position,
        chunk: async ({ records, next }) => {
          for (const { value } of records) read.push(Buffer.from(value!).toString());
          position = next;
          return next;
        },
        revoked: async () => {},
        failed: (...fault) => console.error(fault),
      },
    );
    // a record and a mark for each of the four
    await expect.poll(() => position).toBe(8);
    expect(read).toEqual(written);
    const looked: string[] = [];
    for (let at = 0; at < 8; ) {
      const { records, next } = await log.read('signals', 0, at, 10);
      for (const { value } of records) looked.push(Buffer.from(value!).toString());
      at = next;
    }
    expect(looked).toEqual(written);
    await reading.stop();
    await log.close();
  });

  it('reads a topic that has grown, and keeps the places of keys', async () => {
    const prefix = `${randomUUID().slice(0, 8)}.`;
    const log = openLog(prefix);
    await log.createTopic('signals', 2);
    const keyed = Array.from({ length: 20 }, (_, one) => ({ topic: 'signals', key: `c-${one}`, value: '1' }));
    const placesOf = async () => (await log.append(keyed)).map(({ partition }) => partition);
    const before = await placesOf();

    await growTopic(kafka!, `${prefix}signals`, 4);
    expect(await placesOf()).toEqual(before);
    await expect.poll(() => log.marks('signals', 3).catch(String)).toEqual({ low: 0, high: 0 });
    expect(await log.read('signals', 3, 0, 10)).toMatchObject({ records: [], next: 0 });
    await expect(log.marks('signals', 4)).rejects.toThrow(UnknownPartition);
    expect(await placesOf()).toEqual(before);
    await log.close();
  });
});
