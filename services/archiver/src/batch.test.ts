import type { LogRecord } from '@gapwatch/contracts';
import { encodeLine } from '@gapwatch/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, type BatchLimits, cutBatches } from './batch.ts';

const hourMs = 3_600_000;
const keepAll = () => false;
const wide: BatchLimits = { records: 1_000, sizeBytes: 1_000_000 };

function recordAt(offset: number, hour: number, sizeBytes = 10): LogRecord {
  const value = Buffer.alloc(sizeBytes, 'x');
  return { topic: 't', partition: 0, offset, time: hour * hourMs, key: null, value, headers: {} };
}

const shape = ({ hour, first, last, lines }: Batch) => ({ hour, first, last, records: lines.length });

describe('cutting records into objects', () => {
  it('closes an object where the hour changes, and goes on with the one that is open', () => {
    const before = cutBatches(null, [recordAt(0, 1), recordAt(1, 1)], wide, keepAll);
    expect(before.closed).toEqual([]);
    const { closed, open } = cutBatches(before.open, [recordAt(2, 1), recordAt(3, 2), recordAt(5, 4)], wide, keepAll);
    expect(closed.map(shape)).toEqual([
      { hour: 1, first: 0, last: 2, records: 3 },
      { hour: 2, first: 3, last: 3, records: 1 },
    ]);
    expect(open && shape(open)).toEqual({ hour: 4, first: 5, last: 5, records: 1 });
    // the one that was open can be gone on with again
    expect(before.open && shape(before.open)).toEqual({ hour: 1, first: 0, last: 1, records: 2 });
  });

  it('leaves out what has run out, and puts nothing of it between the ends of an object', () => {
    const records = [recordAt(0, 9), recordAt(1, 2), recordAt(2, 9)];
    const { closed, open, expired } = cutBatches(null, records, wide, (hour) => hour < 5);
    expect([...closed, ...(open ? [open] : [])].map(({ first, last }) => [first, last])).toEqual([
      [0, 0],
      [2, 2],
    ]);
    expect(expired).toBe(1);
  });

  it('takes a record that is larger than an object may be as an object of its own', () => {
    const { closed, open } = cutBatches(
      null,
      [recordAt(0, 1), recordAt(1, 1, 5_000)],
      { ...wide, sizeBytes: 500 },
      keepAll,
    );
    expect([...closed, ...(open ? [open] : [])].map(({ first, last }) => [first, last])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('keeps every line once, in order, one hour an object, within the limits, however the chunks fall', () => {
    const steps = fc.record({ hours: fc.constantFrom(0, 0, 0, 1, -1, 30), skip: fc.nat(2), size: fc.nat(120) });
    const limits = fc.record({
      records: fc.integer({ min: 1, max: 9 }),
      sizeBytes: fc.integer({ min: 1, max: 1_500 }),
    });
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), limits, (list, chunk, limit) => {
        let [offset, hour] = [0, 100];
        const records = list.map(({ hours, skip, size }) => {
          offset += 1 + skip;
          hour += hours;
          return recordAt(offset, hour, size);
        });
        const batches: Batch[] = [];
        let open: Batch | null = null;
        for (let from = 0; from < records.length; from += chunk) {
          const cut = cutBatches(open, records.slice(from, from + chunk), limit, keepAll);
          batches.push(...cut.closed);
          open = cut.open;
        }
        if (open !== null) batches.push(open);
        expect(batches.flatMap(({ lines }) => lines.map(String))).toEqual(records.map(encodeLine));
        for (const { hour: own, first, last, lines, sizeBytes } of batches) {
          const inside = records.filter((record) => record.offset >= first && record.offset <= last);
          expect(inside.map(encodeLine)).toEqual(lines.map(String));
          expect(new Set(inside.map(({ time }) => time / hourMs))).toEqual(new Set([own]));
          expect(sizeBytes).toBe(lines.reduce((sum, line) => sum + line.length, 0));
          expect(lines.length).toBeLessThanOrEqual(limit.records);
          expect(lines.length === 1 || sizeBytes <= limit.sizeBytes).toBe(true);
        }
      }),
    );
  });
});
