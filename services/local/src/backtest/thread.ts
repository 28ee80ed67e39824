// A thread of its own for a share of a history.
import { Worker } from 'node:worker_threads';
import type { FoldedShare, OnFold, Share } from './fold-parts.ts';

/** Room for what is made anew: half of what V8 would take costs no time. */
const youngMB = 48;

export class FoldThread {
  /** rejects where the thread ends without an answer */
  readonly folded: Promise<FoldedShare>;
  readonly #worker: Worker;

  constructor(share: Share, onFold: OnFold) {
    const resourceLimits = { maxYoungGenerationSizeMb: youngMB };
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share, resourceLimits });
    this.folded = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: number | FoldedShare) => {
        if (typeof message === 'number') onFold(message);
        else resolve(message);
      });
      this.#worker.on('error', reject);
      this.#worker.on('exit', (code) => reject(new Error(`a thread of this backtest ended with ${code}`)));
    });
  }

  /** Ends the thread, whatever it is doing. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
