import type { LogRecord } from '@gapwatch/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { FoldedPartition, type StateFold } from './fold.ts';
import { openMemoryState } from './memory/state.ts';
import type { PartitionState } from './port.ts';

const key = 'sum';

/** Adds up the offsets and writes the sum after each record. */
const summing: StateFold<LogRecord> = {
  read: (record) => ({ input: record }),
  documentsNeeded: (_, workspace) => (workspace.loaded(key) ? [] : [key]),
  fold: (records, workspace) => {
    let { sum } = workspace.get<{ sum: number }>(key) ?? { sum: 0 };
    for (const { offset } of records) {
      sum += offset;
      workspace.emit({ topic: 'out', key: null, value: String(sum) });
    }
    workspace.put(key, { sum });
  },
};

function chunkOf(from: number, next: number) {
  const records = Array.from({ length: next - from }, (_, index): LogRecord => {
    return { topic: 'in', partition: 0, offset: from + index, time: 0, key: null, value: null, headers: {} };
  });
  return { from, next, records };
}

describe('a step over a chunk', () => {
  let state: PartitionState;
  let asked: string[];
  let meanwhile: () => Promise<unknown>;

  beforeEach(() => {
    state = openMemoryState().partition('test', 0);
    asked = [];
    meanwhile = async () => {};
  });

  /** An owner of the partition, to whom something may happen between asking for documents and getting them. */
  function owner(): FoldedPartition<LogRecord> {
    const watched: PartitionState = {
      ...state,
      position: () => {
        asked.push('position');
        return state.position();
      },
      documents: async (keys) => {
        asked.push('documents');
        await meanwhile();
        return state.documents(keys);
      },
    };
    return new FoldedPartition(watched, summing, 0, 1);
  }

  it('folds what was read at the position where the chunk begins, and asks for nothing that it knows', async () => {
    const one = owner();
    const step = await one.step(chunkOf(0, 3));
    expect(step.outputs.map(({ value }) => value)).toEqual(['0', '1', '3']);
    expect(await step.commit()).toEqual({ outcome: 'applied' });
    expect((await one.step(chunkOf(3, 4))).outputs.map(({ value }) => value)).toEqual(['6']);
    expect(asked).toEqual(['documents', 'position']);
  });

  it('keeps no more documents between chunks than it may just then, the youngest', async () => {
    const each: StateFold<LogRecord> = {
      read: (record) => ({ input: record }),
      documentsNeeded: (records, workspace) => {
        return records.map(({ offset }) => `${offset % 4}`).filter((name) => !workspace.loaded(name));
      },
      fold: (records, workspace) => {
        for (const { offset } of records) workspace.put(`${offset % 4}`, { offset });
      },
    };
    const loaded: string[] = [];
    const documents: PartitionState['documents'] = (keys) => {
      loaded.push(...keys);
      return state.documents(keys);
    };
    let most = 3;
    const one = new FoldedPartition({ ...state, documents }, each, 0, 1, () => most);
    const fold = async (from: number, next: number) => (await one.step(chunkOf(from, next))).commit();
    await fold(0, 4);
    await fold(4, 8);
    expect(loaded).toEqual(['0', '1', '2', '3', '0']);
    most = 1;
    await fold(8, 9);
    await fold(9, 13);
    expect(loaded.slice(5)).toEqual(['0', '1', '2', '3']);
  });

  it('writes nothing when another owner went on while it read', async () => {
    meanwhile = async () => {
      meanwhile = async () => {};
      await (await owner().step(chunkOf(0, 2))).commit();
    };
    const step = await owner().step(chunkOf(0, 3));
    expect(step.outputs).toEqual([]);
    expect(await step.commit()).toEqual({ outcome: 'stale', position: 2 });
    expect(await state.documents([key])).toEqual([{ key, value: '{"sum":1}', due: null }]);
  });

  it('writes nothing when the state has lost its end', async () => {
    const step = await owner().step(chunkOf(5, 6));
    expect(step.outputs).toEqual([]);
    expect(await step.commit()).toEqual({ outcome: 'stale', position: 0 });
  });
});
