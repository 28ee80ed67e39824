// The log as far back as the archive goes: what the log has let go is read from there, by whoever begins at the first record.
import { type ArchiveReader, archivedStretches, archivedUntil, readPartition } from '@gapwatch/storage';
import { BelowLowMark, type Chunk, type Log } from '@gapwatch/transport';
import { UsageError } from '../terminal/output.ts';

/** What can be read of a past. Its low marks count what the archive has. */
export type History = Pick<Log, 'partitions' | 'marks' | 'read'>;

/**
 * `archive` null: nothing but what the log has. Memory is one object of each partition that is read, and the keys of the topic.
 * Reads that follow each other read each object once.
 * @throws UsageError, while reading, for a stretch that neither has
 */
export function historyOf(log: Log, archive: ArchiveReader | null): History {
  if (archive === null) return log;
  const pasts = new Map<string, ArchivedPartition>();
  const pastOf = (topic: string, partition: number) => {
    const name = `${topic}/${partition}`;
    const past = pasts.get(name) ?? new ArchivedPartition(archive, topic, partition);
    pasts.set(name, past);
    return past;
  };
  const history: History = {
    partitions: (topic) => log.partitions(topic),
    async marks(topic, partition) {
      const { low, high } = await log.marks(topic, partition);
      return { low: low === 0 ? 0 : await pastOf(topic, partition).beginningOf(low), high };
    },
    async read(topic, partition, from, limit) {
      const { low, high } = await log.marks(topic, partition);
      if (from < low) return pastOf(topic, partition).read(from, { limit, low, high });
      return log.read(topic, partition, from, limit).catch((error: unknown) => {
        // let go since the marks were asked for
        if (error instanceof BelowLowMark) return history.read(topic, partition, from, limit);
        throw error;
      });
    },
  };
  return history;
}

type Wanted = { readonly limit: number; readonly low: number; readonly high: number };

class ArchivedPartition {
  readonly #archive: ArchiveReader;
  readonly #topic: string;
  readonly #partition: number;
  #items: ReturnType<typeof readPartition> | null = null;
  /** the offset that the items go on with */
  #next = 0;

  constructor(archive: ArchiveReader, topic: string, partition: number) {
    this.#archive = archive;
    this.#topic = topic;
    this.#partition = partition;
  }

  /** 0, since a past is whole or it is none. @throws UsageError where the archive does not reach from the first record to `low` */
  async beginningOf(low: number): Promise<number> {
    const stretches =
      (await archivedStretches(this.#archive, this.#topic)).get(this.#topic)?.get(this.#partition) ?? [];
    const end = archivedUntil(stretches);
    if (end < low) throw this.#lacking(end, stretches.find(({ first }) => first > end)?.first ?? low);
    return 0;
  }

  /** Records of the archive alone; a read that ends before `limit` is gone on with by the next one. */
  async read(from: number, { limit, low, high }: Wanted): Promise<Chunk> {
    if (this.#items === null || this.#next !== from) {
      this.#items = readPartition(this.#archive, this.#topic, this.#partition, from);
      this.#next = from;
    }
    const records = [];
    while (records.length < limit) {
      const { value: item, done } = await this.#items.next();
      if (done) break;
      if (item.type === 'hole') throw this.#lacking(item.from, item.to);
      records.push(item.record);
    }
    const next = from + records.length;
    if (next === from) throw this.#lacking(from, low);
    this.#next = next;
    return { topic: this.#topic, partition: this.#partition, from, next, high, records };
  }

  #lacking(from: number, to: number): UsageError {
    return new UsageError(
      `${this.#topic}/${this.#partition}: neither the log nor the archive has the records from ${from} to ${to - 1}: what is counted would not be what was; bring the missing objects back into the bucket`,
    );
  }
}
