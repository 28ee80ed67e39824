// Holds the live windows of a directory against what its log says when it is read again in one batch.
import { namespace } from '@gapwatch/aggregator';
import { topicNames } from '@gapwatch/contracts';
import { readSignals } from '@gapwatch/core';
import type { PartitionState } from '@gapwatch/storage';
import type { Log } from '@gapwatch/transport';
import type { DataDirectory } from '../running/directory.ts';
import { Recomputation } from './recompute.ts';

/** `wrong`: another count; `missing`: not in the state; `extra`: not in the log. `behind`: records not folded yet. */
export type Verification = { cells: number; wrong: number; missing: number; extra: number; behind: number };

export type VerifyOptions = { readonly onProgress: (read: number, total: number) => void };

const readRecords = 2_000;

/** Reads each partition up to where its state stands. Nothing may fold meanwhile. */
export async function verify(
  { log, state }: Pick<DataDirectory, 'log' | 'state'>,
  { onProgress }: VerifyOptions,
): Promise<Verification> {
  const sum = { cells: 0, wrong: 0, missing: 0, extra: 0, behind: 0 };
  const partitions = await log.partitions(topicNames.signals);
  for (let partition = 0; partition < partitions; partition += 1) {
    const own = state.partition(namespace, partition);
    const found = await verifyPartition(log, partition, own, onProgress);
    for (const [name, count] of Object.entries(found)) sum[name as keyof Verification] += count;
  }
  return sum;
}

async function verifyPartition(
  log: Log,
  partition: number,
  state: PartitionState,
  onProgress: VerifyOptions['onProgress'],
): Promise<Verification> {
  const end = await state.position();
  const { low, high } = await log.marks(topicNames.signals, partition);
  if (low > 0) {
    throw new Error(
      `${topicNames.signals}/${partition} begins at ${low}: what lay before is no longer in the log, so that the windows cannot be recomputed from it`,
    );
  }
  const recomputation = new Recomputation();
  for (let at = low; at < end; ) {
    const { records, next } = await log.read(topicNames.signals, partition, at, Math.min(readRecords, end - at));
    for (const record of records) {
      const reading = readSignals(record);
      if ('input' in reading) recomputation.take(record, reading.input.content);
    }
    at = next;
    onProgress(at, end);
  }
  return { ...(await compare(recomputation.cells(), state)), behind: high - end };
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
