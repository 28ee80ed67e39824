import { type Output, topicNames } from '@gapwatch/contracts';
import { StorageError } from '@gapwatch/runtime';
import {
  type Archive,
  archivedHour,
  openMemoryArchive,
  openMemoryState,
  parseObjectKey,
  readObject,
  readPartition,
  type StateStore,
} from '@gapwatch/storage';
import { type Log, type LoopFailure, openMemoryLog } from '@gapwatch/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HoldLimits } from './batch.ts';
import { create, namespaceOf } from './index.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const begin = Date.UTC(2026, 2, 5, 10);
const raw = 'raw.reviews';
const topics = new Map([
  [topicNames.signals, null],
  [raw, 30],
  ['quiet', null],
]) as ReadonlyMap<string, number | null>;

/** An archive whose calls can be made to fail: each entry strikes the next put, before it or after it was done. */
function faulty(archive: Archive, plan: { when: 'before' | 'after'; error: Error }[]): Archive {
  return {
    ...archive,
    async put(key, bytes) {
      const fault = plan.shift();
      if (fault?.when === 'before') throw fault.error;
      const result = await archive.put(key, bytes);
      if (fault?.when === 'after') throw fault.error;
      return result;
    },
  };
}

describe('the archiver', () => {
  let now: number;
  let log: Log;
  let state: StateStore;
  let archive: Archive;
  let failures: LoopFailure[];
  let logged: { message: string; facts: object }[];
  /** wakes the rounds of every archiver that sleeps */
  let wake: () => void;

  beforeEach(async () => {
    now = begin;
    log = openMemoryLog({ clock: { now: () => now } });
    for (const topic of topics.keys()) await log.createTopic(topic, topic === 'quiet' ? 1 : 2);
    state = openMemoryState();
    archive = openMemoryArchive();
    failures = [];
    logged = [];
    wake = () => {};
  });
  afterEach(() => log.close());

  function archiver(options: { archive?: Archive; limits?: HoldLimits; state?: StateStore } = {}) {
    const note = (facts: object, message: string) => {
      logged.push({ facts, message });
    };
    return create({
      loop: {
        log,
        clock: { now: () => now },
        logger: { info: note, warn: note, error: note },
        random: () => 0,
        chunkRecords: 3,
        onFailure: (failure) => failures.push(failure),
      },
      state,
      archive,
      topics,
      sleep: (_delayMs, signal) =>
        new Promise((resolve, reject) => {
          wake = () => resolve(undefined);
          if (signal.aborted) reject();
          signal.addEventListener('abort', reject, { once: true });
        }),
      ...options,
    });
  }

  async function write(topic: string, count: number, fields: Partial<Output> = {}): Promise<void> {
    const outputs = Array.from({ length: count }, (_, index) => ({
      topic,
      key: null,
      value: `v${index}`,
      partition: 0,
    }));
    await log.append(outputs.map((output) => ({ ...output, ...fields })));
  }

  async function keys(topic = topicNames.signals as string): Promise<string[]> {
    return Array.fromAsync(archive.list(`topic=${topic}/`));
  }

  async function offsets(topic = topicNames.signals as string): Promise<(number | string)[]> {
    const items = await Array.fromAsync(readPartition(archive, topic, 0));
    return items.map((item) => (item.type === 'record' ? item.record.offset : `hole ${item.from}-${item.to}`));
  }

  const position = (topic = topicNames.signals as string) => state.partition(namespaceOf(topic), 0).position();
  const upTo = (end: number) => Array.from({ length: end }, (_, index) => index);

  /** Resolves when the archiver has read so many records of partition 0. */
  async function reads(service: ReturnType<typeof create>, end: number, topic = topicNames.signals as string) {
    const read = () => service.progress().find((at) => at.topic === topic && at.partition === 0)?.position;
    await expect.poll(read, { interval: 1 }).toBe(end);
  }

  it('keeps every topic and partition under the hours of its records, and moves behind what is kept', async () => {
    const service = archiver();
    await service.start();
    await write(topicNames.signals, 4, { key: 'c', headers: { schema: 'x' } });
    await write(topicNames.signals, 2, { partition: 1 });
    await reads(service, 4);
    now += hourMs;
    await write(topicNames.signals, 3);
    await expect.poll(() => position(), { interval: 1 }).toBe(4);
    expect(await keys()).toEqual([
      'topic=signals/dt=2026-03-05/hr=10/part=0/0000000000000000-0000000000000003.ndjson.zst',
    ]);
    await service.stop();
    expect(await keys()).toEqual([
      'topic=signals/dt=2026-03-05/hr=10/part=0/0000000000000000-0000000000000003.ndjson.zst',
      'topic=signals/dt=2026-03-05/hr=10/part=1/0000000000000000-0000000000000001.ndjson.zst',
      'topic=signals/dt=2026-03-05/hr=11/part=0/0000000000000004-0000000000000006.ndjson.zst',
    ]);
    expect(await position()).toBe(7);
    const [first] = await readObject(archive, (await keys())[0]!);
    expect(first).toMatchObject({ topic: 'signals', offset: 0, time: begin, key: 'c', headers: { schema: 'x' } });
  });

  it('writes an hour that is over by the clock, though nothing comes after it', async () => {
    const service = archiver();
    await service.start();
    await write(topicNames.signals, 2);
    await reads(service, 2);
    now += hourMs - 1;
    wake();
    await write(topicNames.signals, 1);
    await reads(service, 3);
    expect(await keys()).toEqual([]);
    now += 1;
    wake();
    await expect.poll(() => offsets(), { interval: 1 }).toEqual([0, 1, 2]);
    expect(await position()).toBe(3);
    await write(topicNames.signals, 1);
    await reads(service, 4);
    await service.stop();
    expect(await offsets()).toEqual([0, 1, 2, 3]);
  });

  it('holds back no more than the limits say', async () => {
    const service = archiver({ limits: { records: 4, sizeBytes: 1_000_000, allBytes: 1_000_000 } });
    await write(topicNames.signals, 10);
    await service.start();
    await expect.poll(() => position(), { interval: 1 }).toBe(8);
    await service.stop();
    expect(await keys()).toHaveLength(3);
  });

  it('holds back no more than its share of what all partitions may', async () => {
    const lineBytes = 200;
    const partitions = [...topics.keys()].reduce((sum, topic) => sum + (topic === 'quiet' ? 1 : 2), 0);
    const allBytes = partitions * 5 * lineBytes;
    const service = archiver({ limits: { records: 1_000, sizeBytes: 1_000_000, allBytes } });
    await write(topicNames.signals, 60);
    await service.start();
    await reads(service, 60);
    const heldBack = 60 - (await position());
    await service.stop();
    // a line of these records has no less than half of that
    expect(heldBack).toBeGreaterThan(0);
    expect(heldBack).toBeLessThanOrEqual(10);
  });

  it('killed before the position moved, a later one doubles no record for a reader and loses none', async () => {
    await write(topicNames.signals, 5);
    const lost = { ...state, partition: refusing };
    function refusing(...place: Parameters<StateStore['partition']>): ReturnType<StateStore['partition']> {
      const apply = async () => {
        throw new Error('killed');
      };
      return { ...state.partition(...place), apply };
    }
    const first = archiver({ state: lost, limits: { records: 2, sizeBytes: 1_000_000, allBytes: 1_000_000 } });
    await first.start();
    await expect.poll(() => failures.length, { interval: 1 }).toBe(1);
    await first.stop();
    expect(await position()).toBe(0);
    expect(await keys()).toHaveLength(1);
    const second = archiver();
    await second.start();
    await reads(second, 5);
    await second.stop();
    expect(await keys()).toHaveLength(2);
    expect(await offsets()).toEqual(upTo(5));
  });

  it.each(['before', 'after'] as const)('waits out a full disk that strikes %s the object is there', async (when) => {
    await write(topicNames.signals, 3);
    now += hourMs;
    await write(topicNames.signals, 3);
    const full = { when, error: new StorageError('disk-full', 'here') };
    const service = archiver({ archive: faulty(archive, [full, full]) });
    await service.start();
    await expect.poll(() => position(), { interval: 1 }).toBe(3);
    await service.stop();
    expect(await offsets()).toEqual(upTo(6));
    expect(failures).toEqual([]);
  });

  it('goes on where another one has been', async () => {
    const service = archiver();
    await service.start();
    await write(topicNames.signals, 3);
    await reads(service, 3);
    const apply = { expected: 0, next: 2, documents: [], cells: new Map() };
    await state.partition(namespaceOf(topicNames.signals), 0).apply(apply);
    now += hourMs;
    await write(topicNames.signals, 3);
    await reads(service, 6);
    await service.stop();
    expect(await position()).toBe(6);
    expect(await offsets()).toEqual(upTo(6));
  });

  it('takes the same records in other bytes for what they are, and stops before those of another log', async () => {
    await write(topicNames.signals, 2);
    const first = archiver();
    await first.start();
    await reads(first, 2);
    await first.stop();
    const [key = ''] = await keys();
    const { constants, zstdCompressSync, zstdDecompressSync } = await import('node:zlib');
    const lines = zstdDecompressSync(await archive.get(key));
    await archive.delete(key);
    await archive.put(key, zstdCompressSync(lines, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }));
    await state.drop(namespaceOf(topicNames.signals));
    const second = archiver();
    await second.start();
    await reads(second, 2);
    await second.stop();
    expect(failures).toEqual([]);

    await archive.delete(key);
    await archive.put(key, zstdCompressSync(Buffer.from(String(lines).replaceAll('v0', 'w0'))));
    await state.drop(namespaceOf(topicNames.signals));
    const third = archiver();
    await third.start();
    await reads(third, 2);
    await third.stop();
    expect(failures.map(({ error }) => error.name)).toEqual(['ObjectDiffers']);
    expect(failures[0]?.error.message).toContain(key);
  });

  it('names what left the log before it came, and goes on behind it', async () => {
    await write(topicNames.signals, 5);
    await log.deleteBefore(topicNames.signals, 0, 3);
    const service = archiver();
    await service.start();
    await reads(service, 5);
    await service.stop();
    expect(await offsets()).toEqual(['hole 0-3', 3, 4]);
    const hole = logged.find(({ message }) => message.includes('the archive has a hole'));
    expect(hole?.facts).toEqual({ topic: topicNames.signals, partition: 0, from: 0, to: 3 });
  });

  it.each([
    [3, []],
    [5, [{ topic: topicNames.signals, partition: 0, from: 4, to: 5 }]],
  ])('with a state that was lost names no hole where the objects are: the log begins at %i', async (low, holes) => {
    await write(topicNames.signals, 4);
    const first = archiver();
    await first.start();
    await reads(first, 4);
    await first.stop();
    await state.drop(namespaceOf(topicNames.signals));
    await write(topicNames.signals, 3);
    await log.deleteBefore(topicNames.signals, 0, low);
    const second = archiver();
    await second.start();
    await reads(second, 7);
    await second.stop();
    const said = logged.filter(({ message }) => message.includes('the archive has a hole'));
    expect(said.map(({ facts }) => facts)).toEqual(holes);
    expect(await position()).toBe(7);
  });

  describe('and retention', () => {
    const daysOf = async (topic: string) =>
      (await keys(topic)).map((key) => Math.floor((parseObjectKey(key)!.hour - archivedHour(begin)) / 24));

    it('deletes raw payloads once a day of log time when their days are over, and nothing else', async () => {
      const service = archiver();
      await service.start();
      for (let day = 0; day <= 33; day += 1) {
        for (const topic of [raw, topicNames.signals]) await write(topic, 1);
        await reads(service, day + 1, raw);
        await reads(service, day + 1);
        wake();
        now += dayMs;
      }
      await expect.poll(() => daysOf(raw), { interval: 1 }).toEqual(Array.from({ length: 30 }, (_, day) => day + 3));
      await service.stop();
      expect(await daysOf(raw)).toEqual(Array.from({ length: 31 }, (_, day) => day + 3));
      expect(await daysOf(topicNames.signals)).toEqual(upTo(34));
      expect(await offsets(raw)).toEqual(['hole 0-3', ...upTo(34).slice(3)]);
    });

    it('goes by the time of the log, whatever the clock says', async () => {
      for (const topic of [raw, topicNames.signals]) await write(topic, 1);
      now += 400 * dayMs;
      const service = archiver();
      await service.start();
      await reads(service, 1, raw);
      wake();
      await expect.poll(() => keys(raw), { interval: 1 }).toHaveLength(1);
      await service.stop();
    });

    it('does not write what has run out before it is read', async () => {
      await write(raw, 3);
      now += 31 * dayMs;
      await write(raw, 2);
      await write(topicNames.signals, 1);
      const service = archiver();
      await service.start();
      await reads(service, 5, raw);
      await service.stop();
      expect(await offsets(raw)).toEqual(['hole 0-3', 3, 4]);
      expect(await position(raw)).toBe(5);
    });
  });
});
