// Who waits for something new in a partition, and who says that there is. No time is involved.
// A change that falls between looking and waiting is not lost: the one who waits says what it has seen.

export class Changes {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** How often something changed here so far. */
  seen(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  notify(key: string): void {
    this.#counts.set(key, this.seen(key) + 1);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    for (const wake of waiting) wake();
  }

  /** Resolves at the first change after `seen`, or when the signal is aborted. */
  after(key: string, seen: number, signal: AbortSignal): Promise<void> {
    if (this.seen(key) !== seen || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiting);
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
