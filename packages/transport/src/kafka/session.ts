// One life of a member of a consumer group, from joining to a crash or a stop. Whatever the group hands out begins at the
// position that the owner's state names. A member that was thought dead may still handle its chunk in flight: the state
// refuses it, so that nothing here has to be fenced.
import type { ConsumerGroupJoinEvent, EachBatchPayload, Kafka, Consumer as KafkaConsumer } from 'kafkajs';
import { partitionKey } from '../changes.ts';
import type { ConsumerHandlers, ConsumerOptions, Marks } from '../port.ts';
import type { TopicNames } from './names.ts';
import { Pump } from './pump.ts';
import { toRecord } from './records.ts';
import { rebalanceTimeoutMs } from './settings.ts';

export type SessionOptions = {
  readonly kafka: Kafka;
  readonly names: TopicNames;
  readonly consumer: ConsumerOptions;
  readonly handlers: ConsumerHandlers;
  readonly sessionTimeoutMs: number;
  readonly marks: (topic: string, partition: number) => Promise<Marks>;
  readonly random: () => number;
  /** told whenever the cluster let it read, or keeps its place in the group: joining alone proves no right to read */
  readonly onAnswer: () => void;
  /** partitions that failed in this process: they stay with the member, paused, until somebody looks */
  readonly failed: Set<string>;
};

const fetchWaitMs = 500;
const heartbeatMs = 3_000;
const commitEveryMs = 2_000;

export class Session {
  readonly #options: SessionOptions;
  readonly #client: KafkaConsumer;
  readonly #ended = Promise.withResolvers<Error | null>();
  /** the newest pump of each partition, and what has to end before the next may begin */
  readonly #pumps = new Map<string, Pump>();
  readonly #turns = new Map<string, Promise<void>>();
  #committed = new Map<string, number>();
  #commits: NodeJS.Timeout | undefined;
  /** between its crash and the news of it the client takes no call: it lets go of dead brokers first, which may take seconds */
  #hasStopped = false;
  #heartbeats = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#client = options.kafka.consumer({
      groupId: options.names.group(options.consumer.group),
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs(options.sessionTimeoutMs),
      heartbeatInterval: Math.min(heartbeatMs, options.sessionTimeoutMs / 3),
      maxWaitTimeInMs: fetchWaitMs,
      allowAutoTopicCreation: false,
    });
    this.#client.on(this.#client.events.GROUP_JOIN, (event) => this.#assign(event));
    this.#client.on(this.#client.events.HEARTBEAT, () => this.#keepPlace());
    this.#client.on(this.#client.events.STOP, () => {
      this.#hasStopped = true;
    });
    this.#client.on(this.#client.events.CRASH, ({ payload }) => this.#ended.resolve(payload.error));
  }

  /** Reads until it is stopped (null) or has crashed; nobody is called afterwards. */
  async run(): Promise<Error | null> {
    try {
      await this.#client.connect();
      const topics = this.#options.consumer.topics.map((topic) => this.#options.names.inCluster(topic));
      await this.#client.subscribe({ topics, fromBeginning: true });
      await this.#client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 8,
        eachBatch: async (payload) => this.#offer(payload),
      });
      this.#commits = setInterval(() => void this.#commit(), commitEveryMs);
      return await this.#ended.promise;
    } catch (error) {
      return error as Error;
    } finally {
      await this.#end();
    }
  }

  stop(): void {
    this.#ended.resolve(null);
  }

  /** Called by the client before it fetches anything for what it was given. */
  #assign({ payload }: ConsumerGroupJoinEvent): void {
    const given = Object.entries(payload.memberAssignment).flatMap(([name, partitions]) =>
      partitions.map((partition) => ({ name, topic: this.#options.names.fromCluster(name), partition })),
    );
    this.#client.pause(given.map(({ name, partition }) => ({ topic: name, partitions: [partition] })));
    for (const key of [...this.#pumps.keys()]) this.#release(key);
    for (const one of given) this.#take(one);
  }

  /**
   * Drains a partition and tells its owner that it is gone, also where it will come back at once. Where a group is formed anew
   * twice in a row, the pump that goes may not have begun, and the one before it may still drain: its owner is told first.
   */
  #release(key: string): void {
    const pump = this.#pumps.get(key);
    if (pump === undefined) return;
    this.#pumps.delete(key);
    const { handlers } = this.#options;
    const [topic = '', partition = '0'] = splitKey(key);
    const stopped = pump.stop();
    const turn = this.#turnOf(key)
      .then(() => stopped)
      .then(() => handlers.revoked(topic, Number(partition)));
    this.#turns.set(key, turn);
  }

  #turnOf(key: string): Promise<void> {
    return this.#turns.get(key) ?? Promise.resolve();
  }

  #take({ name, topic, partition }: { name: string; topic: string; partition: number }): void {
    const { consumer, handlers, marks, random, failed } = this.#options;
    const key = partitionKey(topic, partition);
    if (failed.has(key)) return;
    const place = [{ topic: name, partitions: [partition] }];
    const pump: Pump = new Pump({
      topic,
      partition,
      chunkRecords: consumer.chunkRecords,
      partitions: () => this.#pumps.size,
      marks,
      random,
      handlers: { ...handlers, failed: (...fault) => this.#fail(key, fault) },
      seek: (offset) =>
        this.#ifCurrent(key, pump, () => this.#client.seek({ topic: name, partition, offset: `${offset}` })),
      pause: () => this.#ifCurrent(key, pump, () => this.#client.pause(place)),
      resume: () => this.#ifCurrent(key, pump, () => this.#client.resume(place)),
    });
    this.#pumps.set(key, pump);
    const turn = this.#turnOf(key).then(() => {
      if (this.#pumps.get(key) === pump) pump.start();
    });
    this.#turns.set(key, turn);
  }

  #ifCurrent(key: string, pump: Pump, act: () => void): void {
    if (this.#pumps.get(key) === pump && !this.#hasStopped) act();
  }

  #fail(key: string, fault: Parameters<ConsumerHandlers['failed']>): void {
    this.#options.failed.add(key);
    this.#options.handlers.failed(...fault);
  }

  /** The first comes with the joining, before anybody was let read or not. */
  #keepPlace(): void {
    this.#heartbeats += 1;
    if (this.#heartbeats > 1) this.#options.onAnswer();
  }

  #offer({ batch, isStale, resolveOffset }: EachBatchPayload): void {
    this.#options.onAnswer();
    const topic = this.#options.names.fromCluster(batch.topic);
    const pump = this.#pumps.get(partitionKey(topic, batch.partition));
    // what was fetched before a seek is of no use: the next fetch begins where the owner is
    if (pump === undefined || isStale()) return;
    const records = batch.messages.map((message) => toRecord(topic, batch.partition, message));
    pump.offer(records, Number(batch.lastOffset()) + 1, Number(batch.highWatermark));
    resolveOffset(batch.lastOffset());
  }

  /** For lag displays and autoscaling alone: nobody ever starts from there. */
  async #commit(): Promise<void> {
    const moved = [...this.#pumps].filter(
      ([key, { position }]) => position > 0 && this.#committed.get(key) !== position,
    );
    if (moved.length === 0) return;
    const offsets = moved.map(([key, { position }]) => {
      const [topic = '', partition = '0'] = splitKey(key);
      this.#committed.set(key, position);
      return { topic: this.#options.names.inCluster(topic), partition: Number(partition), offset: String(position) };
    });
    await this.#client.commitOffsets(offsets).catch(() => {
      // a group that is being formed anew takes no commit; the next one will do
      this.#committed = new Map();
    });
  }

  async #end(): Promise<void> {
    clearInterval(this.#commits);
    await Promise.all([...this.#pumps.values()].map((pump) => pump.stop()));
    await this.#commit();
    for (const key of [...this.#pumps.keys()]) this.#release(key);
    await Promise.all(this.#turns.values());
    await this.#client.disconnect().catch(() => {});
  }
}

function splitKey(key: string): string[] {
  const at = key.lastIndexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
