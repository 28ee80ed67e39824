// The consumer of a log that lives in this process or beside it: all partitions of its topics are its own.
// Delivery guarantee: chunks of a partition come one after the other, from the position that the owner names.
// Back pressure: the next chunk is read only when the last one was handled; between chunks others get their turn.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GaveUp, type RetryOptions, retry } from '@gapwatch/runtime';
import { type Changes, partitionKey } from './changes.ts';
import type { Chunk, Consumer, ConsumerHandlers, ConsumerOptions } from './port.ts';

/** What a consumer needs of the log that it reads. */
export type ConsumerSource = {
  readonly changes: Changes;
  partitions(topic: string): Promise<number>;
  read(topic: string, partition: number, from: number, limit: number): Promise<Chunk>;
  /** waits between repeated reads; by default for as long as the back-off says */
  readonly sleep?: RetryOptions['sleep'];
};

type Reading = {
  readonly source: ConsumerSource;
  readonly options: ConsumerOptions;
  readonly handlers: ConsumerHandlers;
  readonly signal: AbortSignal;
};

/** The next chunk that has something in it, or null when the consumer stops. */
async function nextChunk(reading: Reading, topic: string, partition: number, from: number): Promise<Chunk | null> {
  const { source, options, signal } = reading;
  const key = partitionKey(topic, partition);
  while (!signal.aborted) {
    const seen = source.changes.seen(key);
    const read = () => source.read(topic, partition, from, options.chunkRecords);
    const chunk = await retry(read, { random: () => 1, signal, ...(source.sleep && { sleep: source.sleep }) });
    if (chunk.next > from) return chunk;
    await source.changes.after(key, seen, signal);
  }
  return null;
}

async function readPartition(reading: Reading, topic: string, partition: number): Promise<void> {
  let position = await reading.handlers.assigned(topic, partition);
  for (;;) {
    const chunk = await nextChunk(reading, topic, partition, position);
    if (chunk === null || reading.signal.aborted) return;
    position = await reading.handlers.chunk(chunk);
    await nextTurn();
  }
}

async function runPartition(reading: Reading, topic: string, partition: number): Promise<void> {
  try {
    await readPartition(reading, topic, partition).catch((error) => {
      // whoever gives up because we stop has not failed
      if (!(error instanceof GaveUp)) throw error;
    });
    await reading.handlers.revoked(topic, partition);
  } catch (error) {
    reading.handlers.failed(topic, partition, error instanceof Error ? error : new Error(String(error)));
  }
}

/** Starts one reader for each partition of the topics; they run at the same time and fail apart from each other. */
export async function startConsumer(
  source: ConsumerSource,
  options: ConsumerOptions,
  handlers: ConsumerHandlers,
): Promise<Consumer> {
  const controller = new AbortController();
  const reading: Reading = { source, options, handlers, signal: controller.signal };
  const counts = await Promise.all(options.topics.map((topic) => source.partitions(topic)));
  const runs = options.topics.flatMap((topic, index) =>
    Array.from({ length: counts[index] ?? 0 }, (_, partition) => runPartition(reading, topic, partition)),
  );
  return {
    async stop() {
      controller.abort();
      await Promise.all(runs);
    },
  };
}
