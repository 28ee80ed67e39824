// The archiver: every topic into the archive, an object an hour and partition, or several where there is much.
// Delivery: at least once; the position moves when the object is durable. What is held back, at most the current hour and
// `limits`, is written when a record of a later hour comes, when the clock passes the hour, or at a stop.
import { topicNames } from '@gapwatch/contracts';
import { type Rounds, type Service, type Sleep, startRounds } from '@gapwatch/runtime';
import { type Archive, archivedHour, type StateStore } from '@gapwatch/storage';
import { createLoop, type Log, type LoopSettings, newestTime } from '@gapwatch/transport';
import { defaultLimits, type HoldLimits, shareOf } from './batch.ts';
import { ArchivedPartition } from './partition.ts';
import { Retention } from './retention.ts';

/** Where the loop names none: a stop waits for the chunk in flight, and each tick of a played past is an object. */
const chunkRecords = 200;
/** between two looks at the hours that are over */
const everyMs = 60_000;

export type ArchiverDependencies = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  readonly archive: Archive;
  /** the topics to read, and for how many days of log time each is kept; null: for ever */
  readonly topics: ReadonlyMap<string, number | null>;
  readonly limits?: HoldLimits;
  readonly sleep?: Sleep;
};

/** Where the position of the archiver in a topic is kept. */
export function namespaceOf(topic: string): string {
  return `archiver.${topic}`;
}

export function create(dependencies: ArchiverDependencies): Service {
  const { loop, archive, topics, sleep } = dependencies;
  const partitions = new Map<string, ArchivedPartition>();
  const retention = new Retention(archive, topics);
  const reading = createLoop(loopOptions(dependencies, partitions, retention));
  let rounds: Rounds | null = null;
  return {
    name: reading.name,
    async start() {
      // what ran out of its retention long ago, in a past that was just played, is not written down at all
      await learnTime(loop.log, retention);
      await reading.start();
      rounds = startRounds((signal) => round({ partitions, retention, loop, signal }), everyMs, sleep);
    },
    async stop() {
      await Promise.all([rounds?.stop(), reading.stop()]);
    },
    progress: () => reading.progress(),
  };
}

function loopOptions(
  { loop, state, archive, topics, limits: all = defaultLimits }: ArchiverDependencies,
  partitions: Map<string, ArchivedPartition>,
  retention: Retention,
): Parameters<typeof createLoop>[0] {
  const { log, logger } = loop;
  return {
    chunkRecords,
    ...loop,
    service: 'archiver',
    topics: [...topics.keys()],
    open(topic, partition, opened) {
      const own = state.partition(namespaceOf(topic), partition);
      const limits = () => shareOf(all, opened());
      const work = new ArchivedPartition({ topic, partition, archive, state: own, log, limits, retention, logger });
      partitions.set(`${topic}/${partition}`, work);
      return work;
    },
    onFailure(failure) {
      partitions.delete(`${failure.topic}/${failure.partition}`);
      loop.onFailure?.(failure);
    },
  };
}

/** Log time is that of the newest of `signals`, which is ticked; raw topics may be silent, or somebody else's. */
async function learnTime(log: Log, retention: Retention): Promise<void> {
  const newest = await newestTime(log, [topicNames.signals]);
  if (newest !== null) retention.advance(newest);
}

type Round = {
  readonly partitions: ReadonlyMap<string, ArchivedPartition>;
  readonly retention: Retention;
  readonly loop: LoopSettings;
  readonly signal: AbortSignal;
};

/** What cannot be done while a disk is full is done in a later round; what is deleted first makes room. */
async function round({ partitions, retention, loop: { log, clock, logger }, signal }: Round): Promise<void> {
  try {
    await learnTime(log, retention);
    const objects = await retention.sweep();
    if (objects > 0) logger.info({ objects }, 'objects have run out of their retention and were deleted');
    for (const partition of partitions.values()) {
      if (signal.aborted) return;
      await partition.closeBefore(archivedHour(clock.now()));
    }
  } catch (error) {
    logger.warn({ error: String(error) }, 'the archive cannot be written: trying again in a minute');
  }
}
