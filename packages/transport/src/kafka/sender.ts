// Appends of this process, one send at a time: what arrives while a send is under way goes out together with the next.
// Delivery guarantee: acknowledged by all in-sync replicas, in the order of the calls; a send that failed half-way is
// reported as failed, and its repetition doubles records, which their origins tell. No transactions, no idempotence:
// one send in flight keeps the order, and the readers know a repeat.
import type { Output } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import type { Kafka, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Appended } from '../port.ts';
import { KafkaAway, named } from './faults.ts';
import type { TopicNames } from './names.ts';
import { toMessage } from './records.ts';

export type Placed = { readonly output: Output; readonly partition: number };

type Waiting = {
  readonly placed: readonly Placed[];
  readonly resolve: (appended: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
};

/** A send grows no further: beyond this a larger one is no faster, and a topic may not take it. */
const sendRecords = 2_000;
const sendBytes = 1_000_000;

const sizeOf = ({ output: { value } }: Placed) => (value === null ? 0 : value.length);

export class Sender {
  readonly #producer: Producer;
  readonly #names: TopicNames;
  readonly #clock: Clock;
  #connected: Promise<void> | null = null;
  #waiting: Waiting[] = [];
  #sending: Promise<void> | null = null;

  constructor(kafka: Kafka, names: TopicNames, clock: Clock) {
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      idempotent: false,
      maxInFlightRequests: 1,
      // partitions are chosen before; this one is named so that the client does not warn of its default
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    this.#names = names;
    this.#clock = clock;
  }

  append(placed: readonly Placed[]): Promise<readonly Appended[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ placed, resolve, reject });
      this.#sending ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    // appends of the same turn share the first send
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#sendNext();
    this.#sending = null;
  }

  async #sendNext(): Promise<void> {
    const together = this.#take();
    try {
      const appended = await this.#send(together.flatMap(({ placed }) => placed));
      let start = 0;
      for (const { placed, resolve } of together) {
        resolve(appended.slice(start, start + placed.length));
        start += placed.length;
      }
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  /** The calls that go out together: as many as fit, and at least one. */
  #take(): Waiting[] {
    let records = 0;
    let bytes = 0;
    const beyond = this.#waiting.findIndex(({ placed }, index) => {
      records += placed.length;
      for (const one of placed) bytes += sizeOf(one);
      return index > 0 && (records > sendRecords || bytes > sendBytes);
    });
    return this.#waiting.splice(0, beyond === -1 ? this.#waiting.length : beyond);
  }

  /** Sends in parts that a topic takes, one after the other. */
  async #send(placed: readonly Placed[]): Promise<Appended[]> {
    const appended: Appended[] = [];
    for (let from = 0; from < placed.length; ) {
      const to = endOfPart(placed, from);
      appended.push(...(await this.#sendPart(placed.slice(from, to))));
      from = to;
    }
    return appended;
  }

  async #sendPart(part: readonly Placed[]): Promise<Appended[]> {
    const answers = await named(async () => {
      this.#connected ??= this.#producer.connect();
      try {
        await this.#connected;
        return await this.#producer.sendBatch({ acks: -1, topicMessages: this.#messages(part) });
      } catch (error) {
        this.#connected = null;
        throw error;
      }
    });
    return this.#placesOf(part, answers);
  }

  #messages(part: readonly Placed[]): TopicMessages[] {
    const byTopic = Map.groupBy(part, ({ output }) => output.topic);
    return [...byTopic].map(([topic, placed]) => ({
      topic: this.#names.inCluster(topic),
      messages: placed.map(({ output, partition }) => toMessage(output, partition)),
    }));
  }

  /**
   * The broker answers with the first offset of each partition: the rest follows in the order of sending. A partition whose leader
   * is gone, and which then falls to a broker that had answered for its own already, is left out by the client without a fault.
   */
  #placesOf(part: readonly Placed[], answers: readonly RecordMetadata[]): Appended[] {
    const ends = new Map(answers.map((answer) => [`${answer.topicName}/${answer.partition}`, { ...answer, sent: 0 }]));
    return part.map(({ output, partition }) => {
      const end = ends.get(`${this.#names.inCluster(output.topic)}/${partition}`);
      if (end === undefined) throw new KafkaAway(new Error(`nobody answered for ${output.topic}/${partition}`));
      const offset = Number(end.baseOffset) + end.sent;
      end.sent += 1;
      const appendTime = Number(end.logAppendTime ?? -1);
      return { partition, offset, time: appendTime >= 0 ? appendTime : (output.time ?? this.#clock.now()) };
    });
  }

  /** Sends what waits, then lets go of the connection. */
  async close(): Promise<void> {
    await this.#sending;
    await this.#producer.disconnect();
  }
}

function endOfPart(placed: readonly Placed[], from: number): number {
  let bytes = 0;
  for (let at = from; at < placed.length; at += 1) {
    bytes += sizeOf(placed[at]!);
    if (at > from && (at - from >= sendRecords || bytes > sendBytes)) return at;
  }
  return placed.length;
}
