// What was read in the order in which it became known. What fits is sorted in memory; more is sorted in runs on disk and
// merged, so that memory is bounded whatever the size of the export. Equal times are put in byte order.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Timed } from './items.ts';
import { Run } from './run.ts';
import { RunFile } from './run-file.ts';

export type { Timed } from './items.ts';

const runBytes = 64 * 2 ** 20;
/** A turn of the event loop each: enough to be worth it, few enough to die young. */
const blockItems = 50;

/** Takes items in any order, gives them in order, in blocks. Its files are gone when the iteration ends. */
export async function* inOrder(items: AsyncIterable<Timed>, sizeBytes: number = runBytes): AsyncGenerator<Timed[]> {
  const run = new Run(sizeBytes);
  const disk: { folder?: string; file?: RunFile } = {};
  const spill = () => {
    disk.folder ??= mkdtempSync(join(tmpdir(), 'gapwatch-order-'));
    disk.file ??= new RunFile(join(disk.folder, 'runs'));
    disk.file.write(run);
  };
  try {
    for await (const item of items) {
      if (run.add(item)) continue;
      spill();
      run.add(item);
    }
    if (disk.file !== undefined) {
      if (!run.isEmpty) spill();
      // whoever folds needs the room
      run.release();
    }
    yield* blocks(disk.file === undefined ? run.inOrder() : disk.file.merged());
  } finally {
    disk.file?.close();
    if (disk.folder !== undefined) rmSync(disk.folder, { recursive: true, force: true });
  }
}

function* blocks(items: Iterable<Timed>): Generator<Timed[]> {
  let block: Timed[] = [];
  for (const item of items) {
    if (block.push(item) < blockItems) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}
