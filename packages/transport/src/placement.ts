// What the logs in this process do alike: where an output goes, what becomes of its value, who reads.
import type { Output } from '@gapwatch/contracts';
import { type ConsumerSource, startConsumer } from './consumer.ts';
import { partitionOfKey } from './partitioner.ts';
import { type Consumer, type ConsumerHandlers, type ConsumerOptions, GroupTaken, UnknownPartition } from './port.ts';

/** Chooses partitions: the named one, that of the key, or for records without a key each in turn. */
export class Placement {
  readonly #turns = new Map<string, number>();

  /** @throws UnknownPartition */
  place(output: Output, partitions: number): number {
    const { topic, partition, key } = output;
    if (partition !== undefined) return checkedPartition(topic, partition, partitions);
    if (key !== null) return partitionOfKey(key, partitions);
    const turn = this.#turns.get(topic) ?? 0;
    this.#turns.set(topic, (turn + 1) % partitions);
    return turn;
  }
}

/** @throws UnknownPartition */
export function checkedPartition(topic: string, partition: number, partitions: number): number {
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
  throw new UnknownPartition(topic, partition, partitions);
}

/** @throws RangeError */
export function checkedPartitions(topic: string, partitions: number): number {
  if (Number.isSafeInteger(partitions) && partitions >= 1) return partitions;
  throw new RangeError(`${topic}: ${partitions} is no number of partitions`);
}

/** Groups that read a log, one member each. */
export class Groups {
  readonly #members = new Map<string, Consumer | null>();

  get empty(): boolean {
    return this.#members.size === 0;
  }

  /** @throws GroupTaken */
  async join(source: ConsumerSource, options: ConsumerOptions, handlers: ConsumerHandlers): Promise<Consumer> {
    const { group } = options;
    if (this.#members.has(group)) throw new GroupTaken(group);
    this.#members.set(group, null);
    try {
      const consumer = await startConsumer(source, options, handlers);
      const member: Consumer = { stop: () => consumer.stop().finally(() => this.#members.delete(group)) };
      this.#members.set(group, member);
      return member;
    } catch (error) {
      this.#members.delete(group);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member?.stop()));
  }
}
