// The one loop of every service: it owns reading, repeated calls, dead letters, positions and shutdown; a service owns
// its fold. A partition that cannot go on stops alone, says why, and leaves its position where it was.
import { type DeadLetterLimits, deadLetterLimitsSchema } from '@gapwatch/contracts';
import type { Clock, RetryOptions, Service } from '@gapwatch/runtime';
import { type LoopLogger, PartitionLoop, type PartitionWork } from './partition-loop.ts';
import type { Chunk, Consumer, ConsumerHandlers, Log } from './port.ts';

/** What all services of a process have in common. */
export type LoopSettings = {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: LoopLogger;
  /** uniform in [0, 1), for the jitter of repeated calls */
  readonly random: () => number;
  /** waits between repeated calls; by default for as long as the back-off says */
  readonly sleep?: RetryOptions['sleep'];
  readonly chunkRecords?: number;
  /** default: those of a configuration that names none */
  readonly deadLetterLimits?: DeadLetterLimits;
  /** told after each chunk that was stored */
  readonly onCounts?: (service: string, counts: Readonly<Record<string, number>>) => void;
  /** told when a partition has stopped */
  readonly onFailure?: (failure: LoopFailure) => void;
};

export type LoopFailure = {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  readonly error: Error;
};

export type LoopOptions = LoopSettings & {
  readonly service: string;
  readonly topics: readonly string[];
  /** `opened`: how many partitions are open just then, this one among them; what all of them keep can be shared by it */
  readonly open: (topic: string, partition: number, opened: () => number) => PartitionWork;
};

/** A document that several records of a chunk change is written once. */
const usualChunkRecords = 2_000;
const usualDeadLetterLimits = deadLetterLimitsSchema.parse({});

/** A service that reads topics. Its consumer group carries its name. */
export function createLoop(options: LoopOptions): Service {
  const { log, service, topics, chunkRecords = usualChunkRecords } = options;
  const stopping = new AbortController();
  const partitions = new Map<string, PartitionLoop>();
  let consumer: Consumer | null = null;
  return {
    name: service,
    async start() {
      const handlers = handlersOf(options, partitions, stopping.signal);
      consumer = await log.consume({ group: service, topics, chunkRecords }, handlers);
    },
    async stop() {
      stopping.abort();
      await consumer?.stop();
    },
    progress: () => [...partitions.values()].map((partition) => partition.progress()),
  };
}

function handlersOf(
  options: LoopOptions,
  partitions: Map<string, PartitionLoop>,
  signal: AbortSignal,
): ConsumerHandlers {
  const { service, clock, log, logger, random, sleep, deadLetterLimits = usualDeadLetterLimits } = options;
  const { onCounts = () => {}, onFailure = () => {} } = options;
  const shared = { service, clock, log, logger, random, deadLetterLimits, onCounts, ...(sleep && { sleep }) };
  const keyOf = (topic: string, partition: number) => `${topic}/${partition}`;
  const opened = () => Math.max(1, partitions.size);
  return {
    assigned(topic, partition) {
      const loop = new PartitionLoop(shared, { topic, partition }, options.open(topic, partition, opened), signal);
      partitions.set(keyOf(topic, partition), loop);
      return loop.begin();
    },
    chunk(chunk: Chunk) {
      const loop = partitions.get(keyOf(chunk.topic, chunk.partition));
      if (loop === undefined) throw new Error(`a chunk of ${chunk.topic}/${chunk.partition}, which is not assigned`);
      return loop.handle(chunk);
    },
    async revoked(topic, partition) {
      const loop = partitions.get(keyOf(topic, partition));
      partitions.delete(keyOf(topic, partition));
      await loop?.end();
    },
    failed(topic, partition, error) {
      const position = partitions.get(keyOf(topic, partition))?.progress().position;
      logger.error(
        { service, topic, partition, position, error: error.message, stack: error.stack },
        'a partition has stopped',
      );
      onFailure({ service, topic, partition, error });
    },
  };
}
