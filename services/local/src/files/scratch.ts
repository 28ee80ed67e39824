// A folder for what memory has no room for.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** There is none before somebody asks for it, and none afterwards, also where the process is told to end. */
export class Scratch {
  #path: string | null = null;

  get path(): string {
    if (this.#path !== null) return this.#path;
    this.#path = mkdtempSync(join(tmpdir(), 'gapwatch-order-'));
    for (const signal of endings) process.once(signal, this.#end);
    return this.#path;
  }

  remove(): void {
    if (this.#path === null) return;
    for (const signal of endings) process.off(signal, this.#end);
    rmSync(this.#path, { recursive: true, force: true });
    this.#path = null;
  }

  /** Whoever else listens says how the process ends; where nobody does, it ends as it would have. */
  readonly #end = (signal: NodeJS.Signals) => {
    this.remove();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
}
