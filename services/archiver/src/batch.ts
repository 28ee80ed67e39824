// Records gathered into objects: a run of one partition within one hour, until the hour changes or the object is full.
import type { LogRecord } from '@gapwatch/contracts';
import { archivedHour, encodeLine } from '@gapwatch/storage';

/** Records that will be one object. `lines` are encoded, so that their size is known; `sizeBytes` is their sum. */
export type Batch = {
  readonly hour: number;
  readonly first: number;
  readonly last: number;
  readonly lines: readonly Buffer[];
  readonly sizeBytes: number;
};

/** What one object may have, before compression. */
export type BatchLimits = { readonly records: number; readonly sizeBytes: number };

/** What may be held back: `allBytes` by all partitions of a process together, however many they are. */
export type HoldLimits = BatchLimits & { readonly allBytes: number };

export const defaultLimits: HoldLimits = { records: 20_000, sizeBytes: 4 * 2 ** 20, allBytes: 96 * 2 ** 20 };

/** Those of each of so many partitions. */
export function shareOf({ records, sizeBytes, allBytes }: HoldLimits, partitions: number): BatchLimits {
  return { records, sizeBytes: Math.min(sizeBytes, Math.floor(allBytes / partitions)) };
}

/** `closed` are to be written, in order; `open` may still grow; `expired` is how many records were left out. */
export type Cut = { readonly closed: readonly Batch[]; readonly open: Batch | null; readonly expired: number };

type Growing = { -readonly [Field in keyof Batch]: Batch[Field] } & { lines: Buffer[] };

/** Goes on from an open batch, which stays as it is. `isExpired` says of an hour that nothing of it is kept. */
export function cutBatches(
  open: Batch | null,
  records: readonly LogRecord[],
  limits: BatchLimits,
  isExpired: (hour: number) => boolean,
): Cut {
  const closed: Batch[] = [];
  let growing: Growing | null = open && { ...open, lines: [...open.lines] };
  let expired = 0;
  for (const record of records) {
    const hour = archivedHour(record.time);
    const line = isExpired(hour) ? null : Buffer.from(encodeLine(record));
    if (growing !== null && (line === null || !fits(growing, hour, line, limits))) {
      closed.push(growing);
      growing = null;
    }
    if (line === null) expired += 1;
    else growing = grow(growing ?? begin(hour, record.offset), record.offset, line);
  }
  return { closed, open: growing, expired };
}

function begin(hour: number, first: number): Growing {
  return { hour, first, last: first, lines: [], sizeBytes: 0 };
}

function fits(batch: Batch, hour: number, line: Buffer, limits: BatchLimits): boolean {
  const hasRoom = batch.lines.length < limits.records && batch.sizeBytes + line.length <= limits.sizeBytes;
  return batch.hour === hour && hasRoom;
}

function grow(batch: Growing, offset: number, line: Buffer): Growing {
  batch.last = offset;
  batch.lines.push(line);
  batch.sizeBytes += line.length;
  return batch;
}
