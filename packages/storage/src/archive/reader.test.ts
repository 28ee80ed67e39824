import type { LogRecord } from '@gapwatch/contracts';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeLine, objectKey } from './layout.ts';
import { openMemoryArchive } from './memory/archive.ts';
import { packLines } from './object.ts';
import { type Archive, NoSuchObject } from './port.ts';
import { type ArchivedItem, readPartition } from './reader.ts';

const hourMs = 3_600_000;

function recordAt(offset: number, hour = 0, topic = 'signals'): LogRecord {
  const value = Buffer.from(`value ${offset}`);
  return { topic, partition: 0, offset, time: hour * hourMs + 5, key: null, value, headers: {} };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('reading a partition of the archive', () => {
  let archive: Archive;
  beforeEach(() => {
    archive = openMemoryArchive();
  });

  /** Puts an object of these records; answers its key. */
  async function put(records: readonly LogRecord[], hour = 0): Promise<string> {
    const [first, last] = [records[0]!, records.at(-1)!];
    const { topic, partition } = first;
    const key = objectKey({ topic, partition, hour, first: first.offset, last: last.offset });
    await archive.put(key, await packLines(Buffer.from(records.map(encodeLine).join(''))));
    return key;
  }

  async function read(from = 0): Promise<(number | string)[]> {
    const items: ArchivedItem[] = await Array.fromAsync(readPartition(archive, 'signals', 0, from));
    return items.map((item) => (item.type === 'record' ? item.record.offset : `hole ${item.from}-${item.to}`));
  }

  it('gives the records back as they were', async () => {
    const records = [recordAt(0), { ...recordAt(1), value: null, key: 'k', headers: { a: 'b' } }];
    await put(records);
    const items = await Array.fromAsync(readPartition(archive, 'signals', 0));
    expect(items).toEqual(records.map((record) => ({ type: 'record', record })));
  });

  it('gives nothing where there is nothing, and nothing of other topics and partitions', async () => {
    await put([recordAt(0, 0, 'signals.more')]);
    await put([{ ...recordAt(0), partition: 1 }]);
    expect(await read()).toEqual([]);
  });

  it('gives each record once where objects overlap', async () => {
    await put(range(0, 3).map((offset) => recordAt(offset)));
    await put(range(0, 5).map((offset) => recordAt(offset)));
    await put(range(2, 7).map((offset) => recordAt(offset)));
    await put(
      range(8, 9).map((offset) => recordAt(offset, 1)),
      1,
    );
    expect(await read()).toEqual(range(0, 9));
    expect(await read(4)).toEqual(range(4, 9));
  });

  it('follows the offsets where the times of a foreign topic go back', async () => {
    await put([recordAt(0, 7)], 7);
    await put([recordAt(1, 3)], 3);
    await put([recordAt(2, 7)], 7);
    expect(await read()).toEqual([0, 1, 2]);
  });

  it('names every hole', async () => {
    await put([recordAt(2), recordAt(3), recordAt(6)]);
    await put([recordAt(9, 1)], 1);
    expect(await read()).toEqual(['hole 0-2', 2, 3, 'hole 4-6', 6, 'hole 7-9', 9]);
    expect(await read(2)).toEqual([2, 3, 'hole 4-6', 6, 'hole 7-9', 9]);
  });

  it('is the log again, however the objects overlap', async () => {
    const lengths = fc.array(fc.record({ back: fc.nat(4), length: fc.integer({ min: 1, max: 6 }) }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lengths, async (runs) => {
        archive = openMemoryArchive();
        let end = 0;
        for (const { back, length } of runs) {
          const first = Math.max(0, end - back);
          await put(range(first, first + length - 1).map((offset) => recordAt(offset)));
          end = Math.max(end, first + length);
        }
        expect(await read()).toEqual(end === 0 ? [] : range(0, end - 1));
      }),
      { numRuns: 50 },
    );
  });

  it('has eight objects on their way at most, and tells what is wrong with one when it is its turn', async () => {
    const keys: string[] = [];
    for (const offset of range(0, 19)) keys.push(await put([recordAt(offset)]));
    let underWay = 0;
    let most = 0;
    const counting: Archive = {
      ...archive,
      async get(key) {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
        if (key === keys[5]) throw new NoSuchObject(key);
        return archive.get(key);
      },
    };
    const offsets: number[] = [];
    const reading = async () => {
      for await (const item of readPartition(counting, 'signals', 0)) {
        if (item.type === 'record') offsets.push(item.record.offset);
      }
    };
    await expect(reading()).rejects.toThrow(keys[5]);
    expect(offsets).toEqual(range(0, 4));
    expect(most).toBe(8);
  });

  const damages: [string, (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>, string][] = [
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 2), 'no whole Zstandard frame'],
    ['emptied', () => new Uint8Array(0), 'no whole Zstandard frame'],
    [
      'changed in one bit',
      (bytes) => bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
      'no whole Zstandard frame',
    ],
    ['of other lines', () => packLines(Buffer.from('{}\n')), 'line 1 is no record'],
    ['of half a line', () => packLines(Buffer.from('{}')), 'the last line has no end'],
    ['of fewer records', () => packLines(Buffer.from(encodeLine(recordAt(0)))), 'not those that the key names'],
    ['of another topic', () => packLines(Buffer.from(encodeLine(recordAt(0, 0, 'x')))), 'not those that the key names'],
  ];
  it.each(damages)('names an object that is %s, and what to do', async (_name, damage, reason) => {
    const key = await put([recordAt(0), recordAt(1)]);
    const bytes = await archive.get(key);
    await archive.delete(key);
    await archive.put(key, await damage(bytes));
    const error = await read().catch((caught: Error) => caught);
    expect(error).toMatchObject({ name: 'DamagedObject', key });
    expect((error as Error).message).toContain(key);
    expect((error as Error).message).toContain(reason);
    expect((error as Error).message).toContain('restore it from a copy');
  });
});
