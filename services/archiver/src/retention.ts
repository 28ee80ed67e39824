// How long the archive keeps what it holds, by log time: records that have run out already are not written, objects that
// have are deleted once a day. A day costs O(objects deleted).
import { type Archive, archivedHour, parseObjectKey, topicPrefix } from '@gapwatch/storage';

const dayHours = 24;

export class Retention {
  readonly #archive: Archive;
  readonly #keepDays: ReadonlyMap<string, number | null>;
  /** whole days since 1970 UTC; null: nothing is known of the time yet, and nothing runs out */
  #today: number | null = null;
  #sweptDay: number | null = null;

  /** `keepDays` by topic, null for ever: a record stays until its UTC day lies more than so many days back. */
  constructor(archive: Archive, keepDays: ReadonlyMap<string, number | null>) {
    this.#archive = archive;
    this.#keepDays = keepDays;
  }

  /** Log time, milliseconds UTC; it never goes back. */
  advance(time: number): void {
    const day = Math.floor(archivedHour(time) / dayHours);
    this.#today = Math.max(this.#today ?? day, day);
  }

  isExpired(topic: string, hour: number): boolean {
    const days = this.#keepDays.get(topic) ?? null;
    if (days === null || this.#today === null) return false;
    return Math.floor(hour / dayHours) < this.#today - days;
  }

  /** Deletes what has run out, the first time it is asked on a day; answers how many objects went. */
  async sweep(): Promise<number> {
    const today = this.#today;
    if (today === this.#sweptDay) return 0;
    let deleted = 0;
    for (const [topic, days] of this.#keepDays) if (days !== null) deleted += await this.#sweepTopic(topic);
    this.#sweptDay = today;
    return deleted;
  }

  /** The keys of a topic come in the order of their hours. */
  async #sweepTopic(topic: string): Promise<number> {
    let deleted = 0;
    for await (const key of this.#archive.list(topicPrefix(topic))) {
      const place = parseObjectKey(key);
      if (place === null) continue;
      if (!this.isExpired(topic, place.hour)) break;
      await this.#archive.delete(key);
      deleted += 1;
    }
    return deleted;
  }
}
