// The log in memory: for tests, simulations and backtests. Same semantics as the others; nothing survives the process.
import type { LogRecord, Output } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import { Changes, partitionKey } from '../changes.ts';
import { checkedPartition, checkedPartitions, Groups, Placement } from '../placement.ts';
import {
  AboveHighMark,
  type Appended,
  BelowLowMark,
  type Chunk,
  type Log,
  type Marks,
  PartitionsDiffer,
  UnknownTopic,
} from '../port.ts';

type Stream = { low: number; lastTime: number; records: LogRecord[] };

const encoder = new TextEncoder();

function bytesOf(value: Output['value']): Uint8Array | null {
  if (value === null) return null;
  return typeof value === 'string' ? encoder.encode(value) : value.slice();
}

function highOf(stream: Stream): number {
  return stream.low + stream.records.length;
}

function write(stream: Stream, output: Output, partition: number, now: number): Appended {
  const offset = highOf(stream);
  const time = Math.max(output.time ?? now, stream.lastTime);
  stream.lastTime = time;
  const { topic, key, headers = {} } = output;
  const value = bytesOf(output.value);
  stream.records.push({ topic, partition, offset, time, key: key?.toWellFormed() ?? null, value, headers });
  return { partition, offset, time };
}

function readFrom(stream: Stream, topic: string, partition: number, from: number, limit: number): Chunk {
  const high = highOf(stream);
  if (from < stream.low) throw new BelowLowMark(topic, partition, from, stream.low);
  if (from > high) throw new AboveHighMark(topic, partition, from, high);
  const records = stream.records.slice(from - stream.low, from - stream.low + limit);
  return { topic, partition, from, next: from + records.length, high, records };
}

export function openMemoryLog(options: { readonly clock: Clock }): Log {
  const topics = new Map<string, Stream[]>();
  const changes = new Changes();
  const placement = new Placement();
  const groups = new Groups();

  const streamsOf = (topic: string): Stream[] => {
    const streams = topics.get(topic);
    if (streams === undefined) throw new UnknownTopic(topic);
    return streams;
  };
  const streamOf = (topic: string, partition: number): Stream => {
    const streams = streamsOf(topic);
    return streams[checkedPartition(topic, partition, streams.length)]!;
  };

  const log: Log = {
    async createTopic(topic, partitions) {
      checkedPartitions(topic, partitions);
      const found = topics.get(topic);
      if (found !== undefined && found.length !== partitions)
        throw new PartitionsDiffer(topic, found.length, partitions);
      if (found !== undefined) return;
      topics.set(
        topic,
        Array.from({ length: partitions }, () => ({ low: 0, lastTime: 0, records: [] })),
      );
    },
    topics: async () => [...topics.keys()].sort(),
    partitions: async (topic) => streamsOf(topic).length,
    async append(outputs) {
      const now = options.clock.now();
      const placed = outputs.map((output) => placement.place(output, streamsOf(output.topic).length));
      const appended = outputs.map((output, index) => {
        const partition = placed[index]!;
        return write(streamOf(output.topic, partition), output, partition, now);
      });
      const touched = new Set(outputs.map((output, index) => partitionKey(output.topic, placed[index]!)));
      for (const key of touched) changes.notify(key);
      return appended;
    },
    read: async (topic, partition, from, limit) => readFrom(streamOf(topic, partition), topic, partition, from, limit),
    async marks(topic, partition): Promise<Marks> {
      const stream = streamOf(topic, partition);
      return { low: stream.low, high: highOf(stream) };
    },
    async deleteBefore(topic, partition, offset) {
      const stream = streamOf(topic, partition);
      const low = Math.min(Math.max(offset, stream.low), highOf(stream));
      stream.records.splice(0, low - stream.low);
      stream.low = low;
    },
    consume: (consumerOptions, handlers) =>
      groups.join({ changes, partitions: log.partitions, read: log.read }, consumerOptions, handlers),
    close: () => groups.stop(),
  };
  return log;
}
