// How far a log is in time.
import type { Log } from './port.ts';

/** The time of the newest record of some topics, milliseconds UTC; null where they are empty. */
export async function newestTime(
  log: Pick<Log, 'partitions' | 'marks' | 'read'>,
  topics: readonly string[],
): Promise<number | null> {
  let newest: number | null = null;
  for (const topic of topics) {
    for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
      const { low, high } = await log.marks(topic, partition);
      if (high === low) continue;
      const [record] = (await log.read(topic, partition, high - 1, 1)).records;
      if (record !== undefined) newest = Math.max(newest ?? 0, record.time);
    }
  }
  return newest;
}
