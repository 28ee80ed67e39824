// What was read in the order in which it became known. What fits is sorted in memory; more is sorted in runs on disk and
// merged, so that memory is bounded whatever the size of the export. Equal times are put in byte order.
import { join } from 'node:path';
import type { Timed } from './items.ts';
import { Run } from './run.ts';
import { RunFile, readRuns, type StoredRuns } from './run-file.ts';
import { Scratch } from './scratch.ts';

export type { Timed } from './items.ts';
export { readRuns, type StoredRuns } from './run-file.ts';
export { Scratch } from './scratch.ts';

export const runBytes = 64 * 2 ** 20;
/** A turn of the event loop each: enough to be worth it, few enough to die young. */
const blockItems = 50;

/** Takes items in any order, then gives them in order. */
export class Ordering {
  readonly #run: Run;
  readonly #folder: { readonly path: string };
  readonly #name: string;
  #file: RunFile | null = null;

  /** `name`: of its file in the folder */
  constructor(folder: { readonly path: string }, name: string, sizeBytes: number = runBytes) {
    this.#run = new Run(sizeBytes);
    this.#folder = folder;
    this.#name = name;
  }

  add(item: Timed): void {
    if (this.#run.add(item)) return;
    this.#spill();
    this.#run.add(item);
  }

  /** Everything, once nothing more comes: as it lies in memory, or else on disk. */
  inOrder(): Iterable<Timed> {
    return this.#file === null ? this.#run.inOrder() : readRuns([this.store()]);
  }

  /** Leaves nothing in memory: whoever reads needs the room. Nothing can be added any more. */
  store(): StoredRuns {
    const file = this.#run.isEmpty && this.#file !== null ? this.#file : this.#spill();
    this.#run.release();
    this.#file = null;
    return file.close();
  }

  /** Where nobody asks for what it holds. */
  close(): void {
    this.#run.release();
    this.#file?.close();
    this.#file = null;
  }

  #spill(): RunFile {
    const file = this.#file ?? new RunFile(join(this.#folder.path, this.#name));
    this.#file = file;
    file.write(this.#run);
    return file;
  }
}

/** Takes items in any order, gives them in order, in blocks. Its files are gone when the iteration ends. */
export async function* inOrder(items: AsyncIterable<Timed>, sizeBytes: number = runBytes): AsyncGenerator<Timed[]> {
  const scratch = new Scratch();
  const ordering = new Ordering(scratch, 'runs', sizeBytes);
  try {
    for await (const item of items) ordering.add(item);
    yield* blocks(ordering.inOrder());
  } finally {
    ordering.close();
    scratch.remove();
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
