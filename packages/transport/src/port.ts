// The port of the log: how events move, whatever keeps them.
// Delivery guarantee: what `append` acknowledged is durable and in order within its partition; readers see it at least once.
// Back pressure: a consumer reads its next chunk of a partition only after the last one was handled.
import type { LogRecord, Output } from '@gapwatch/contracts';

/** Where a record came to lie. `time` in milliseconds UTC, never lower than that of the record before it. */
export type Appended = { readonly partition: number; readonly offset: number; readonly time: number };

/** Offsets that exist: `low` is the first still kept, `high` the one that the next record will get. */
export type Marks = { readonly low: number; readonly high: number };

/** Records of one partition in order, at most as many as the consumer asked for. */
export type Chunk = {
  readonly topic: string;
  readonly partition: number;
  /** the offset that was asked for; the first record may lie behind it, since offsets have holes */
  readonly from: number;
  /** the offset to ask for next */
  readonly next: number;
  /** high mark of the partition when the chunk was read: `high - next` is the lag */
  readonly high: number;
  readonly records: readonly LogRecord[];
};

/** What a consumer asks of its owner. Calls for one partition never overlap; partitions may run at the same time. */
export type ConsumerHandlers = {
  /** a partition is ours: where shall reading begin? The owner's state knows, not the log */
  assigned(topic: string, partition: number): Promise<number>;
  /** handle the chunk and name the offset to read next: `chunk.next`, or another after a rewind or an adoption */
  chunk(chunk: Chunk): Promise<number>;
  /** the partition is no longer ours; anything cached for it is dropped */
  revoked(topic: string, partition: number): Promise<void>;
  /** a fault that reading cannot go on from; the consumer has stopped that partition */
  failed(topic: string, partition: number, error: Error): void;
};

export type ConsumerOptions = {
  readonly group: string;
  readonly topics: readonly string[];
  readonly chunkRecords: number;
};

export interface Consumer {
  /** drains the chunks that are in flight, then lets go of the partitions; afterwards no handler is called */
  stop(): Promise<void>;
}

export interface Log {
  /** creates the topic or checks that it has this many partitions; more or fewer is an error naming both */
  createTopic(topic: string, partitions: number): Promise<void>;
  topics(): Promise<readonly string[]>;
  /** number of partitions; an error naming the topic when there is none */
  partitions(topic: string): Promise<number>;
  /** all or nothing within one call; resolves when durable, in the order given */
  append(outputs: readonly Output[]): Promise<readonly Appended[]>;
  /** records from an offset on, at most `limit`; an error when `from` lies below the low mark or above the high one */
  read(topic: string, partition: number, from: number, limit: number): Promise<Chunk>;
  marks(topic: string, partition: number): Promise<Marks>;
  /** lets go of the records below an offset: what has outlived its retention */
  deleteBefore(topic: string, partition: number, offset: number): Promise<void>;
  consume(options: ConsumerOptions, handlers: ConsumerHandlers): Promise<Consumer>;
  close(): Promise<void>;
}

/** Reading was asked to start at a record that is no longer kept: data would be skipped, so nothing is read. */
export class BelowLowMark extends Error {
  override readonly name = 'BelowLowMark';
  constructor(topic: string, partition: number, from: number, low: number) {
    super(`${topic}/${partition}: offset ${from} is no longer kept, the first is ${low}; rebuild from the archive`);
  }
}

/** The state knows of records that the log does not have: new ones would be taken for old ones, so nothing is read. */
export class AboveHighMark extends Error {
  override readonly name = 'AboveHighMark';
  constructor(topic: string, partition: number, from: number, high: number) {
    super(
      `${topic}/${partition}: offset ${from} lies behind the end ${high}; the log lost records, or the state is that of another log: rebuild the state`,
    );
  }
}

export class UnknownTopic extends Error {
  override readonly name = 'UnknownTopic';
  constructor(topic: string) {
    super(`there is no topic ${topic}: create it first`);
  }
}

export class UnknownPartition extends Error {
  override readonly name = 'UnknownPartition';
  constructor(topic: string, partition: number, partitions: number) {
    super(`there is no partition ${partition} of ${topic}: it has ${partitions}, counted from 0`);
  }
}

/** The number of partitions of a topic never changes: keys would move away from their state. */
export class PartitionsDiffer extends Error {
  override readonly name = 'PartitionsDiffer';
  constructor(topic: string, found: number, wanted: number) {
    super(`${topic} has ${found} partitions, not ${wanted}: ask for ${found}, or take a new topic`);
  }
}

/** Where a group has one member only, a second one is refused. */
export class GroupTaken extends Error {
  override readonly name = 'GroupTaken';
  constructor(group: string) {
    super(`the group ${group} reads this log already; here a group has one member`);
  }
}
