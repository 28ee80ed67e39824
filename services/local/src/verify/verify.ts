// Holds the live windows against what its log says when it is read again in one batch.
import { type Generation, topicNames } from '@gapwatch/contracts';
import { type SignalsReader, signalsReader } from '@gapwatch/core';
import { activeGeneration, type PartitionState, type StateStore } from '@gapwatch/storage';
import type { History } from '../running/history.ts';
import { UsageError } from '../terminal/output.ts';
import { Recomputation } from './recompute.ts';

/** `wrong`: another count; `missing`: not in the state; `extra`: not in the log. `behind`: records not folded yet. */
export type Verification = { cells: number; wrong: number; missing: number; extra: number; behind: number };

export type VerifyOptions = {
  readonly onProgress: (read: number, total: number) => void;
  /** absent: the one in force */
  readonly generation?: Generation;
  /** absent: as the generation reads */
  readonly read?: SignalsReader;
};

/** `store` has every generation under its own name. */
export type Verified = { readonly history: History; readonly store: StateStore };

const readRecords = 2_000;

/** A state that is folded meanwhile is looked at so often, each time at its new position. */
const attempts = 10;

/** Reads each partition up to where its state stands, and again where that has moved while it was compared. */
export async function verify({ history: log, store }: Verified, options: VerifyOptions): Promise<Verification> {
  const generation = options.generation ?? (await activeGeneration(store));
  const { onProgress, read = signalsReader(generation.past) } = options;
  const sum = { cells: 0, wrong: 0, missing: 0, extra: 0, behind: 0 };
  const partitions = await log.partitions(topicNames.signals);
  for (let partition = 0; partition < partitions; partition += 1) {
    const own = store.partition(generation.aggregator, partition);
    const found = await verifyPartition(log, partition, own, { onProgress, read });
    for (const [name, count] of Object.entries(found)) sum[name as keyof Verification] += count;
  }
  return sum;
}

/** Between two equal positions nothing was applied, so that what was scanned is one state. */
async function verifyPartition(
  log: History,
  partition: number,
  state: PartitionState,
  options: BatchOptions,
): Promise<Verification> {
  await checkBeginning(log, partition);
  let batch = new Batch(log, partition, options);
  for (let attempt = 0, end = await state.position(); attempt < attempts; attempt += 1) {
    // a state that lost its end goes back
    if (end < batch.position) batch = new Batch(log, partition, options);
    const found = await compare(await batch.cellsAt(end), state);
    const now = await state.position();
    if (now === end) return { ...found, behind: (await log.marks(topicNames.signals, partition)).high - end };
    end = now;
  }
  throw new UsageError(
    `${topicNames.signals}/${partition} could not be compared: it moved each of ${attempts} times; try when less arrives`,
  );
}

async function checkBeginning(log: History, partition: number): Promise<void> {
  const { low } = await log.marks(topicNames.signals, partition);
  if (low === 0) return;
  throw new UsageError(
    `${topicNames.signals}/${partition} begins at ${low}: what lay before is no longer in the log, so that the windows cannot be recomputed from it`,
  );
}

type BatchOptions = Pick<VerifyOptions, 'onProgress'> & { readonly read: SignalsReader };

/** One partition recomputed as far as it was asked for; it goes on from there. */
class Batch {
  position = 0;
  readonly #recomputation = new Recomputation();
  readonly #log: History;
  readonly #partition: number;
  readonly #options: BatchOptions;

  constructor(log: History, partition: number, options: BatchOptions) {
    this.#log = log;
    this.#partition = partition;
    this.#options = options;
  }

  async cellsAt(end: number): Promise<Map<string, number[]>> {
    const { read, onProgress } = this.#options;
    while (this.position < end) {
      const limit = Math.min(readRecords, end - this.position);
      const { records, next } = await this.#log.read(topicNames.signals, this.#partition, this.position, limit);
      for (const record of records) {
        const reading = read(record);
        if ('input' in reading) this.#recomputation.take(record, reading.input.content);
      }
      this.position = next;
      onProgress(this.position, end);
    }
    return this.#recomputation.cells();
  }
}

async function compare(expected: Map<string, number[]>, state: PartitionState): Promise<Omit<Verification, 'behind'>> {
  const found = { cells: expected.size, wrong: 0, missing: 0, extra: 0 };
  for await (const [key, fields] of state.scanCells()) {
    const wanted = expected.get(key);
    if (wanted === undefined) found.extra += 1;
    else if (fields.some((field, index) => field !== (wanted[index] ?? 0))) found.wrong += 1;
    expected.delete(key);
  }
  return { ...found, missing: expected.size };
}
