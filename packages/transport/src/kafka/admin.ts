// What is asked of the cluster beside reading and writing: topics, marks, old records. One connection, opened when it is
// first needed and opened anew after a fault.
import { retentionMs } from '@gapwatch/contracts';
import { retryWithin } from '@gapwatch/runtime';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { type Marks, PartitionsDiffer, UnknownTopic } from '../port.ts';
import { KafkaAway, named } from './faults.ts';
import type { TopicNames } from './names.ts';

/** Larger than any record that we take in, in its largest form: a dead letter in base64. */
const maxRecordBytes = 4 * 1_048_576;

type Setting = { readonly name: string; readonly value: string };

const timestampType = 'message.timestamp.type';

/** Settings of a topic of ours. Log time is the broker's: nobody who writes can turn it back. */
export function settingsOf(topic: string): Setting[] {
  return [
    { name: timestampType, value: 'LogAppendTime' },
    { name: 'max.message.bytes', value: String(maxRecordBytes) },
    { name: 'retention.ms', value: String(retentionMs(topic) ?? -1) },
  ];
}

/** While a past is written: records keep their times, and none is old enough to go. */
const ofThePast: readonly Setting[] = [
  { name: timestampType, value: 'CreateTime' },
  { name: 'retention.ms', value: '-1' },
];

/** A cluster takes a new topic before all of it knows the topic, and before whoever is to lead a partition leads it. */
const ledWithinMs = 15_000;

/** Where a setting of a topic comes from: it was set for this topic. */
const ofTheTopic = 1;

/** A past is written into a topic that nobody else has written to. */
export class TopicInUse extends Error {
  override readonly name = 'TopicInUse';
  constructor(topic: string) {
    super(
      `there is a topic ${topic} already: a past is written into a new one; delete it first if nothing of it counts`,
    );
  }
}

/** `fewest`: copies of the partition that has least of them. `behind`: partitions of which a copy is behind or away. */
export type Copies = { readonly brokers: number; readonly fewest: number; readonly behind: number };

export class KafkaAdmin {
  readonly #admin: Admin;
  readonly #names: TopicNames;
  readonly #random: () => number;
  readonly #partitions = new Map<string, number>();
  readonly #grown = new Map<string, number>();
  #connected: Promise<void> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(kafka: Kafka, names: TopicNames, random: () => number) {
    this.#admin = kafka.admin();
    this.#names = names;
    this.#random = random;
  }

  /** One call at a time: calls for two topics would take each other's metadata away inside the client. */
  #call<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#ask(work));
    this.#turn = result.catch(() => {});
    return result;
  }

  #ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return named(async () => {
      this.#connected ??= this.#admin.connect();
      try {
        await this.#connected;
        return await work(this.#admin);
      } catch (error) {
        this.#connected = null;
        throw error;
      }
    });
  }

  async topics(): Promise<string[]> {
    const found = await this.#call((admin) => admin.listTopics());
    return found
      .map((name) => this.#names.fromCluster(name))
      .filter((topic) => this.#names.isOurs(topic))
      .sort();
  }

  /** As they were counted first, so that keys keep their places. @throws UnknownTopic */
  async partitions(topic: string): Promise<number> {
    const known = this.#partitions.get(topic) ?? (await this.#count(topic));
    if (known === null) throw new UnknownTopic(topic);
    this.#partitions.set(topic, known);
    return known;
  }

  /** Counted anew where there should be a partition that nobody knew: the topics of others may grow. @throws UnknownTopic */
  async partitionsWith(topic: string, partition: number): Promise<number> {
    const known = this.#grown.get(topic) ?? (await this.partitions(topic));
    if (partition < known) return known;
    const found = await this.#count(topic);
    if (found === null) throw new UnknownTopic(topic);
    this.#grown.set(topic, found);
    return found;
  }

  async #count(topic: string): Promise<number | null> {
    const name = this.#names.inCluster(topic);
    return this.#call(async (admin) => {
      if (!(await admin.listTopics()).includes(name)) return null;
      const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
      return topics[0]?.partitions.length ?? null;
    });
  }

  /** Of all topics of ours. */
  async copies(): Promise<Copies> {
    const topics = (await this.topics()).map((topic) => this.#names.inCluster(topic));
    const { brokers } = await this.#call((admin) => admin.describeCluster());
    const found = await this.#call((admin) => admin.fetchTopicMetadata({ topics }));
    const partitions = found.topics.flatMap((topic) => topic.partitions);
    return {
      brokers: brokers.length,
      fewest: partitions.reduce((fewest, { replicas }) => Math.min(fewest, replicas.length), Number.POSITIVE_INFINITY),
      behind: partitions.filter(({ replicas, isr }) => isr.length < replicas.length).length,
    };
  }

  /** @throws PartitionsDiffer */
  async create(topic: string, partitions: number): Promise<void> {
    const found = this.#partitions.get(topic) ?? (await this.#count(topic)) ?? (await this.#make(topic, partitions));
    if (found !== partitions) throw new PartitionsDiffer(topic, found, partitions);
    this.#partitions.set(topic, found);
  }

  async #make(
    topic: string,
    numPartitions: number,
    configEntries = this.#names.isOurs(topic) ? settingsOf(topic) : [],
  ): Promise<number> {
    const name = this.#names.inCluster(topic);
    const wanted = { topic: name, numPartitions, replicationFactor: -1, configEntries };
    // the client's own waiting for leaders ends with a fault where the topic is not known yet
    await this.#call((admin) => admin.createTopics({ topics: [wanted], waitForLeaders: false }));
    // somebody else may have been faster, with another number
    return retryWithin(ledWithinMs, () => this.#countLed(topic), this.#random);
  }

  /** Only who leads a partition tells its marks. */
  async #countLed(topic: string): Promise<number> {
    const count = await this.#count(topic);
    if (count === null) throw new KafkaAway(new Error(`${topic} is made and not known yet`));
    await this.#call((admin) => admin.fetchTopicOffsets(this.#names.inCluster(topic)));
    return count;
  }

  /** @throws PartitionsDiffer, TopicInUse */
  async openPast(topic: string, partitions: number): Promise<void> {
    if ((await this.#count(topic)) === null)
      await this.#make(topic, partitions, replaced(settingsOf(topic), ofThePast));
    else if (!(await this.isPastOpen(topic))) throw new TopicInUse(topic);
    await this.create(topic, partitions);
  }

  async closePast(topic: string): Promise<void> {
    await this.#configure(topic, settingsOf(topic));
  }

  /** false where there is no such topic. */
  async isPastOpen(topic: string): Promise<boolean> {
    if ((await this.#count(topic)) === null) return false;
    const settings = await this.#ownSettings(topic);
    return ofThePast.every(({ name, value }) => settings.some((one) => one.name === name && one.value === value));
  }

  /** The protocol replaces all that was set for the topic: what others have set goes along. */
  async #configure(topic: string, wanted: readonly Setting[]): Promise<void> {
    const configEntries = replaced(await this.#ownSettings(topic), wanted);
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: this.#names.inCluster(topic) };
    await this.#call((admin) =>
      admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] }),
    );
  }

  /** What was set for this topic. */
  async #ownSettings(topic: string): Promise<Setting[]> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: this.#names.inCluster(topic) };
    const { resources } = await this.#call((admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [resource] }),
    );
    return (resources[0]?.configEntries ?? [])
      .filter(({ configSource }) => Number(configSource) === ofTheTopic)
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
  }

  async marks(topic: string, partition: number): Promise<Marks> {
    const found = await this.#call((admin) => admin.fetchTopicOffsets(this.#names.inCluster(topic)));
    const marks = found.find((one) => one.partition === partition);
    return { low: Number(marks?.low ?? 0), high: Number(marks?.high ?? 0) };
  }

  async deleteBefore(topic: string, partition: number, offset: number): Promise<void> {
    const { low, high } = await this.marks(topic, partition);
    const until = Math.min(Math.max(offset, low), high);
    const partitions = [{ partition, offset: String(until) }];
    await this.#call((admin) => admin.deleteTopicRecords({ topic: this.#names.inCluster(topic), partitions }));
  }

  /** `group`: as the cluster calls it. */
  async members(group: string): Promise<number> {
    const { groups } = await this.#call((admin) => admin.describeGroups([group]));
    return groups.reduce((sum, { members }) => sum + members.length, 0);
  }

  /** Lets the cluster forget groups that nobody will come back to. */
  async forgetGroups(groups: readonly string[]): Promise<void> {
    if (groups.length > 0) await this.#call((admin) => admin.deleteGroups([...groups]));
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }
}

/** The settings with others in the place of those of the same name. */
function replaced(settings: readonly Setting[], others: readonly Setting[]): Setting[] {
  const names = new Set(others.map(({ name }) => name));
  return [...settings.filter(({ name }) => !names.has(name)), ...others];
}
