// What the log of a data directory lets go of: what has outlived its retention, as long as a topic of Kafka has, and was read by
// everybody who reads it. What is counted from goes only where the archive has it, which verify and rebuild read from there.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { namespaceOf as archiverOf } from '@gapwatch/archiver';
import { type Configuration, rawTopic, retentionMs, topicNames } from '@gapwatch/contracts';
import type { Logger } from '@gapwatch/runtime';
import { type ArchiveReader, archivedStretches, readFolderArchive } from '@gapwatch/storage';
import type { Log } from '@gapwatch/transport';
import { type DataDirectory, files } from './directory.ts';
import { newestTime } from './feed.ts';
import { readingsOf } from './folded.ts';
import { topicOf } from './topics.ts';

export type RetentionOptions = {
  readonly directory: Pick<DataDirectory, 'path' | 'log' | 'state'>;
  readonly configuration: Pick<Configuration, 'sources' | 'archive'>;
};

const dayMs = 86_400_000;
const lookEveryMs = 3_600_000;

/** Looks at the start, and whenever a day of log time has passed. */
export function startRetention(options: RetentionOptions & { readonly logger: Pick<Logger, 'info' | 'warn'> }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const running = lookDaily(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function lookDaily(options: Parameters<typeof startRetention>[0], signal: AbortSignal): Promise<void> {
  const { directory, logger } = options;
  let swept: number | null = null;
  while (!signal.aborted) {
    try {
      const day = Math.floor(((await newestTime(directory.log, [topicNames.signals])) ?? 0) / dayMs);
      if (day !== swept) {
        const records = await letGo(options, signal);
        if (records > 0) logger.info({ records }, 'records have outlived their retention and left the log');
        swept = day;
      }
    } catch (error) {
      logger.warn({ error: String(error) }, 'the log cannot let go of what has outlived its retention');
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

/** By log time, which is that of the newest record of `signals`. Answers how many records went. O(records that go). */
export async function letGo(options: RetentionOptions, signal?: AbortSignal): Promise<number> {
  const { log } = options.directory;
  const now = (await newestTime(log, [topicNames.signals])) ?? 0;
  let gone = 0;
  for (const topic of await log.topics()) {
    const keptMs = keptFor(topic, options.configuration);
    if (keptMs === null) continue;
    for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
      if (signal?.aborted) return gone;
      const { low } = await log.marks(topic, partition);
      const until = await endOfOutlived({ ...options, topic, partition, before: now - keptMs });
      if (until <= low) continue;
      await log.deleteBefore(topic, partition, until);
      gone += until - low;
    }
  }
  return gone;
}

/** Windows can be counted again from these: without an archive they stay. */
const countedFrom: ReadonlySet<string> = new Set([topicNames.signals, topicNames.friction]);

/** null: for ever. */
function keptFor(topic: string, { sources, archive }: RetentionOptions['configuration']): number | null {
  if (archive === 'off' && countedFrom.has(topic)) return null;
  const source = sources.find((one) => topicOf(one) === topic);
  return retentionMs(source === undefined ? topic : rawTopic(source.id));
}

type Place = RetentionOptions & { readonly topic: string; readonly partition: number; readonly before: number };

/** The first offset that stays. The newest record does, since it says how late it is. */
async function endOfOutlived({ directory, configuration, topic, partition, before }: Place): Promise<number> {
  const { log, state, path } = directory;
  const { low, high } = await log.marks(topic, partition);
  const positions = readersOf(topic, configuration).map((namespace) =>
    state.partition(namespace, partition).position(),
  );
  const read = Math.min(high - 1, ...(await Promise.all(positions)));
  const until = await firstSince(log, { topic, partition, low, high: read, time: before });
  if (until <= low || !countedFrom.has(topic)) return until;
  return Math.min(until, await archivedEnd(readFolderArchive(join(path, files.archive)), topic, partition));
}

function readersOf(topic: string, { sources, archive }: RetentionOptions['configuration']): string[] {
  const readings = readingsOf(sources.map(topicOf)).filter((reading) => reading.topic === topic);
  const namespaces = readings.map(({ namespace }) => namespace);
  return archive === 'off' ? namespaces : [...namespaces, archiverOf(topic)];
}

type Stretch = {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
  readonly time: number;
};

/** Of offsets from `low` on, the first whose record is no older; `high` where all are. Times never go back. */
async function firstSince(log: Log, { topic, partition, low, high, time }: Stretch): Promise<number> {
  let [from, end] = [low, Math.max(low, high)];
  while (from < end) {
    const middle = Math.floor((from + end) / 2);
    const [record] = (await log.read(topic, partition, middle, 1)).records;
    if (record !== undefined && record.time < time) from = middle + 1;
    else end = middle;
  }
  return from;
}

/** Up to where the objects reach from the first record on without a hole. */
async function archivedEnd(archive: ArchiveReader, topic: string, partition: number): Promise<number> {
  const stretches = (await archivedStretches(archive, topic)).get(topic)?.get(partition) ?? [];
  return stretches.find(({ first }) => first === 0)?.end ?? 0;
}
