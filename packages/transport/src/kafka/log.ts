// The log in Apache Kafka: for several machines.
// Delivery guarantee: acknowledged means held by all in-sync replicas; readers see every record at least once, from the
// position that their own state names. An append over several partitions may be cut short by a fault: it is then
// reported as failed, and what it wrote is written again with the same origins.
import type { Output } from '@gapwatch/contracts';
import { checkedPartition, checkedPartitions, Placement } from '../placement.ts';
import { AboveHighMark, BelowLowMark, type Chunk, type Consumer, type Log } from '../port.ts';
import { type Copies, KafkaAdmin } from './admin.ts';
import { createKafka } from './client.ts';
import { type MemberOptions, startMember } from './member.ts';
import { TopicNames } from './names.ts';
import { TopicReader } from './reader.ts';
import { Sender } from './sender.ts';
import type { KafkaSettings } from './settings.ts';

export type KafkaLogOptions = Pick<MemberOptions, 'clock' | 'random' | 'onAway' | 'onBack'> & {
  readonly settings: KafkaSettings;
  /** how this process is called in the cluster's own logs */
  readonly clientId: string;
};

/** A past cannot be played into a log whose broker sets the time. */
export class TimeIsTheBrokers extends Error {
  override readonly name = 'TimeIsTheBrokers';
  constructor() {
    super('Kafka sets the time of a record: play a past into a data directory, or read it in with ingest --backfill');
  }
}

export type KafkaLog = Log & {
  /** how many members a consumer group has now, in whichever process; 0 for a group that nobody knows */
  members(group: string): Promise<number>;
  /** on how many brokers the topics of ours are held */
  copies(): Promise<Copies>;
  /**
   * Makes a topic whose records keep the time that this process gives them, and of which none is let go until `closePast`; one
   * that is open already is gone on with.
   * @throws TopicInUse, PartitionsDiffer
   */
  openPast(topic: string, partitions: number): Promise<void>;
  /** From here on the broker sets the time, and what has outlived its retention goes. */
  closePast(topic: string): Promise<void>;
  /** whoever opened it; false for a topic that is not there */
  isPastOpen(topic: string): Promise<boolean>;
};

/** Opens a log; nothing is connected before it is asked for something. */
export function openKafkaLog(options: KafkaLogOptions): KafkaLog {
  const { settings, clock, clientId } = options;
  const kafka = createKafka(settings, clientId);
  const names = new TopicNames(settings.topicPrefix);
  const admin = new KafkaAdmin(kafka, names, options.random);
  const sender = new Sender(kafka, names, clock);
  const placement = new Placement();
  const readers = new Map<string, TopicReader>();
  const consumers = new Set<Consumer>();
  /** topics that this process has opened for a past */
  const open = new Set<string>();

  const readerOf = (topic: string) => {
    const known = readers.get(topic) ?? new TopicReader(kafka, { names, topic, random: options.random });
    readers.set(topic, known);
    return known;
  };
  // calls are placed one after the other: their order is that of their records
  let placing: Promise<unknown> = Promise.resolve();
  const place = async (outputs: readonly Output[]) => {
    const placed = [];
    for (const output of outputs) {
      if (output.time !== undefined && !open.has(output.topic)) throw new TimeIsTheBrokers();
      placed.push({ output, partition: placement.place(output, await admin.partitions(output.topic)) });
    }
    return placed;
  };

  return {
    createTopic: (topic, partitions) => admin.create(topic, checkedPartitions(topic, partitions)),
    topics: () => admin.topics(),
    partitions: (topic) => admin.partitions(topic),
    append(outputs) {
      const placed = placing.then(() => place(outputs));
      placing = placed.catch(() => {});
      return placed.then((all) => (all.length === 0 ? [] : sender.append(all)));
    },
    async read(topic, partition, from, limit): Promise<Chunk> {
      checkedPartition(topic, partition, await admin.partitionsWith(topic, partition));
      const { low, high } = await admin.marks(topic, partition);
      if (from < low) throw new BelowLowMark(topic, partition, from, low);
      if (from > high) throw new AboveHighMark(topic, partition, from, high);
      if (from === high) return { topic, partition, from, next: from, high, records: [] };
      const { records, next } = await readerOf(topic).read(partition, from, limit);
      // nothing came although something should: what is left was taken away by whoever compacts
      const behind = next > from ? next : high;
      return { topic, partition, from, next: behind, high: Math.max(high, behind), records };
    },
    async marks(topic, partition) {
      checkedPartition(topic, partition, await admin.partitionsWith(topic, partition));
      return admin.marks(topic, partition);
    },
    deleteBefore: (topic, partition, offset) => admin.deleteBefore(topic, partition, offset),
    members: (group) => admin.members(names.group(group)),
    copies: () => admin.copies(),
    async openPast(topic, partitions) {
      await admin.openPast(topic, checkedPartitions(topic, partitions));
      open.add(topic);
    },
    async closePast(topic) {
      await admin.closePast(topic);
      open.delete(topic);
    },
    isPastOpen: (topic) => admin.isPastOpen(topic),
    async consume(consumer, handlers) {
      for (const topic of consumer.topics) await admin.partitions(topic);
      const marks = (topic: string, partition: number) => admin.marks(topic, partition);
      const { sessionTimeoutMs } = settings;
      const member = startMember({ ...options, kafka, names, consumer, handlers, sessionTimeoutMs, marks });
      consumers.add(member);
      return { stop: () => member.stop().finally(() => consumers.delete(member)) };
    },
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      await sender.close();
      for (const reader of readers.values()) await reader.close();
      // an abandoned group goes by itself in a week; tidy is better, where the cluster is there
      await admin.forgetGroups([...readers.values()].map(({ group }) => group)).catch(() => {});
      await admin.close();
    },
  };
}
