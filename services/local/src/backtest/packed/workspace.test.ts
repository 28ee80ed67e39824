import { MemoryWorkspace } from '@gapwatch/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Blocks, mostBlockBytes } from './blocks.ts';
import { PackedWorkspace } from './workspace.ts';

const key = fc.constantFrom('c|ann', 'c|bob', 's|survey|answer:1', 'x|survey|answer:1', 'x|ünï|\ud800', 'meta');
const value = fc.jsonValue({ depthSize: 'small' }).filter((one) => !JSON.stringify(one).includes('-0'));
const document = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), value, { noNullPrototype: true }),
  fc.record({
    customer: fc.option(fc.string({ unit: 'binary' })),
    held: fc.array(fc.record({ at: fc.double(), id: fc.string() })),
  }),
  fc.integer({ min: 1, max: 3 }).map((times) => ({ text: 'é'.repeat(times * mostBlockBytes) })),
);
const due = fc.option(fc.integer({ min: 0, max: 40 }).map((quarters) => quarters * 900_000));
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key, document: fc.option(document), due }),
  fc.record({
    do: fc.constant('due' as const),
    until: fc.integer({ min: 0, max: 40 }).map((quarters) => quarters * 900_000),
  }),
  fc.record({ do: fc.constant('settle' as const) }),
);

/** What JSON keeps of a document: a backtest holds nothing else. */
const plain = (one: object | undefined) => one && JSON.parse(JSON.stringify(one));

describe('the packed workspace', () => {
  it('holds what the one in memory holds, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const packed = new PackedWorkspace();
        const memory = new MemoryWorkspace();
        for (const one of steps) {
          if (one.do === 'settle') packed.settle();
          else if (one.do === 'due') expect(packed.due(one.until)).toEqual(memory.due(one.until));
          else {
            const copy = one.document === null ? null : plain(one.document);
            packed.put(one.key, copy, one.due);
            memory.put(one.key, copy, one.due);
          }
          for (const each of ['c|ann', 'x|ünï|\ud800', 'meta'])
            expect(plain(packed.get(each))).toEqual(plain(memory.get(each)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('names a document again that was put back as due at the time at which it was named, as the one in memory does', () => {
    for (const workspace of [new PackedWorkspace(), new MemoryWorkspace()]) {
      for (let time = 0; time < 2; time += 1) {
        workspace.put('c|ann', { held: [] }, 5);
        expect(workspace.due(5)).toEqual(['c|ann']);
      }
    }
  });

  it('gives one object to one fold, and a copy after it', () => {
    const packed = new PackedWorkspace();
    packed.put('c|ann', { held: [1] }, 5);
    const first = packed.get<{ held: number[] }>('c|ann');
    expect(packed.get('c|ann')).toBe(first);
    packed.settle();
    first?.held.push(2);
    expect(packed.get('c|ann')).toEqual({ held: [1] });
  });

  it('finds each of many documents, also when many were deleted', () => {
    const packed = new PackedWorkspace();
    const name = (index: number) => `x|survey|answer:${index}`;
    for (let index = 0; index < 20_000; index += 1) {
      packed.put(name(index), { holder: `c|${index % 100}`, touched: index }, index);
      packed.rest();
    }
    for (let index = 0; index < 20_000; index += 2) packed.put(name(index), null);
    packed.settle();
    for (let index = 0; index < 20_000; index += 777)
      expect(packed.get(name(index))).toEqual(
        index % 2 === 0 ? undefined : { holder: `c|${index % 100}`, touched: index },
      );
  });
});

describe('blocks', () => {
  it('of records that are alive never overlap, and freed ones are taken again', () => {
    const size = fc.integer({ min: 1, max: mostBlockBytes });
    fc.assert(
      fc.property(fc.array(fc.record({ size, isFreed: fc.boolean() }), { maxLength: 40 }), (records) => {
        const blocks = new Blocks();
        const alive = new Map<number, { size: number; mark: number }>();
        records.forEach(({ size: bytes, isFreed }, mark) => {
          const address = blocks.take(bytes);
          if (isFreed) {
            blocks.release(address, bytes);
            expect(blocks.take(bytes)).toBe(address);
          }
          const { page, from } = blocks.at(address);
          page.fill(mark, from, from + bytes);
          alive.set(address, { size: bytes, mark });
        });
        for (const [address, { size: bytes, mark }] of alive) {
          const { page, from } = blocks.at(address);
          expect(page.subarray(from, from + bytes).every((byte) => byte === mark)).toBe(true);
        }
      }),
    );
  });
});
