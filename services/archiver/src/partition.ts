// One partition into the archive: records are held back until their object is complete, then it is written, then the
// position moves behind it. A crash in between writes the same offsets again, which every reader knows by the offset.
// Back pressure: what is held back is bounded; while an object cannot be written, no further chunk is taken.
import {
  type Archive,
  archivedStretches,
  archivedUntil,
  ObjectDiffers,
  objectKey,
  type PartitionState,
  packLines,
  type StepResult,
  unpackLines,
} from '@gapwatch/storage';
import type { Chunk, Log, LoopLogger, PartitionWork, Step } from '@gapwatch/transport';
import { type Batch, type BatchLimits, cutBatches } from './batch.ts';
import type { Retention } from './retention.ts';

export type ArchivedPartitionOptions = {
  readonly topic: string;
  readonly partition: number;
  readonly archive: Archive;
  readonly state: PartitionState;
  readonly log: Pick<Log, 'marks'>;
  /** asked at each chunk */
  readonly limits: () => BatchLimits;
  readonly retention: Retention;
  readonly logger: LoopLogger;
};

export class ArchivedPartition implements PartitionWork {
  readonly #options: ArchivedPartitionOptions;
  /** as the state has it: everything before is in the archive */
  #stored = 0;
  /** everything before is in the archive or held back */
  #next = 0;
  #open: Batch | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ArchivedPartitionOptions) {
    this.#options = options;
  }

  /** Records that left the log before they were archived are a hole that is named here, once. */
  async position(): Promise<number> {
    const { topic, partition, state, log, logger } = this.#options;
    this.#adopt(await state.position());
    const { low } = await log.marks(topic, partition);
    if (low > this.#stored) {
      const from = await this.#archivedFrom(this.#stored);
      const hole = { topic, partition, from, to: low };
      if (from < low)
        logger.warn(hole, 'records have left the log before they were archived: the archive has a hole there');
      await this.#move(low);
    }
    this.forget();
    return this.#stored;
  }

  /** The first offset from this one on that is in no object: a state that was lost knows less than the archive. */
  async #archivedFrom(offset: number): Promise<number> {
    const { topic, partition, archive } = this.#options;
    return archivedUntil((await archivedStretches(archive, topic)).get(topic)?.get(partition), offset);
  }

  forget(): void {
    this.#adopt(this.#stored);
  }

  /** All is done in `commit`: between the two somebody else may have had a turn. */
  async step(chunk: Chunk): Promise<Step> {
    const counts: Record<string, number> = {};
    const commit = () => this.#alone(() => this.#take(chunk, counts));
    return { next: chunk.next, outputs: [], rejections: [], counts, commit };
  }

  /** Writes what is held back of hours before this one, which are over. */
  closeBefore(hour: number): Promise<void> {
    return this.#alone(async () => {
      if (this.#open !== null && this.#open.hour < hour) await this.#flush();
    });
  }

  close(): Promise<void> {
    return this.#alone(() => this.#flush());
  }

  async #take(chunk: Chunk, counts: Record<string, number>): Promise<StepResult> {
    if (chunk.from !== this.#next) return { outcome: 'stale', position: this.#stored };
    const { topic, limits, retention } = this.#options;
    const isExpired = (hour: number) => retention.isExpired(topic, hour);
    const { closed, open, expired } = cutBatches(this.#open, chunk.records, limits(), isExpired);
    for (const batch of closed) await this.#write(batch);
    const result = await this.#move(open?.first ?? chunk.next);
    if (result.outcome === 'stale') return result;
    this.#open = open;
    this.#next = chunk.next;
    counts.archived = chunk.records.length - expired;
    if (expired > 0) counts.expired = expired;
    return result;
  }

  async #flush(): Promise<void> {
    if (this.#open === null) return;
    await this.#write(this.#open);
    const { outcome } = await this.#move(this.#next);
    if (outcome === 'applied') this.#open = null;
  }

  async #write({ hour, first, last, lines }: Batch): Promise<void> {
    const { topic, partition, archive } = this.#options;
    const key = objectKey({ topic, partition, hour, first, last });
    const whole = Buffer.concat(lines);
    try {
      await archive.put(key, await packLines(whole));
    } catch (error) {
      // another version of Zstandard packs the same lines into other bytes
      if (!(error instanceof ObjectDiffers)) throw error;
      if (!(await unpackLines(key, await archive.get(key))).equals(whole)) throw error;
    }
  }

  async #move(position: number): Promise<StepResult> {
    if (position === this.#stored) return { outcome: 'applied' };
    const step = { expected: this.#stored, next: position, documents: [], cells: new Map() };
    const result = await this.#options.state.apply(step);
    if (result.outcome === 'stale') this.#adopt(result.position);
    else this.#stored = position;
    return result;
  }

  /** What was held back is dropped: it is read again from there. */
  #adopt(position: number): void {
    this.#stored = position;
    this.#next = position;
    this.#open = null;
  }

  /** The loop and the clock take turns. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
