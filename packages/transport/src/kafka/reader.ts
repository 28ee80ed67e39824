// Reading from any offset without being a lasting member of a group: for whoever looks something up or reads a topic
// again from its beginning. One short-lived group a topic, all partitions paused save the one that is asked for.
import { randomUUID } from 'node:crypto';
import type { LogRecord } from '@gapwatch/contracts';
import { retryWithin } from '@gapwatch/runtime';
import type { EachBatchPayload, Kafka, Consumer as KafkaConsumer } from 'kafkajs';
import { KafkaAway, named, toKafkaFault } from './faults.ts';
import type { TopicNames } from './names.ts';
import { toRecord } from './records.ts';

type Fetched = { records: LogRecord[]; next: number };
type Waiting = PromiseWithResolvers<Fetched> & { readonly from: number };

/** What is behind the last record may be marks of transactions, which never come: then nothing more is expected. */
const nothingCameMs = 10_000;
/** A look that was cut off leaves its member behind, and the next one waits for so long: the least that brokers allow. */
const sessionTimeoutMs = 6_000;

/** A new cluster makes its coordinator when the first group comes, and one that moves is loaded: a look outlasts that. */
const joinWithinMs = 15_000;

export class TopicReader {
  readonly group: string;
  readonly #topic: string;
  readonly #name: string;
  readonly #client: KafkaConsumer;
  readonly #waiting = new Map<number, Waiting>();
  /** what was fetched beyond what was asked for */
  readonly #ahead = new Map<number, Fetched>();
  readonly #random: () => number;
  #ready: Promise<void> | null = null;
  #joining = Promise.withResolvers<void>();
  #hasJoined = false;
  /** fetches that the cluster answered */
  #answers = 0;

  constructor(kafka: Kafka, { names, topic, random }: { names: TopicNames; topic: string; random: () => number }) {
    this.#random = random;
    this.group = names.group(`reader.${randomUUID()}`);
    this.#topic = topic;
    this.#name = names.inCluster(topic);
    this.#client = kafka.consumer({
      groupId: this.group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: sessionTimeoutMs / 3,
      maxWaitTimeInMs: 50,
      allowAutoTopicCreation: false,
    });
    const { GROUP_JOIN, CRASH, FETCH } = this.#client.events;
    this.#client.on(FETCH, () => {
      this.#answers += 1;
    });
    this.#client.on(GROUP_JOIN, ({ payload }) => this.#joined(payload.memberAssignment[this.#name] ?? []));
    this.#client.on(CRASH, ({ payload }) => this.#crashed(payload.error));
  }

  /** Records from an offset that exists, at most `limit`; none up to `next` where that is what no reader is to see. */
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
    await this.#join();
    const waiting = { ...Promise.withResolvers<Fetched>(), from };
    const answers = this.#answers;
    const nothing = setTimeout(() => this.#conclude(waiting, this.#answers - answers), nothingCameMs);
    this.#waiting.set(partition, waiting);
    this.#ask(partition, from);
    return waiting.promise.finally(() => {
      clearTimeout(nothing);
      this.#waiting.delete(partition);
    });
  }

  /** A cluster that answers has nothing more; one that does not says nothing of what it has. The first answer may be of before. */
  #conclude({ from, resolve, reject }: Waiting, answers: number): void {
    if (answers > 1) resolve({ records: [], next: from });
    else reject(new KafkaAway(new Error(`no answer in ${nothingCameMs / 1_000} s`)));
  }

  #ask(partition: number, offset: number): void {
    this.#client.seek({ topic: this.#name, partition, offset: String(offset) });
    this.#client.resume([{ topic: this.#name, partitions: [partition] }]);
  }

  #join(): Promise<void> {
    this.#ready ??= retryWithin(joinWithinMs, () => named(() => this.#start()), this.#random).catch((error) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #start(): Promise<void> {
    this.#hasJoined = false;
    this.#joining = Promise.withResolvers<void>();
    this.#joining.promise.catch(() => {});
    await this.#client.connect();
    await this.#client.subscribe({ topics: [this.#name], fromBeginning: true });
    await this.#client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (batch) => this.#take(batch),
    });
    await this.#joining.promise;
  }

  /** Also when the group is formed anew in the middle of a look: what is waited for is asked for again. */
  #joined(partitions: number[]): void {
    this.#client.pause([{ topic: this.#name, partitions }]);
    for (const [partition, { from }] of this.#waiting) this.#ask(partition, from);
    this.#hasJoined = true;
    this.#joining.resolve();
  }

  /** One that was in joins anew when it is asked next; one on its way tries again by itself. */
  #crashed(error: Error): void {
    this.#joining.reject(error);
    if (this.#hasJoined) this.#ready = null;
    for (const waiting of this.#waiting.values()) waiting.reject(toKafkaFault(error));
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
