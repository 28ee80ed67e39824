// The log in one SQLite file: for one machine, without any service to install.
// Delivery guarantee: acknowledged means on disk; several processes may append, one process consumes.
// Readers wake at once for appends of their own process, and within `pollMs` for those of others.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, openSqlite, type SqliteFile } from '@gapwatch/runtime';
import { Changes, partitionKey } from '../changes.ts';
import { checkedPartition, checkedPartitions, Groups, Placement } from '../placement.ts';
import { type Log, UnknownTopic } from '../port.ts';
import { Commits } from './commits.ts';
import {
  createStreams,
  dataVersion,
  deleteRecords,
  type Placed,
  readChunk,
  readHighs,
  readMarks,
  readStreams,
  type Stream,
  schema,
  schemaVersion,
  writeRecords,
} from './file.ts';

export type EmbeddedLogOptions = {
  readonly clock: Clock;
  /** how often to look whether another process has appended */
  readonly pollMs?: number;
};

/** Topics as they are in the file; another process may have made one since. */
class Streams {
  readonly #file: SqliteFile;
  #topics = new Map<string, Stream[]>();

  constructor(file: SqliteFile) {
    this.#file = file;
    this.load();
  }

  load(): void {
    this.#topics = Map.groupBy(readStreams(this.#file), ({ topic }) => topic);
  }

  names(): string[] {
    this.load();
    return [...this.#topics.keys()];
  }

  /** @throws UnknownTopic */
  of(topic: string): readonly Stream[] {
    if (!this.#topics.has(topic)) this.load();
    const streams = this.#topics.get(topic);
    if (streams === undefined) throw new UnknownTopic(topic);
    return streams;
  }

  /** @throws UnknownTopic, UnknownPartition */
  at(topic: string, partition: number): Stream {
    const streams = this.of(topic);
    return streams[checkedPartition(topic, partition, streams.length)]!;
  }
}

/** Looks for what other processes appended, and wakes those who wait for it. */
function watchOthers(file: SqliteFile, changes: Changes): () => void {
  let version = dataVersion(file);
  let highs = new Map<string, number>();
  return () => {
    const current = dataVersion(file);
    if (current === version) return;
    version = current;
    const before = highs;
    highs = new Map(readHighs(file).map(({ topic, partition, high }) => [partitionKey(topic, partition), high]));
    for (const [key, high] of highs) if (before.get(key) !== high) changes.notify(key);
  };
}

/**
 * Opens or creates the file.
 * @throws StorageError when it cannot be opened, or is no such file; so do all calls when the disk fails
 */
export function openEmbeddedLog(path: string, options: EmbeddedLogOptions): Log {
  const file = openSqlite(path, { synchronous: 'FULL', schema, schemaVersion });
  const streams = new Streams(file);
  const changes = new Changes();
  const placement = new Placement();
  const groups = new Groups();
  const lookForOthers = watchOthers(file, changes);
  let poll: NodeJS.Timeout | undefined;

  const write = (placed: readonly Placed[]) => {
    const appended = file.transaction(() => writeRecords(file, placed, options.clock.now()));
    for (const stream of new Set(placed.map((each) => each.stream))) {
      changes.notify(partitionKey(stream.topic, stream.partition));
    }
    return appended;
  };
  const commits = new Commits(write);

  const log: Log = {
    async createTopic(topic, partitions) {
      createStreams(file, topic, checkedPartitions(topic, partitions));
      streams.load();
    },
    topics: async () => streams.names(),
    partitions: async (topic) => streams.of(topic).length,
    async append(outputs) {
      const placed = outputs.map((output) => {
        const found = streams.of(output.topic);
        return { output, stream: found[placement.place(output, found.length)]! };
      });
      return placed.length === 0 ? [] : commits.append(placed);
    },
    read: async (topic, partition, from, limit) => readChunk(file, streams.at(topic, partition), from, limit),
    marks: async (topic, partition) => readMarks(file, streams.at(topic, partition)),
    async deleteBefore(topic, partition, offset) {
      for (const _ of deleteRecords(file, streams.at(topic, partition), offset)) await nextTurn();
    },
    async consume(consumerOptions, handlers) {
      const source = { changes, partitions: log.partitions, read: log.read };
      const consumer = await groups.join(source, consumerOptions, handlers);
      poll ??= setInterval(lookForOthers, options.pollMs ?? 50);
      return {
        async stop() {
          await consumer.stop();
          if (!groups.empty) return;
          clearInterval(poll);
          poll = undefined;
        },
      };
    },
    async close() {
      await groups.stop();
      clearInterval(poll);
      commits.flush();
      file.close();
    },
  };
  return log;
}
