// The floor of the chain: kafkajs reads a topic and writes every record into another one, and nothing else.
import kafkajs from 'kafkajs';

export type BarePass = {
  readonly brokers: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly records: number;
  readonly sendRecords: number;
};

/** Records a second, from the first batch that is handed out to the last record that is acknowledged. */
export async function barePassRate({ brokers, from, to, records, sendRecords }: BarePass): Promise<number> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.ERROR });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: to, maxWaitTimeInMs: 500 });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: [from], fromBeginning: true });
  const done = Promise.withResolvers<void>();
  let begun = 0;
  let passed = 0;
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 8,
    eachBatch: async ({ batch: { messages } }) => {
      begun ||= performance.now();
      for (let at = 0; at < messages.length; at += sendRecords) {
        const part = messages.slice(at, at + sendRecords).map(({ key, value }) => ({ key, value }));
        await producer.send({ topic: to, acks: -1, messages: part });
        passed += part.length;
      }
      if (passed >= records) done.resolve();
    },
  });
  await done.promise;
  const rate = (1_000 * records) / (performance.now() - begun);
  await consumer.disconnect();
  await producer.disconnect();
  return rate;
}
