// A client that says it has sent everything and has left a partition out, as it does when a leader goes in the middle.
import type { Kafka } from 'kafkajs';
import { expect, it } from 'vitest';
import { TopicNames } from './names.ts';
import { Sender } from './sender.ts';

it('takes a partition that nobody answered for as one that is to be sent again', async () => {
  const answers = [[0], [0, 1]];
  const producer = {
    connect: async () => {},
    disconnect: async () => {},
    sendBatch: async () =>
      (answers.shift() ?? []).map((partition) => ({
        topicName: 'g.signals',
        partition,
        baseOffset: '7',
        errorCode: 0,
      })),
  };
  const kafka = { producer: () => producer } as unknown as Kafka;
  const sender = new Sender(kafka, new TopicNames('g.'), { now: () => 5 });
  const placed = [0, 1].map((partition) => ({
    output: { topic: 'signals', key: null, value: '{}', headers: {} },
    partition,
  }));
  await expect(sender.append(placed)).rejects.toMatchObject({ name: 'KafkaAway', transient: true });
  expect(await sender.append(placed)).toEqual([
    { partition: 0, offset: 7, time: 5 },
    { partition: 1, offset: 7, time: 5 },
  ]);
  await sender.close();
});
