// What the log of a data directory lets go of: what has outlived its retention, as long as a topic of Kafka has, and was read by
// everybody who reads it. What is counted from goes only where the archive has it, which verify and rebuild read from there.
import { join } from 'node:path';
import { namespaceOf as archiverOf } from '@gapwatch/archiver';
import { type Configuration, isOurs, retentionMs, topicNames } from '@gapwatch/contracts';
import { type Logger, type Rounds, startRounds } from '@gapwatch/runtime';
import { archivedStretches, archivedUntil, readFolderArchive } from '@gapwatch/storage';
import { newestTime } from '@gapwatch/transport';
import { type DataDirectory, files } from './directory.ts';
import { readingsOf } from './folded.ts';

export type RetentionOptions = {
  readonly directory: Pick<DataDirectory, 'path' | 'log' | 'state'>;
  readonly configuration: Pick<Configuration, 'archive'>;
};

const dayMs = 86_400_000;
const lookEveryMs = 3_600_000;

/** Looks at the start, and whenever a day of log time has passed. */
export function startRetention(
  options: RetentionOptions & { readonly logger: Pick<Logger, 'debug' | 'warn'> },
): Rounds {
  const { directory, logger } = options;
  let swept: number | null = null;
  return startRounds(async (signal) => {
    try {
      // log time is that of signals, which is ticked
      const now = (await newestTime(directory.log, [topicNames.signals])) ?? 0;
      const day = Math.floor(now / dayMs);
      if (day === swept) return;
      const records = await letGo(now, options, signal);
      if (records > 0) logger.debug({ records }, 'records have outlived their retention and left the log');
      swept = day;
    } catch (error) {
      logger.warn({ error: String(error) }, 'the log cannot let go of what has outlived its retention');
    }
  }, lookEveryMs);
}

/** `now`: log time, milliseconds UTC. Answers how many records went. O(records that go). */
export async function letGo(now: number, options: RetentionOptions, signal?: AbortSignal): Promise<number> {
  let gone = 0;
  for (const topic of await options.directory.log.topics()) {
    const keptMs = keptFor(topic, options.configuration);
    if (keptMs !== null) gone += await letGoOf(topic, now - keptMs, options, signal);
  }
  return gone;
}

/** What a stop has to wait for at most. */
const stepRecords = 50_000;

async function letGoOf(
  topic: string,
  before: number,
  options: RetentionOptions,
  signal?: AbortSignal,
): Promise<number> {
  const { log, path } = options.directory;
  const archived = countedFrom.has(topic)
    ? await archivedStretches(readFolderArchive(join(path, files.archive)), topic)
    : null;
  let gone = 0;
  for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
    const outlived = await endOfOutlived({ ...options, topic, partition, before });
    const until = Math.min(outlived, archived === null ? outlived : archivedUntil(archived.get(topic)?.get(partition)));
    for (let { low } = await log.marks(topic, partition); low < until && !signal?.aborted; ) {
      const next = Math.min(until, low + stepRecords);
      await log.deleteBefore(topic, partition, next);
      gone += next - low;
      low = next;
    }
  }
  return gone;
}

/** Windows can be counted again from these: without an archive they stay. */
const countedFrom: ReadonlySet<string> = new Set([topicNames.signals, topicNames.friction]);

/** null: for ever. */
function keptFor(topic: string, { archive }: RetentionOptions['configuration']): number | null {
  if (archive === 'off' && countedFrom.has(topic)) return null;
  return retentionMs(topic);
}

type Place = RetentionOptions & { readonly topic: string; readonly partition: number; readonly before: number };

/** The first offset that is young enough, or that somebody has to read. The newest record stays, since it says how late it is. */
async function endOfOutlived({ directory, configuration, topic, partition, before }: Place): Promise<number> {
  const { log, state } = directory;
  const { low, high } = await log.marks(topic, partition);
  const positions = readersOf(topic, configuration).map((namespace) =>
    state.partition(namespace, partition).position(),
  );
  let [from, end] = [low, Math.max(low, Math.min(high - 1, ...(await Promise.all(positions))))];
  // times never go back
  while (from < end) {
    const middle = Math.floor((from + end) / 2);
    const [record] = (await log.read(topic, partition, middle, 1)).records;
    if (record !== undefined && record.time < before) from = middle + 1;
    else end = middle;
  }
  return from;
}

/** Also of a source that is configured no more: what it has not read yet waits for it. */
function readersOf(topic: string, { archive }: RetentionOptions['configuration']): string[] {
  const readings = readingsOf(isOurs(topic) ? [] : [topic]).filter((reading) => reading.topic === topic);
  const namespaces = readings.map(({ namespace }) => namespace);
  return archive === 'off' ? namespaces : [...namespaces, archiverOf(topic)];
}
