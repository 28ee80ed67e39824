// How far the records of some topics say that others were read: each names the place that it was made of.
import { type LogRecord, originSchema } from '@gapwatch/contracts';
import { z } from 'zod';

const placeSchema = originSchema.omit({ index: true });
const madeSchema = z.object({ origin: placeSchema });

export type Place = z.infer<typeof placeSchema>;

export class Origins {
  readonly #read = new Map<string, Map<number, number>>();

  /** The place that the record names; null for one that names none, or is none of ours. */
  note({ value }: LogRecord): Place | null {
    const origin = originOf(value);
    if (origin === null) return null;
    const partitions = this.#read.get(origin.topic) ?? new Map<number, number>();
    this.#read.set(origin.topic, partitions);
    partitions.set(origin.partition, Math.max(partitions.get(origin.partition) ?? 0, origin.offset + 1));
    return origin;
  }

  topics(): Iterable<string> {
    return this.#read.keys();
  }

  /** By partition the offset behind the last that was read. */
  of(topic: string): ReadonlyMap<number, number> | undefined {
    return this.#read.get(topic);
  }
}

function originOf(value: LogRecord['value']): Place | null {
  if (value === null) return null;
  try {
    return madeSchema.parse(JSON.parse(Buffer.from(value).toString('utf8'))).origin;
  } catch {
    return null;
  }
}
