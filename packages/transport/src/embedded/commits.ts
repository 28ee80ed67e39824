// Group commit: appends that arrive in the same turn of the event loop share one transaction, and so one wait for the disk.
// Guarantee: an append is acknowledged when it is durable; a transaction that fails fails all who share it.
import type { Appended } from '../port.ts';
import type { Placed } from './file.ts';

type Waiting = {
  readonly placed: readonly Placed[];
  readonly resolve: (appended: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
};

export class Commits {
  readonly #write: (placed: readonly Placed[]) => readonly Appended[];
  #waiting: Waiting[] = [];

  /** `write` puts all of its argument into one transaction. */
  constructor(write: (placed: readonly Placed[]) => readonly Appended[]) {
    this.#write = write;
  }

  append(placed: readonly Placed[]): Promise<readonly Appended[]> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => this.#waiting.push({ placed, resolve, reject }));
  }

  /** Writes what waits. Never throws: whoever waits is told. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    try {
      const appended = this.#write(waiting.flatMap(({ placed }) => placed));
      let start = 0;
      for (const { placed, resolve } of waiting) {
        resolve(appended.slice(start, start + placed.length));
        start += placed.length;
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
