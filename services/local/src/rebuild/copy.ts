// Partitions of an archive, written into the log of a Kafka under the same offsets and with the same times.
// Delivery guarantee: a record that is there is not written again, and one that came to lie elsewhere ends it with an error.
// Back pressure: one send at a time; memory is one object of the archive and one send.
import { namespaceOf as archiverOf } from '@gapwatch/archiver';
import type { LogRecord, Output } from '@gapwatch/contracts';
import { type Archive, encodeLine, readPartition, type StateStore } from '@gapwatch/storage';
import type { KafkaLog } from '@gapwatch/transport/kafka';
import { UsageError } from '../terminal/output.ts';

/** Offsets below `from` are taken up by nothing: what was there has run out of its retention, or is not needed. */
export type Copy = { readonly topic: string; readonly partition: number; readonly from: number; readonly end: number };

export type CopyParts = { readonly log: KafkaLog; readonly archive: Archive; readonly state: StateStore };

const sendRecords = 2_000;
const sendBytes = 4 * 2 ** 20;

export type CopyEvents = {
  /** so many offsets more are as the archive has them */
  readonly onOffsets: (offsets: number) => void;
  /** told of every record that is copied, or was before */
  readonly onRecord: (record: LogRecord) => void;
};

export class ArchiveCopy {
  readonly #parts: CopyParts;
  readonly #events: CopyEvents;

  constructor(parts: CopyParts, events: CopyEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  /** @throws UsageError where the archive has a hole, or Kafka something else */
  async copy(copy: Copy): Promise<void> {
    const { log } = this.#parts;
    const { high } = await log.marks(copy.topic, copy.partition);
    await this.#pad(copy, high);
    await this.#write(copy, high);
    if (copy.from > 0) await log.deleteBefore(copy.topic, copy.partition, copy.from);
    await this.#noteArchived(copy);
  }

  /** The number of a record cannot be given, only reached. */
  async #pad({ topic, partition, from }: Copy, high: number): Promise<void> {
    const nothing: Output = { topic, partition, key: null, value: null, time: 0 };
    this.#events.onOffsets(Math.min(from, high));
    for (let at = high; at < from; ) {
      const count = Math.min(sendRecords, from - at);
      await this.#append(
        at,
        Array.from({ length: count }, () => nothing),
      );
      at += count;
    }
  }

  async #write({ topic, partition, from }: Copy, high: number): Promise<void> {
    let waiting: LogRecord[] = [];
    let bytes = 0;
    const send = async () => {
      const [first] = waiting;
      if (first !== undefined) await this.#append(first.offset, waiting);
      waiting = [];
      bytes = 0;
    };
    for await (const item of readPartition(this.#parts.archive, topic, partition, from)) {
      if (item.type === 'hole') throw lacking(topic, partition, item.from);
      this.#events.onRecord(item.record);
      if (item.record.offset === high - 1) await this.#checkSame(item.record);
      if (item.record.offset < high) this.#events.onOffsets(1);
      else {
        bytes += item.record.value?.length ?? 0;
        if (waiting.push(item.record) >= sendRecords || bytes >= sendBytes) await send();
      }
    }
    await send();
  }

  async #append(offset: number, outputs: readonly Output[]): Promise<void> {
    const appended = await this.#parts.log.append(outputs);
    for (const [index, place] of appended.entries()) {
      if (place.offset === offset + index && place.time === outputs[index]?.time) continue;
      throw elsewhere(outputs[index]!, offset + index);
    }
    this.#events.onOffsets(outputs.length);
  }

  /** Of what a restore before this one has left the last record tells whether all of it is the same. */
  async #checkSame(record: LogRecord): Promise<void> {
    const { topic, partition, offset } = record;
    const { records } = await this.#parts.log.read(topic, partition, offset, 1);
    if (records[0] === undefined || encodeLine(records[0]) !== encodeLine(record)) throw elsewhere(record, offset);
  }

  /** The archive has it: an archiver goes on behind it. */
  async #noteArchived({ topic, partition, end }: Copy): Promise<void> {
    const own = this.#parts.state.partition(archiverOf(topic), partition);
    await own.apply({ expected: 0, next: end, documents: [], cells: new Map() });
  }
}

export function lacking(topic: string, partition: number, offset: number): UsageError {
  return new UsageError(
    `${topic}/${partition}: the archive lacks the record ${offset}, and what follows counts on it; bring the missing objects back into the bucket`,
  );
}

function elsewhere({ topic, partition }: Pick<Output, 'topic' | 'partition'>, offset: number): UsageError {
  return new UsageError(
    `${topic}/${partition}: the record ${offset} of the archive is not what Kafka has there: somebody else wrote meanwhile, or a send was repeated; stop whoever writes, delete the topics and empty Redis, and rebuild again`,
  );
}
