// Two generations of windows side by side.
import { compareKeys, type PartitionState } from '@gapwatch/storage';

/** Counters of the new state, and how many of either differ from the other. */
export type Windows = { cells: number; changed: number };

type Cell = readonly [key: string, fields: readonly number[]];

/** Reads both once, in order of the key. */
export async function compareWindows(before: PartitionState, after: PartitionState): Promise<Windows> {
  const found = { cells: 0, changed: 0 };
  for await (const [old, now] of pairs(before.scanCells(), after.scanCells())) {
    if (now !== null) found.cells += 1;
    if (old === null || now === null || now[1].some((field, index) => field !== old[1][index])) found.changed += 1;
  }
  return found;
}

async function* pairs(
  before: AsyncIterable<Cell>,
  after: AsyncIterable<Cell>,
): AsyncGenerator<[Cell | null, Cell | null]> {
  const [left, right] = [before[Symbol.asyncIterator](), after[Symbol.asyncIterator]()];
  const next = async (cells: AsyncIterator<Cell>) => {
    const { done, value } = await cells.next();
    return done ? null : (value as Cell);
  };
  let [old, now] = [await next(left), await next(right)];
  while (old !== null || now !== null) {
    const order = old === null ? 1 : now === null ? -1 : compareKeys(old[0], now[0]);
    yield [order <= 0 ? old : null, order >= 0 ? now : null];
    if (order <= 0) old = await next(left);
    if (order >= 0) now = await next(right);
  }
}
