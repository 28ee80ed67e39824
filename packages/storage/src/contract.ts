// What every backend of the state must do, as executable sentences. Run it from the test file of each backend.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Model } from './model.fixture.ts';
import type { PartitionState, StateStep, StateStore } from './port.ts';
import { cellFields } from './step.ts';

/** One place that can be opened, and opened again after `close`; `durable` says that it then holds what it held. */
export type StatePlace = {
  readonly durable: boolean;
  open(): Promise<StateStore>;
  destroy(): Promise<void>;
};

type DocumentChange = StateStep['documents'][number];

function step(expected: number, next: number, changes: Partial<StateStep> = {}): StateStep {
  return { expected, next, documents: [], cells: new Map(), ...changes };
}

function put(key: string, value: string, due: number | null = null): DocumentChange {
  return { key, value, due };
}

function eight(...fields: number[]): number[] {
  return [...fields, ...Array<number>(cellFields - fields.length).fill(0)];
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function contentOf(state: PartitionState) {
  return {
    position: await state.position(),
    documents: await collect(state.scan('')),
    cells: await collect(state.scanCells()),
  };
}

const keys = fc.constantFrom('a', 'a:1', 'a:2', 'b', 'é', '\u{1f600}', '\uffee', 'nul\0inside', '');
const changes = fc.record({ key: keys, value: fc.option(fc.string({ unit: 'grapheme' })), due: fc.option(fc.nat(20)) });
const cellChanges = fc.array(
  fc.tuple(keys, fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: cellFields })),
  { maxLength: 6 },
);
const steps = fc.array(
  fc.record({
    /** how far the caller's idea of the position is off: mostly not at all */
    off: fc.constantFrom(0, 0, 0, 0, -1, 1),
    advance: fc.nat(3),
    documents: fc.array(changes, { maxLength: 5 }),
    cells: cellChanges,
    partition: fc.nat(1),
  }),
  { maxLength: 12 },
);

/** `open` gives a fresh place for each test. */
export function stateContract(name: string, createPlace: () => Promise<StatePlace>): void {
  describe(`state: ${name}`, () => {
    let place: StatePlace;
    let store: StateStore;
    let state: PartitionState;

    beforeEach(async () => {
      place = await createPlace();
      store = await place.open();
      state = store.partition('first', 0);
    });
    afterEach(async () => {
      await store.close();
      await place.destroy();
    });

    it('is empty and at position 0 before the first step', async () => {
      expect(await contentOf(state)).toEqual({ position: 0, documents: [], cells: [] });
      expect(await state.documents(['a'])).toEqual([null]);
      expect(await state.cells(['a'])).toEqual([null]);
      expect(await state.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });

    it('applies documents, cells and position together', async () => {
      const first = step(0, 7, { documents: [put('a', '{"n":1}', 50)], cells: new Map([['w', [1, 2]]]) });
      expect(await state.apply(first)).toEqual({ outcome: 'applied' });
      expect(await contentOf(state)).toEqual({
        position: 7,
        documents: [{ key: 'a', value: '{"n":1}', due: 50 }],
        cells: [['w', eight(1, 2)]],
      });
    });

    it.each([
      ['a step that was applied before', 0, 5],
      ['a step from before', 3, 9],
      ['a step that is ahead of the store', 6, 9],
    ])('refuses %s, says where it is, and writes nothing', async (_, expected, next) => {
      await state.apply(step(0, 5, { documents: [put('a', '1')] }));
      const before = await contentOf(state);
      const refused = step(expected, next, { documents: [put('a', '2')], cells: new Map([['w', [1]]]) });
      expect(await state.apply(refused)).toEqual({ outcome: 'stale', position: 5 });
      expect(await contentOf(state)).toEqual(before);
    });

    it('refuses a step ahead of an empty store', async () => {
      expect(await state.apply(step(3, 4))).toEqual({ outcome: 'stale', position: 0 });
    });

    it('lets one of two overlapping owners win each step', async () => {
      const other = store.partition('first', 0);
      const results = await Promise.all([
        state.apply(step(0, 1, { cells: new Map([['w', [1]]]) })),
        other.apply(step(0, 1, { cells: new Map([['w', [1]]]) })),
      ]);
      expect(results.map((result) => result.outcome).sort()).toEqual(['applied', 'stale']);
      expect(await state.cells(['w'])).toEqual([eight(1)]);
    });

    it.each<[string, Partial<StateStep>]>([
      ['a cell with nine fields', { cells: new Map([['w', [1, 2, 3, 4, 5, 6, 7, 8, 9]]]) }],
      ['a cell with a broken number', { cells: new Map([['w', [0.5]]]) }],
      ['a key with half of a surrogate pair', { documents: [put('\ud800', '1')] }],
      ['a value with half of a surrogate pair', { documents: [put('b', '"\udc00"')] }],
      ['a due that is no whole number', { documents: [put('b', '1', 0.5)] }],
      ['a position that goes back', { next: -1 }],
    ])('throws at %s and writes nothing, also of what stands before it', async (_, broken) => {
      const documents = [put('a', '1'), ...(broken.documents ?? [])];
      const bad = { ...step(0, 1, { ...broken, documents }), next: broken.next ?? 1 };
      await expect(state.apply(bad)).rejects.toThrow(/./);
      expect(await contentOf(state)).toEqual({ position: 0, documents: [], cells: [] });
    });

    it('returns documents and cells in the order of the keys asked for, null where there are none', async () => {
      const documents = [put('a', '1'), put('b', '2')];
      const cells = new Map([
        ['x', [1]],
        ['y', [2]],
      ]);
      await state.apply(step(0, 1, { documents, cells }));
      expect((await state.documents(['b', 'none', 'a', 'b'])).map((found) => found?.value)).toEqual([
        '2',
        undefined,
        '1',
        '2',
      ]);
      expect(await state.cells(['y', 'none', 'x'])).toEqual([eight(2), null, eight(1)]);
    });

    it('takes the last of several changes to one document', async () => {
      const documents = [put('a', '1'), { key: 'a', value: null, due: null }, put('a', '3', 9)];
      await state.apply(step(0, 1, { documents }));
      expect(await state.documents(['a'])).toEqual([{ key: 'a', value: '3', due: 9 }]);
    });

    it('gives what is due at or before a time, earliest first, then by key', async () => {
      const documents = [put('c', '1', 5), put('a', '1', 9), put('b', '1', 5), put('d', '1'), put('e', '1', 10)];
      await state.apply(step(0, 1, { documents }));
      expect(await state.due(9, 10)).toEqual(['b', 'c', 'a']);
      expect(await state.due(9, 2)).toEqual(['b', 'c']);
      const later = [put('b', '1', 20), put('c', '1'), { key: 'a', value: null, due: null }];
      await state.apply(step(1, 2, { documents: later }));
      expect(await state.due(20, 10)).toEqual(['e', 'b']);
    });

    it('takes and gives more documents at once than a function takes arguments', async () => {
      const documents = Array.from({ length: 70_000 }, (_, index) => put(`k:${index}`, '1', index));
      expect(await state.apply(step(0, 1, { documents }))).toEqual({ outcome: 'applied' });
      const found = await state.documents(documents.map(({ key }) => key));
      expect(found.at(-1)).toEqual(documents.at(-1));
      expect(await state.due(Number.MAX_SAFE_INTEGER, 100_000)).toHaveLength(documents.length);
    });

    it('scans by prefix in order of the key, over more than one page', async () => {
      const count = 1234;
      const documents = Array.from({ length: count }, (_, index) => put(`k:${String(index).padStart(5, '0')}`, '1'));
      await state.apply(step(0, 1, { documents: [...documents.toReversed(), put('j', '1'), put('k;', '1')] }));
      const found = await collect(state.scan('k:'));
      expect(found.map((document) => document.key)).toEqual(documents.map((document) => document.key));
      expect(await collect(state.scan(''))).toHaveLength(count + 2);
    });

    it('scans cells over more than one page', async () => {
      const cells = new Map(Array.from({ length: 1100 }, (_, index) => [String(index).padStart(5, '0'), [index]]));
      await state.apply(step(0, 1, { cells }));
      // the first one is all zero
      expect((await collect(state.scanCells())).map(([, fields]) => fields[0])).toEqual(
        Array.from({ length: 1099 }, (_, index) => index + 1),
      );
    });

    it('adds to cells and lets them vanish at zero', async () => {
      await state.apply(step(0, 1, { cells: new Map([['w', [1, 5]]]) }));
      await state.apply(step(1, 2, { cells: new Map([['w', [2, 0, -3]]]) }));
      expect(await state.cells(['w'])).toEqual([eight(3, 5, -3)]);
      await state.apply(step(2, 3, { cells: new Map([['w', [-3, -5, 3]]]) }));
      expect(await state.cells(['w'])).toEqual([null]);
      expect(await collect(state.scanCells())).toEqual([]);
    });

    it('counts exactly up to the largest safe whole number', async () => {
      await state.apply(step(0, 1, { cells: new Map([['w', [Number.MAX_SAFE_INTEGER - 1]]]) }));
      await state.apply(step(1, 2, { cells: new Map([['w', [1]]]) }));
      expect((await state.cells(['w']))[0]?.[0]).toBe(Number.MAX_SAFE_INTEGER);
    });

    it('keeps partitions and namespaces apart', async () => {
      const others = [store.partition('first', 1), store.partition('second', 0), store.partition('first', 25)];
      await state.apply(step(0, 3, { documents: [put('a', '1', 1)], cells: new Map([['w', [1]]]) }));
      for (const other of others) expect(await contentOf(other)).toEqual({ position: 0, documents: [], cells: [] });
      for (const other of others) expect(await other.apply(step(0, 1))).toEqual({ outcome: 'applied' });
      expect(await state.position()).toBe(3);
    });

    it('drops a namespace with all its partitions, and only that', async () => {
      const content = { documents: [put('a', '1', 1)], cells: new Map([['w', [1]]]) };
      const other = store.partition('first', 4);
      const kept = store.partition('second', 0);
      for (const each of [state, other, kept]) await each.apply(step(0, 3, content));
      await store.drop('first');
      for (const each of [state, other]) {
        expect(await contentOf(each)).toEqual({ position: 0, documents: [], cells: [] });
      }
      expect(await kept.position()).toBe(3);
      expect(await state.apply(step(0, 1, content))).toEqual({ outcome: 'applied' });
      expect(await state.cells(['w'])).toEqual([eight(1)]);
    });

    it('holds after it was opened again what it held, where it is durable', async () => {
      await state.apply(step(0, 3, { documents: [put('a', '1', 1)], cells: new Map([['w', [1]]]) }));
      const before = await contentOf(state);
      await store.close();
      store = await place.open();
      const after = await contentOf(store.partition('first', 0));
      expect(after).toEqual(place.durable ? before : { position: 0, documents: [], cells: [] });
    });

    it('does as the model does, whatever the steps', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, fc.nat(20), fc.nat(5), async (list, untilMs, most) => {
          run += 1;
          const models = [new Model(), new Model()];
          const states = models.map((_, partition) => store.partition(`run-${run}`, partition));
          for (const { off, advance, documents, cells, partition } of list) {
            const model = models[partition]!;
            const expected = Math.max(0, model.position + off);
            const next = step(expected, expected + advance, { documents, cells: new Map(cells) });
            const position = model.position;
            const applied = model.apply(next);
            expect(await states[partition]!.apply(next)).toEqual(
              applied ? { outcome: 'applied' } : { outcome: 'stale', position },
            );
          }
          for (const [partition, model] of models.entries()) {
            expect(await contentOf(states[partition]!)).toEqual(model.content());
            expect(await states[partition]!.due(untilMs, most)).toEqual(model.due(untilMs).slice(0, most));
          }
        }),
        { numRuns: 100 },
      );
    });
  });
}
