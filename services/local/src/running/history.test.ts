import { encodeLine, objectKey, openMemoryArchive, packLines } from '@gapwatch/storage';
import { type Log, openMemoryLog } from '@gapwatch/transport';
import { beforeEach, describe, expect, it } from 'vitest';
import { historyOf } from './history.ts';

const topic = 'signals';
const records = 30;

describe('a log with an archive behind it', () => {
  let log: Log;
  const archive = openMemoryArchive();
  const keys: string[] = [];
  beforeEach(async () => {
    log = openMemoryLog({ clock: { now: () => 5 } });
    await log.createTopic(topic, 1);
    const values = Array.from({ length: records }, (_, index) => `value ${index}`);
    await log.append(values.map((value) => ({ topic, partition: 0, key: null, value })));
    for (const key of keys.splice(0)) await archive.delete(key);
  });

  async function keep(first: number, last: number): Promise<void> {
    const { records: kept } = await log.read(topic, 0, first, last - first + 1);
    const key = objectKey({ topic, partition: 0, hour: 0, first, last });
    keys.push(key);
    await archive.put(key, await packLines(Buffer.from(kept.map(encodeLine).join(''))));
  }

  async function readAll(limit: number): Promise<string[]> {
    const history = historyOf(log, archive);
    const { low, high } = await history.marks(topic, 0);
    const found: string[] = [];
    for (let at = low; at < high; ) {
      const chunk = await history.read(topic, 0, at, limit);
      expect(chunk.records.map(({ offset }) => offset)).toEqual(chunk.records.map((_, index) => at + index));
      expect(chunk.records.length).toBeLessThanOrEqual(limit);
      found.push(...chunk.records.map(({ value }) => new TextDecoder().decode(value!)));
      at = chunk.next;
    }
    return found;
  }

  it.each([1, 7, 100])('is read from the first record to the last, %i at a time, overlaps once', async (limit) => {
    await keep(0, 4);
    await keep(3, 11);
    await keep(12, 25);
    await log.deleteBefore(topic, 0, 20);
    expect(await readAll(limit)).toEqual(Array.from({ length: records }, (_, index) => `value ${index}`));
  });

  it('needs no archive while the log has everything', async () => {
    expect(await readAll(8)).toHaveLength(records);
  });

  it('may be read again from anywhere', async () => {
    await keep(0, 25);
    await log.deleteBefore(topic, 0, 20);
    const history = historyOf(log, archive);
    for (const from of [0, 10, 3, 10, 25]) {
      expect((await history.read(topic, 0, from, 2)).records.map(({ offset }) => offset)).toEqual([from, from + 1]);
    }
  });

  it.each([
    ['between the archive and the log', [[0, 9]], 'from 10 to 19'],
    [
      'in the archive',
      [
        [0, 4],
        [10, 25],
      ] /* an object is gone */,
      'from 5 to 9',
    ],
    ['at the beginning', [[5, 25]], 'from 0 to 4'],
    ['everywhere', [], 'from 0 to 19'],
  ])('says which stretch neither has: %s', async (_, kept, stretch) => {
    for (const [first, last] of kept) await keep(first!, last!);
    await log.deleteBefore(topic, 0, 20);
    await expect(historyOf(log, archive).marks(topic, 0)).rejects.toThrow(stretch);
  });

  it('says so, too, when the stretch goes away while it is read', async () => {
    await keep(0, 9);
    await log.deleteBefore(topic, 0, 5);
    const history = historyOf(log, archive);
    expect(await history.marks(topic, 0)).toEqual({ low: 0, high: records });
    await log.deleteBefore(topic, 0, 15);
    expect((await history.read(topic, 0, 0, 100)).next).toBe(10);
    await expect(history.read(topic, 0, 10, 100)).rejects.toThrow('from 10 to 14');
  });
});
