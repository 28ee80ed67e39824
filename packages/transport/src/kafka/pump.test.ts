// A pump alone: what it takes, what it asks for, and what it refuses to jump over.
import type { LogRecord } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import type { Chunk, ConsumerHandlers, Marks } from '../port.ts';
import { KafkaAway } from './faults.ts';
import { Pump } from './pump.ts';

function recordAt(offset: number): LogRecord {
  return { topic: 'signals', partition: 0, offset, time: 0, key: null, value: null, headers: {} };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => recordAt(from + index));

type MarksOf = () => Promise<Marks>;

/** A pump whose owner stands at `position`, over a log with these marks, and what it asked for. */
function pumpOf(position: number, marks: MarksOf, handlers: Partial<ConsumerHandlers> = {}, partitions = 1) {
  const told: string[] = [];
  const begun = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<Error>();
  const pump = new Pump({
    topic: 'signals',
    partition: 0,
    chunkRecords: 2,
    partitions: () => partitions,
    marks,
    random: () => 0,
    seek: (offset) => told.push(`seek ${offset}`),
    pause: () => told.push('pause'),
    resume: () => {
      told.push('resume');
      begun.resolve();
    },
    handlers: {
      assigned: async () => position,
      chunk: async ({ next }) => next,
      revoked: async () => {},
      failed: (_topic, _partition, error) => {
        told.push(error.name);
        failed.resolve(error);
      },
      ...handlers,
    },
  });
  pump.start();
  return { pump, told, begun: begun.promise, failed: failed.promise };
}

/** The same, once it has begun or has failed. */
async function pumpAt(
  position: number,
  marks: Marks | MarksOf,
  handlers: Partial<ConsumerHandlers> = {},
  partitions = 1,
) {
  const one = pumpOf(position, typeof marks === 'function' ? marks : async () => marks, handlers, partitions);
  await Promise.race([one.begun, one.failed]);
  return one;
}

describe('a pump', () => {
  it('begins where its owner is, and leaves out what was fetched twice', async () => {
    const seen: number[][] = [];
    const all = Promise.withResolvers<void>();
    const chunk = async ({ records, next }: Chunk) => {
      seen.push(records.map(({ offset }) => offset));
      if (next === 9) all.resolve();
      return next;
    };
    const { pump, told } = await pumpAt(5, { low: 0, high: 9 }, { chunk });
    pump.offer(range(3, 7), 7, 9);
    pump.offer(range(5, 9), 9, 9);
    await all.promise;
    await pump.stop();
    expect(seen).toEqual([
      [5, 6],
      [7, 8],
    ]);
    expect(told).toEqual(['seek 5', 'resume']);
    expect(pump.position).toBe(9);
  });

  it.each([
    ['below what is kept', 3, { low: 4, high: 9 }, 'BelowLowMark'],
    ['behind the end', 10, { low: 4, high: 9 }, 'AboveHighMark'],
  ])('refuses an owner that stands %s', async (_name, position, marks, name) => {
    const { failed } = await pumpAt(position, marks);
    expect((await failed).name).toBe(name);
  });

  it('waits for a cluster that does not answer yet, instead of failing', async () => {
    let asked = 0;
    const marks = async () => {
      asked += 1;
      if (asked < 3) throw new KafkaAway(new Error('the leader is elected'));
      return { low: 0, high: 9 };
    };
    const { pump, told } = await pumpAt(5, marks);
    expect(told).toEqual(['seek 5', 'resume']);
    await pump.stop();
  });

  it('stops while it waits for a cluster', async () => {
    const asked = Promise.withResolvers<void>();
    const { pump, told } = pumpOf(5, async () => {
      asked.resolve();
      throw new KafkaAway(new Error('refused'));
    });
    await asked.promise;
    await pump.stop();
    expect(told).toEqual([]);
  });

  it('does not jump over records that the log let go of while it read', async () => {
    const marks = { low: 0, high: 9 };
    const { pump, failed } = await pumpAt(2, marks);
    marks.low = 6;
    pump.offer(range(6, 9), 9, 9);
    expect((await failed).name).toBe('BelowLowMark');
  });

  it('goes on behind what no reader is to see, and not where it is gone unread', async () => {
    const marks = { low: 0, high: 9 };
    const { pump, failed } = await pumpAt(2, marks);
    pump.offer([], 5, 9);
    await expect.poll(() => pump.position).toBe(5);
    marks.low = 8;
    pump.offer([], 9, 9);
    expect((await failed).name).toBe('BelowLowMark');
  });

  it('hands out large records a few at a time, and lets no more of them wait than memory has room for', async () => {
    const seen: number[][] = [];
    const turn = { next: Promise.withResolvers<void>() };
    const chunk = async ({ records, next }: Chunk) => {
      seen.push(records.map(({ offset }) => offset));
      await turn.next.promise;
      return next;
    };
    const { pump, told } = await pumpAt(0, { low: 0, high: 9 }, { chunk });
    const large = (from: number, to: number) =>
      range(from, to).map((record) => ({ ...record, value: new Uint8Array(3 * 1_048_576) }));
    pump.offer(large(0, 2), 2, 9);
    expect(told).toEqual(['seek 0', 'resume']);
    pump.offer(large(2, 4), 4, 9);
    expect(told).toEqual(['seek 0', 'resume', 'pause']);
    turn.next.resolve();
    await expect.poll(() => pump.position).toBe(4);
    expect(seen).toEqual([[0], [1], [2], [3]]);
    expect(told).toEqual(['seek 0', 'resume', 'pause', 'resume']);
    await pump.stop();
  });

  it('reads on over a hole that compaction or a transaction left', async () => {
    const seen = Promise.withResolvers<Chunk>();
    const chunk = async (one: Chunk) => {
      seen.resolve(one);
      return one.next;
    };
    const { pump } = await pumpAt(2, { low: 0, high: 9 }, { chunk });
    pump.offer(range(6, 7), 8, 9);
    expect(await seen.promise).toMatchObject({ from: 2, next: 8, high: 9 });
    await pump.stop();
  });

  it('seeks where its owner sends it, and forgets what was fetched ahead', async () => {
    const answers = [0, 9];
    const asked: number[] = [];
    const again = Promise.withResolvers<void>();
    const chunk = async ({ from }: Chunk) => {
      asked.push(from);
      if (asked.length === 2) again.resolve();
      return answers[asked.length - 1] ?? 9;
    };
    const { pump, told } = await pumpAt(4, { low: 0, high: 9 }, { chunk });
    pump.offer(range(4, 9), 9, 9);
    await expect.poll(() => told).toContain('seek 0');
    pump.offer(range(0, 2), 2, 9);
    await again.promise;
    await pump.stop();
    expect(asked).toEqual([4, 0]);
  });

  it('asks to be paused when it is full, and to be resumed when it has drained', async () => {
    const held = Promise.withResolvers<void>();
    const chunk = async ({ next }: Chunk) => {
      await held.promise;
      return next;
    };
    const { pump, told } = await pumpAt(0, { low: 0, high: 100 }, { chunk });
    pump.offer(range(0, 30), 30, 100);
    expect(told).toEqual(['seek 0', 'resume', 'pause']);
    held.resolve();
    await expect.poll(() => told).toEqual(['seek 0', 'resume', 'pause', 'resume']);
    await expect.poll(() => pump.position).toBe(30);
    await pump.stop();
  });

  it.each([
    [12, 19],
    [60, 3],
    [1_000, 1],
  ])('lets less wait where a member has %i partitions', async (partitions, most) => {
    const held = Promise.withResolvers<void>();
    const chunk = async ({ next }: Chunk) => {
      await held.promise;
      return next;
    };
    const { pump, told } = await pumpAt(0, { low: 0, high: 100 }, { chunk }, partitions);
    pump.offer(range(0, most), most, 100);
    expect(told).not.toContain('pause');
    pump.offer(range(most, most + 3), most + 3, 100);
    expect(told).toContain('pause');
    held.resolve();
    await expect.poll(() => told.at(-1)).toBe('resume');
    await pump.stop();
  });
});
