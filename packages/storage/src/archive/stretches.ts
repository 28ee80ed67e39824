// Which offsets the archive has, by the keys of its objects alone. Memory is O(objects).
import { type ObjectPlace, parseObjectKey, topicPrefix } from './layout.ts';
import type { ArchiveReader } from './port.ts';

/** Offsets without a hole between them, `end` excluded. */
export type Stretch = { readonly first: number; readonly end: number };

/** By topic and partition; the stretches of one in order, none touching the next. `topic`: of this one alone. */
export async function archivedStretches(
  archive: ArchiveReader,
  topic?: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, readonly Stretch[]>>> {
  const places: ObjectPlace[] = [];
  for await (const key of archive.list(topic === undefined ? '' : topicPrefix(topic))) {
    const place = parseObjectKey(key);
    if (place !== null) places.push(place);
  }
  const byTopic = Map.groupBy(places, (place) => place.topic);
  return new Map([...byTopic].map(([name, own]) => [name, byPartition(own)]));
}

/** The first offset from this one on that is in none of them. */
export function archivedUntil(stretches: readonly Stretch[] = [], offset = 0): number {
  return stretches.find(({ first, end }) => first <= offset && offset < end)?.end ?? offset;
}

function byPartition(places: readonly ObjectPlace[]): Map<number, Stretch[]> {
  const partitions = Map.groupBy(places, ({ partition }) => partition);
  return new Map([...partitions].map(([partition, own]) => [partition, merged(own)]));
}

function merged(places: readonly ObjectPlace[]): Stretch[] {
  const stretches: { first: number; end: number }[] = [];
  for (const { first, last } of places.toSorted((one, other) => one.first - other.first)) {
    const before = stretches.at(-1);
    if (before === undefined || first > before.end) stretches.push({ first, end: last + 1 });
    else before.end = Math.max(before.end, last + 1);
  }
  return stretches;
}
