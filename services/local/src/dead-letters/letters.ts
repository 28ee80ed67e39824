// The dead letters as the log has them: newest first for people who look, oldest first for sending them again.
import { type Configuration, type DeadLetter, sourceOfTopic, topicNames } from '@gapwatch/contracts';
import { type Log, partitionOfKey } from '@gapwatch/transport';
import { topicOf } from '../running/topics.ts';

/** A letter, where it lies, and the source of what it holds, where that is known. */
export type Letter = {
  readonly letter: DeadLetter;
  readonly partition: number;
  readonly offset: number;
  /** record time, milliseconds UTC */
  readonly time: number;
  readonly source: string | null;
};

export type LetterFilter = { readonly reason?: string | undefined; readonly source?: string | undefined };

/** Offsets, one a partition: what lies below them is still to be seen. */
export type Below = readonly number[];

const blockRecords = 100;
const decoder = new TextDecoder();

/** What is needed of the log. */
export type LetterLog = Pick<Log, 'marks' | 'partitions' | 'read'>;

export class LetterReader {
  readonly #log: LetterLog;
  readonly #sources: ReadonlyMap<string, string>;

  constructor(log: LetterLog, configuration: Configuration) {
    this.#log = log;
    this.#sources = new Map(configuration.sources.map((source) => [topicOf(source), source.id]));
  }

  /** The end of each partition now. */
  async ends(): Promise<number[]> {
    const partitions = await this.#log.partitions(topicNames.deadLetters);
    const marks = Array.from({ length: partitions }, (_, one) => this.#log.marks(topicNames.deadLetters, one));
    return (await Promise.all(marks)).map(({ high }) => high);
  }

  /** Letters of all partitions by their time, the newest first; with each, what lies below it. */
  async *newestFirst(below: Below, filter: LetterFilter = {}): AsyncGenerator<Letter & { readonly below: Below }> {
    const left = [...below];
    const readers = left.map((end, partition) => this.#backward(partition, end));
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      const newest = heads.reduce<Letter | null>((found, { value, done }) => {
        return !done && (found === null || value.time > found.time) ? value : found;
      }, null);
      if (newest === null) return;
      const { partition, offset } = newest;
      left[partition] = offset;
      heads[partition] = await readers[partition]!.next();
      if (isAsked(newest, filter)) yield { ...newest, below: [...left] };
    }
  }

  /** Letters of each partition in their order, up to an end. */
  async *oldestFirst(ends: Below, filter: LetterFilter = {}): AsyncGenerator<Letter> {
    for (const [partition, end] of ends.entries()) {
      let { low: from } = await this.#log.marks(topicNames.deadLetters, partition);
      while (from < end) {
        const letters = await this.#block(partition, from, Math.min(blockRecords, end - from));
        for (const letter of letters.items) if (isAsked(letter, filter)) yield letter;
        from = letters.next;
      }
    }
  }

  /** The newest letter of an id, or null. */
  async find(id: string): Promise<Letter | null> {
    const place = /^[^:]+:(.+)\/\d+$/.exec(id)?.[1];
    if (place === undefined) return null;
    const ends = await this.ends();
    const partition = partitionOfKey(place, ends.length);
    for await (const letter of this.#backward(partition, ends[partition] ?? 0)) {
      if (letter.letter.id === id) return letter;
    }
    return null;
  }

  async *#backward(partition: number, end: number): AsyncGenerator<Letter, undefined> {
    const { low } = await this.#log.marks(topicNames.deadLetters, partition);
    for (let to = end; to > low; to -= blockRecords) {
      const from = Math.max(low, to - blockRecords);
      const { items } = await this.#block(partition, from, to - from);
      yield* items.filter(({ offset }) => offset < to).reverse();
    }
  }

  async #block(partition: number, from: number, limit: number): Promise<{ items: Letter[]; next: number }> {
    const { records, next } = await this.#log.read(topicNames.deadLetters, partition, from, limit);
    const items = records.flatMap(({ offset, time, value }) => {
      if (value === null) return [];
      const letter = JSON.parse(decoder.decode(value)) as DeadLetter;
      return [{ letter, partition, offset, time, source: this.#sourceOf(letter) }];
    });
    return { items, next };
  }

  #sourceOf({ origin, payload }: DeadLetter): string | null {
    if (origin.topic !== topicNames.signals) return this.#sources.get(origin.topic) ?? sourceOfTopic(origin.topic);
    return sourceOfSignal(payload ?? '');
  }
}

function isAsked({ letter, source: from }: Letter, { reason, source }: LetterFilter): boolean {
  return (reason === undefined || letter.reason.code === reason) && (source === undefined || from === source);
}

/** The source that a record of `signals` names; null where it is none. */
function sourceOfSignal(payload: string): string | null {
  try {
    const { signal } = JSON.parse(payload) as { signal?: { source?: unknown } };
    return typeof signal?.source === 'string' ? signal.source : null;
  } catch {
    return null;
  }
}
