// The records of one partition of the archive in the order of the log, each once: objects may overlap after a crash.
// Memory is one object, a few more as they are packed, and the keys of the partition's objects, one for each hour that had
// records.
import type { LogRecord } from '@gapwatch/contracts';
import { type ObjectPlace, parseObjectKey, topicPrefix } from './layout.ts';
import { recordsOf } from './object.ts';
import type { ArchiveReader } from './port.ts';

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
  archive: ArchiveReader,
  topic: string,
  partition: number,
  from = 0,
): AsyncGenerator<ArchivedItem> {
  let next = from;
  const wanted = (await objectsOf(archive, topic, partition)).filter(({ last }) => last >= from);
  for await (const { key, last, bytes } of fetched(archive, wanted)) {
    if (last < next) continue;
    for (const record of await recordsOf(key, bytes)) {
      if (record.offset < next) continue;
      if (record.offset > next) yield { type: 'hole', from: next, to: record.offset };
      yield { type: 'record', record };
      next = record.offset + 1;
    }
  }
}

/** An hour is a small object, and a bucket is far away: so many are on their way at once. */
const fetchedAhead = 8;

async function* fetched(
  archive: ArchiveReader,
  objects: readonly Found[],
): AsyncGenerator<Found & { bytes: Uint8Array }> {
  const ahead: Promise<Uint8Array>[] = [];
  for (const [index, object] of objects.entries()) {
    for (const { key } of objects.slice(index + ahead.length, index + fetchedAhead)) {
      const bytes = archive.get(key);
      // told when it is its turn, if anybody still asks then
      bytes.catch(() => {});
      ahead.push(bytes);
    }
    yield { ...object, bytes: await ahead.shift()! };
  }
}

/** By their first offset, the longest first: what a later one adds lies behind. */
async function objectsOf(archive: ArchiveReader, topic: string, partition: number): Promise<Found[]> {
  const found: Found[] = [];
  for await (const key of archive.list(topicPrefix(topic))) {
    const place = parseObjectKey(key);
    if (place?.topic === topic && place.partition === partition) found.push({ ...place, key });
  }
  return found.sort((one, other) => one.first - other.first || other.last - one.last);
}
