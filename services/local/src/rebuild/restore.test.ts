import { topicNames } from '@gapwatch/contracts';
import {
  type Archive,
  encodeLine,
  objectKey,
  openMemoryArchive,
  openMemoryState,
  packLines,
  type StateStore,
} from '@gapwatch/storage';
import { openMemoryLog } from '@gapwatch/transport';
import type { KafkaLog } from '@gapwatch/transport/kafka';
import { beforeEach, describe, expect, it } from 'vitest';
import { closeRestored, restoreLog } from './restore.ts';

const begin = Date.UTC(2026, 2, 5, 10);
const raw = 'raw.reviews';

/** A log in memory that is opened for a past as Kafka is. */
function openLog(): KafkaLog {
  const log = openMemoryLog({ clock: { now: () => Date.UTC(2026, 10, 1) } });
  const open = new Set<string>();
  return {
    ...log,
    members: async () => 0,
    copies: async () => ({ brokers: 1, fewest: 1, behind: 0 }),
    async openPast(topic, partitions) {
      await log.createTopic(topic, partitions);
      open.add(topic);
    },
    closePast: async (topic) => {
      open.delete(topic);
    },
    isPastOpen: async (topic) => open.has(topic),
  };
}

/** Records `first` to `last` of a partition as one object; each was made of what `origin` says. */
type Kept = { topic: string; partition?: number; first?: number; last: number; origin?: object };

async function keep(archive: Archive, { topic, partition = 0, first = 0, last, origin }: Kept): Promise<void> {
  const offsets = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const lines = offsets.map((offset) => {
    const value = Buffer.from(JSON.stringify({ offset, ...(offset === last && origin && { origin }) }));
    return encodeLine({
      topic,
      partition,
      offset,
      time: begin + offset,
      key: `k${offset}`,
      value,
      headers: { a: 'b' },
    });
  });
  const key = objectKey({ topic, partition, hour: begin / 3_600_000, first, last });
  await archive.put(key, await packLines(Buffer.from(lines.join(''))));
}

const { signals, friction, alerts, deliveries, commands, deadLetters } = topicNames;

describe('restoring a log', () => {
  let log: KafkaLog;
  let state: StateStore;
  let archive: Archive;
  beforeEach(() => {
    log = openLog();
    state = openMemoryState();
    archive = openMemoryArchive();
  });

  const restored = () => restoreLog({ log, state, archive }, () => {});
  const offsetsOf = async (topic: string, partition = 0) => {
    const { low, high } = await log.marks(topic, partition);
    const { records } = await log.read(topic, partition, low, 100_000);
    return { low, high, times: records.map(({ time }) => time - begin) };
  };

  it('gives every record its offset and time back, in topics that stay open until they are closed', async () => {
    await keep(archive, { topic: signals, last: 2 });
    await keep(archive, { topic: signals, first: 3, last: 4 });
    await keep(archive, { topic: signals, partition: 1, last: 0 });
    await keep(archive, { topic: friction, last: 1, origin: { topic: signals, partition: 0, offset: 4 } });
    expect(await restored()).toBe(8);
    expect(await offsetsOf(signals)).toEqual({ low: 0, high: 5, times: [0, 1, 2, 3, 4] });
    const { records } = await log.read(signals, 0, 4, 1);
    expect(records[0]).toMatchObject({ offset: 4, key: 'k4', headers: { a: 'b' } });
    const partitions = [signals, deadLetters, friction, alerts, deliveries, commands].map((topic) =>
      log.partitions(topic),
    );
    expect(await Promise.all(partitions)).toEqual([2, 2, 1, 1, 1, 1]);
    expect(await state.partition(`archiver.${signals}`, 0).position()).toBe(5);
    expect(await log.isPastOpen(signals)).toBe(true);
    await closeRestored(log);
    expect(await log.isPastOpen(signals)).toBe(false);
    expect(await restored()).toBeNull();
  });

  it('goes on where another one was killed, and refuses to where something else was written meanwhile', async () => {
    await keep(archive, { topic: signals, last: 1 });
    await restored();
    await keep(archive, { topic: signals, first: 2, last: 3 });
    expect(await restored()).toBe(4);
    expect(await offsetsOf(signals)).toEqual({ low: 0, high: 4, times: [0, 1, 2, 3] });
    await log.append([{ topic: signals, partition: 0, key: null, value: 'by somebody' }]);
    await keep(archive, { topic: signals, first: 4, last: 5 });
    await expect(restored()).rejects.toThrow('signals/0: the record 4 of the archive is not what Kafka has there');
  });

  it('numbers raw records on from those that were tagged, and keeps the last of them to be read again', async () => {
    const origin = (offset: number, partition = 0) => ({ topic: raw, partition, offset, index: 0 });
    await keep(archive, { topic: signals, last: 3, origin: origin(8_999) });
    await keep(archive, { topic: signals, partition: 1, last: 3, origin: origin(20, 2) });
    await keep(archive, { topic: raw, last: 99 });
    await keep(archive, { topic: raw, first: 3_000, last: 9_009 });
    await restored();
    const times = Array.from({ length: 9_010 - 4_000 }, (_, index) => 4_000 + index);
    expect(await offsetsOf(raw)).toEqual({ low: 4_000, high: 9_010, times });
    // of a partition whose records have all run out of their retention the number alone goes on
    expect(await offsetsOf(raw, 2)).toMatchObject({ high: 21 });
    expect(await log.partitions(raw)).toBe(3);
  });

  it('keeps of dead letters what has not run out of its retention', async () => {
    await keep(archive, { topic: signals, last: 0 });
    await keep(archive, { topic: deadLetters, first: 7, last: 8 });
    await restored();
    expect(await offsetsOf(deadLetters)).toEqual({ low: 7, high: 9, times: [7, 8] });
  });

  it('is nothing where there is no archive, or nothing in it, or nothing more than in the log', async () => {
    expect(await restoreLog({ log, state, archive: null }, () => {})).toBeNull();
    expect(await restored()).toBeNull();
    await keep(archive, { topic: signals, last: 0 });
    await log.createTopic(signals, 1);
    await log.append([{ topic: signals, partition: 0, key: null, value: 'x' }]);
    expect(await restored()).toBeNull();
  });

  it.each<[string, Kept[], string]>([
    [
      'a hole',
      [
        { topic: friction, last: 3 },
        { topic: friction, first: 5, last: 6 },
      ],
      'friction/0: the archive lacks the record 4',
    ],
    ['a beginning that is missing', [{ topic: alerts, first: 2, last: 6 }], 'alerts/0: the archive lacks the record 0'],
    [
      'an end that is missing',
      [{ topic: friction, last: 3, origin: { topic: signals, partition: 0, offset: 1, index: 0 } }],
      'friction/0: the record 3 was made of signals/0 1, and the archive has signals/0 up to 1: it is not whole yet',
    ],
    ['a topic of somebody else', [{ topic: 'their.reviews', last: 1 }], 'their.reviews belongs to somebody else'],
    [
      'signals of a topic of somebody else',
      [{ topic: alerts, last: 1, origin: { topic: 'their.reviews', partition: 0, offset: 1, index: 0 } }],
      'their.reviews belongs to somebody else',
    ],
  ])('is refused for %s', async (_, kept, message) => {
    await keep(archive, { topic: signals, last: 0 });
    for (const one of kept) await keep(archive, one);
    await expect(restored()).rejects.toThrow(message);
  });

  it('is refused beside topics of ours, beside a state, and half done without its archive', async () => {
    await keep(archive, { topic: signals, last: 3 });
    await state.partition('detector', 0).apply({ expected: 0, next: 5, documents: [], cells: new Map() });
    await expect(restored()).rejects.toThrow('Redis holds what was folded of the friction of another log');
    await log.createTopic(commands, 1);
    await expect(restored()).rejects.toThrow('Kafka has a topic commands');
    await log.openPast(signals, 1);
    const without = restoreLog({ log, state, archive: null }, () => {});
    await expect(without).rejects.toThrow('half restored from an archive: set GAPWATCH_S3_BUCKET');
  });
});
