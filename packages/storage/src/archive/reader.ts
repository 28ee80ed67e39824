// The records of one partition of the archive in the order of the log, each once: objects may overlap after a crash.
// Memory is one object and the keys of the partition's objects, one for each hour that had records.
import type { LogRecord } from '@gapwatch/contracts';
import { type ObjectPlace, parseObjectKey, topicPrefix } from './layout.ts';
import { readObject } from './object.ts';
import type { Archive } from './port.ts';

export type ArchivedItem =
  | { readonly type: 'record'; readonly record: LogRecord }
  /** offsets without a record, `to` excluded: run out of their retention, lost, or never given by the log */
  | { readonly type: 'hole'; readonly from: number; readonly to: number };

type Found = ObjectPlace & { readonly key: string };

/**
 * Records from an offset on. What lies behind the last object is no hole: nobody knows of it.
 * @throws DamagedObject at the first object that is not what its key promises
 */
export async function* readPartition(
  archive: Archive,
  topic: string,
  partition: number,
  from = 0,
): AsyncGenerator<ArchivedItem> {
  let next = from;
  for (const { key, last } of await objectsOf(archive, topic, partition)) {
    if (last < next) continue;
    for (const record of await readObject(archive, key)) {
      if (record.offset < next) continue;
      if (record.offset > next) yield { type: 'hole', from: next, to: record.offset };
      yield { type: 'record', record };
      next = record.offset + 1;
    }
  }
}

/** By their first offset, the longest first: what a later one adds lies behind. */
async function objectsOf(archive: Archive, topic: string, partition: number): Promise<Found[]> {
  const found: Found[] = [];
  for await (const key of archive.list(topicPrefix(topic))) {
    const place = parseObjectKey(key);
    if (place?.topic === topic && place.partition === partition) found.push({ ...place, key });
  }
  return found.sort((one, other) => one.first - other.first || other.last - one.last);
}
