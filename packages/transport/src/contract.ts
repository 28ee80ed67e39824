// What every backend of the log must do, as executable sentences. Run it from the test file of each backend.
import type { Output } from '@gapwatch/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chunk, Consumer, ConsumerHandlers, Log } from './port.ts';

/** One place that can be opened, and opened again after `close`; `durable` says that it then holds what it held. */
export type LogPlace = {
  readonly durable: boolean;
  /** a record keeps the time that its writer names; false: the log sets it, and says so to who names one */
  readonly keepsTime: boolean;
  /** the time that the log takes for now, milliseconds UTC */
  setTime(timeMs: number): void;
  open(): Promise<Log>;
  destroy(): Promise<void>;
};

const topic = 'signals';

function output(value: string, partition: number, fields: Partial<Output> = {}): Output {
  return { topic, key: null, value, partition, ...fields };
}

const textOf = ({ value }: { readonly value: Uint8Array | null }) =>
  value === null ? null : new TextDecoder().decode(value);

/** Remembers what a consumer was given, and lets a test wait for a number of records. */
class Reader {
  readonly values: string[] = [];
  readonly failures: string[] = [];
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  begin = 0;
  /** called with each chunk before it is answered */
  onChunk: (chunk: Chunk) => Promise<number | undefined> = async () => undefined;

  readonly handlers: ConsumerHandlers = {
    assigned: async () => this.begin,
    chunk: async (chunk) => {
      const next = await this.onChunk(chunk);
      if (next !== undefined) return next;
      for (const record of chunk.records) this.values.push(`${chunk.partition}:${textOf(record)}`);
      this.#wake();
      return chunk.next;
    },
    revoked: async () => {},
    failed: (_, partition, error) => {
      this.failures.push(`${partition}: ${error.name}`);
      this.#wake();
    },
  };

  #wake(): void {
    const seen = this.values.length + this.failures.length;
    for (const { count, resolve } of this.#waiting) if (seen >= count) resolve();
  }

  has(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#wake();
    });
  }
}

export function logContract(name: string, create: () => Promise<LogPlace>): void {
  describe(`log: ${name}`, () => {
    let place: LogPlace;
    let log: Log;
    const consumers: Consumer[] = [];

    beforeEach(async () => {
      place = await create();
      place.setTime(1_000);
      log = await place.open();
      await log.createTopic(topic, 3);
    });
    afterEach(async () => {
      for (const consumer of consumers.splice(0)) await consumer.stop();
      await log.close();
      await place.destroy();
    });

    async function consume(reader: Reader, group = 'group'): Promise<Consumer> {
      const consumer = await log.consume({ group, topics: [topic], chunkRecords: 2 }, reader.handlers);
      consumers.push(consumer);
      return consumer;
    }

    it('gives records back as they were written, in order, with offsets that rise and times that never fall', async () => {
      const bytes = new Uint8Array([0, 255, 128]);
      await log.append([output('a', 1, { key: 'k', headers: { schema: 's' } }), output('b', 1)]);
      await log.append([
        { ...output('', 1), value: bytes },
        { ...output('', 1), value: null },
      ]);
      const { records, next, high } = await log.read(topic, 1, 0, 10);
      const times = records.map(({ time }) => time);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(records[0]).toMatchObject({ topic, partition: 1, key: 'k', headers: { schema: 's' } });
      expect(records.map(textOf).slice(0, 2)).toEqual(['a', 'b']);
      expect([...(records[2]?.value ?? [])]).toEqual([...bytes]);
      expect(records[3]?.value).toBeNull();
      expect(records.map(({ offset }) => offset)).toEqual(
        records.map(({ offset }) => offset).toSorted((one, other) => one - other),
      );
      expect(next).toBe(high);
    });

    it('keeps the times that its writer names, or refuses them', async () => {
      const past = [output('a', 1, { time: 900 }), output('b', 1, { time: 500 })];
      if (!place.keepsTime) {
        await expect(log.append(past)).rejects.toThrow('sets the time');
        return;
      }
      await log.append(past);
      place.setTime(2_000);
      await log.append([output('c', 1)]);
      expect((await log.read(topic, 1, 0, 10)).records.map(({ time }) => time)).toEqual([900, 900, 2_000]);
    });

    it('answers where each record came to lie, and keeps the order of concurrent appends of one caller', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => log.append([output(`${index}`, 0), output(`${index}`, 2)])),
      );
      const { records } = await log.read(topic, 0, 0, 100);
      expect(records.map(textOf)).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
      expect(answers.map(([first]) => first?.offset)).toEqual(records.map(({ offset }) => offset));
      expect(answers.map(([, second]) => second?.partition)).toEqual(Array(20).fill(2));
    });

    it('puts equal keys into one partition and spreads those without', async () => {
      const keyed = await log.append(Array.from({ length: 9 }, () => ({ topic, key: 'customer', value: 'x' })));
      expect(new Set(keyed.map(({ partition }) => partition)).size).toBe(1);
      const free = await log.append(Array.from({ length: 9 }, () => ({ topic, key: null, value: 'x' })));
      expect(new Set(free.map(({ partition }) => partition)).size).toBe(3);
    });

    it('refuses what cannot be: other partitions, topics that are not there, offsets outside', async () => {
      await log.createTopic(topic, 3);
      await expect(log.createTopic(topic, 4)).rejects.toThrow('3 partitions, not 4');
      await expect(log.partitions('none')).rejects.toThrow('no topic none');
      await expect(log.append([{ topic: 'none', key: null, value: 'x' }])).rejects.toThrow('no topic none');
      await expect(log.append([output('x', 3)])).rejects.toThrow('no partition 3');
      await expect(log.read(topic, 0, 1, 10)).rejects.toThrow('lies behind the end');
      expect(await log.topics()).toEqual([topic]);
    });

    it('writes all of an append or nothing', async () => {
      await expect(log.append([output('a', 0), { topic: 'none', key: null, value: 'x' }])).rejects.toThrow();
      expect(await log.marks(topic, 0)).toEqual({ low: 0, high: 0 });
    });

    it('lets go of old records, and says so to whoever asks for them', async () => {
      await log.append(['a', 'b', 'c'].map((value) => output(value, 0)));
      const [, second] = (await log.read(topic, 0, 0, 3)).records;
      await log.deleteBefore(topic, 0, second?.offset ?? 0);
      expect((await log.marks(topic, 0)).low).toBe(second?.offset);
      await expect(log.read(topic, 0, 0, 1)).rejects.toThrow('no longer kept');
      expect((await log.read(topic, 0, second?.offset ?? 0, 5)).records.map(textOf)).toEqual(['b', 'c']);
      const reader = new Reader();
      await consume(reader);
      await reader.has(1);
      expect(reader.failures).toEqual(['0: BelowLowMark']);
    });

    it('gives a consumer everything from the position that its owner names, old and new', async () => {
      await log.append(['a', 'b', 'c'].map((value) => output(value, 0)));
      const reader = new Reader();
      reader.begin = 0;
      await consume(reader);
      await reader.has(3);
      await log.append([output('d', 0), output('e', 2)]);
      await reader.has(5);
      expect(reader.values.filter((value) => value.startsWith('0:'))).toEqual(['0:a', '0:b', '0:c', '0:d']);
      expect(reader.values).toContain('2:e');
    });

    it('reads on where the owner says after a chunk: again, or further on', async () => {
      await log.append(['a', 'b', 'c', 'd'].map((value) => output(value, 0)));
      const reader = new Reader();
      let seen = 0;
      reader.onChunk = async ({ from }) => {
        seen += 1;
        return seen === 1 ? from : undefined;
      };
      await consume(reader);
      await reader.has(4);
      expect(reader.values).toEqual(['0:a', '0:b', '0:c', '0:d']);
      expect(seen).toBe(3);
    });

    it('never calls twice at a time for one partition, while another goes on', async () => {
      const held = Promise.withResolvers<void>();
      let inside = 0;
      const reader = new Reader();
      reader.onChunk = async ({ partition }) => {
        if (partition !== 0) return undefined;
        inside += 1;
        expect(inside).toBe(1);
        await held.promise;
        inside -= 1;
        return undefined;
      };
      await consume(reader);
      await log.append(['a', 'b', 'c'].map((value) => output(value, 0)));
      await log.append([output('x', 1), output('y', 1)]);
      await reader.has(2);
      expect(reader.values).toEqual(['1:x', '1:y']);
      held.resolve();
      await reader.has(5);
      expect(reader.values.slice(2)).toEqual(['0:a', '0:b', '0:c']);
    });

    it('stops a partition whose owner failed, and no other', async () => {
      const reader = new Reader();
      reader.onChunk = async ({ partition }) => {
        if (partition === 0) throw new TypeError('a bug');
        return undefined;
      };
      await consume(reader);
      await log.append([output('a', 0), output('b', 1)]);
      await reader.has(2);
      expect(reader.failures).toEqual(['0: TypeError']);
      expect(reader.values).toEqual(['1:b']);
    });

    it('drains what is in flight when a consumer stops, and calls nobody afterwards', async () => {
      const begun = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const reader = new Reader();
      reader.onChunk = async () => {
        begun.resolve();
        await held.promise;
        return undefined;
      };
      const consumer = await consume(reader);
      await log.append(['a', 'b', 'c'].map((value) => output(value, 0)));
      await begun.promise;
      const stopped = consumer.stop();
      held.resolve();
      await stopped;
      expect(reader.values).toEqual(['0:a', '0:b']);
      await log.append([output('d', 0)]);
      expect(reader.values).toHaveLength(2);
    });

    it('keeps partitions as lists: any appends, any reads', async () => {
      const appends = fc.array(fc.array(fc.tuple(fc.nat(2), fc.string()), { maxLength: 6 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(appends, fc.integer({ min: 1, max: 5 }), async (batches, limit) => {
          const own = `t${Math.random()}`;
          await log.createTopic(own, 3);
          const model: string[][] = [[], [], []];
          for (const batch of batches) {
            await log.append(batch.map(([partition, value]) => ({ topic: own, key: null, value, partition })));
            for (const [partition, value] of batch) model[partition]?.push(value.toWellFormed());
          }
          for (let partition = 0; partition < 3; partition += 1) {
            const read: (string | null)[] = [];
            const { high } = await log.marks(own, partition);
            for (let at = 0; at < high; ) {
              const chunk = await log.read(own, partition, at, limit);
              expect(chunk.records.length).toBeLessThanOrEqual(limit);
              read.push(...chunk.records.map(textOf));
              at = chunk.next;
            }
            expect(read).toEqual(model[partition]);
          }
        }),
        { numRuns: 30 },
      );
    });

    it('holds what it acknowledged when it is opened again', async () => {
      if (!place.durable) return;
      const [where] = await log.append([output('a', 2, place.keepsTime ? { time: 5_000 } : {})]);
      await log.close();
      log = await place.open();
      expect((await log.read(topic, 2, where?.offset ?? 0, 9)).records.map(textOf)).toEqual(['a']);
      const [next] = await log.append([output('b', 2)]);
      expect(next?.time).toBeGreaterThanOrEqual(where?.time ?? 0);
      expect(next?.offset).toBeGreaterThan(where?.offset ?? 0);
    });
  });
}
