// Reading from any offset without being a lasting member of a group: for whoever looks something up or reads a topic
// again from its beginning. One short-lived group a topic, all partitions paused save the one that is asked for.
import { randomUUID } from 'node:crypto';
import type { LogRecord } from '@gapwatch/contracts';
import type { EachBatchPayload, Kafka, Consumer as KafkaConsumer } from 'kafkajs';
import { named } from './faults.ts';
import type { TopicNames } from './names.ts';
import { toRecord } from './records.ts';

type Fetched = { records: LogRecord[]; next: number };
type Waiting = { readonly from: number; readonly resolve: (fetched: Fetched) => void };

/** What is behind the last record may be marks of transactions, which never come: then nothing more is expected. */
const nothingCameMs = 10_000;

export class TopicReader {
  readonly group: string;
  readonly #topic: string;
  readonly #name: string;
  readonly #client: KafkaConsumer;
  readonly #waiting = new Map<number, Waiting>();
  /** what was fetched beyond what was asked for */
  readonly #ahead = new Map<number, Fetched>();
  #ready: Promise<void> | null = null;

  constructor(kafka: Kafka, names: TopicNames, topic: string) {
    this.group = names.group(`reader.${randomUUID()}`);
    this.#topic = topic;
    this.#name = names.inCluster(topic);
    this.#client = kafka.consumer({ groupId: this.group, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
  }

  /** Records from an offset that exists, at most `limit`; none where only marks of transactions follow. */
  async read(partition: number, from: number, limit: number): Promise<Fetched> {
    const known = this.#ahead.get(partition);
    const fetched =
      known !== undefined && known.records[0]?.offset === from ? known : await this.#fetch(partition, from);
    const records = fetched.records.slice(0, limit);
    const rest = fetched.records.slice(limit);
    this.#ahead.set(partition, { records: rest, next: fetched.next });
    return { records, next: rest.length === 0 ? fetched.next : (records.at(-1)?.offset ?? from) + 1 };
  }

  async #fetch(partition: number, from: number): Promise<Fetched> {
    await named(() => this.#join());
    const fetched = Promise.withResolvers<Fetched>();
    const nothing = setTimeout(() => fetched.resolve({ records: [], next: from }), nothingCameMs);
    this.#waiting.set(partition, { from, resolve: fetched.resolve });
    this.#client.seek({ topic: this.#name, partition, offset: String(from) });
    this.#client.resume([{ topic: this.#name, partitions: [partition] }]);
    return fetched.promise.finally(() => {
      clearTimeout(nothing);
      this.#waiting.delete(partition);
    });
  }

  #join(): Promise<void> {
    this.#ready ??= this.#start().catch((error) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #start(): Promise<void> {
    const joined = Promise.withResolvers<void>();
    const { GROUP_JOIN, CRASH } = this.#client.events;
    this.#client.on(GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[this.#name] ?? [];
      this.#client.pause([{ topic: this.#name, partitions }]);
      joined.resolve();
    });
    this.#client.on(CRASH, ({ payload }) => {
      this.#ready = null;
      joined.reject(payload.error);
    });
    joined.promise.catch(() => {});
    await this.#client.connect();
    await this.#client.subscribe({ topics: [this.#name], fromBeginning: true });
    await this.#client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (batch) => this.#take(batch),
    });
    await joined.promise;
  }

  #take({ batch, isStale }: EachBatchPayload): void {
    const waiting = this.#waiting.get(batch.partition);
    if (waiting === undefined || isStale()) return;
    this.#client.pause([{ topic: this.#name, partitions: [batch.partition] }]);
    const records = batch.messages
      .map((message) => toRecord(this.#topic, batch.partition, message))
      .filter(({ offset }) => offset >= waiting.from);
    waiting.resolve({ records, next: Number(batch.lastOffset()) + 1 });
  }

  async close(): Promise<void> {
    await this.#client.disconnect();
  }
}
