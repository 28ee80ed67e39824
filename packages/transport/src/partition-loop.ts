// One partition of one service: fold a chunk, write what came of it, then move state and position in one step.
// Delivery guarantee: outputs are acknowledged before the position moves; a crash in between repeats them with the same
// origins. Back pressure: one chunk, and one append, at a time.
import type { DeadLetterLimits, Output, Rejection } from '@gapwatch/contracts';
import {
  type Clock,
  defaultBackoff,
  GaveUp,
  type PartitionProgress,
  type RetryOptions,
  retry,
} from '@gapwatch/runtime';
import { DeadLetterCounter, deadLettersOf } from './dead-letters.ts';
import type { Chunk, Log } from './port.ts';

/** What a service makes of one chunk. `commit` stores state and position together, if the position is still the one it began at. */
export type Step = {
  /** the offset behind what was taken: that of the chunk, or an earlier one where the rest is to be read again */
  readonly next: number;
  readonly outputs: readonly Output[];
  readonly rejections: readonly Rejection[];
  /** outcomes by name, for the metrics */
  readonly counts: Readonly<Record<string, number>>;
  commit(): Promise<{ readonly outcome: 'applied' } | { readonly outcome: 'stale'; readonly position: number }>;
};

/** The service's side of one partition. */
export type PartitionWork = {
  /** the offset to read next, as the state says */
  position(): Promise<number>;
  step(chunk: Chunk): Promise<Step>;
  /** drops what is cached: the state has moved without us, or a step was given up */
  forget(): void;
  /** for a service that holds records back: stores them. Called once, before a partition that works is let go */
  close?(): Promise<void>;
};

/** What is needed of a logger. */
export type LoopLogger = {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
};

export type PartitionLoopOptions = {
  readonly service: string;
  readonly log: Pick<Log, 'append'>;
  readonly clock: Clock;
  readonly logger: LoopLogger;
  /** uniform in [0, 1), for the jitter of repeated calls */
  readonly random: () => number;
  readonly sleep?: RetryOptions['sleep'];
  readonly deadLetterLimits: DeadLetterLimits;
  readonly onCounts: (service: string, counts: Readonly<Record<string, number>>) => void;
};

/** Whatever is restarted is back within seconds: nobody should sleep much longer. */
const backoff = { ...defaultBackoff, maxMs: 5_000 };

export class PartitionLoop {
  readonly #options: PartitionLoopOptions;
  readonly #place: { readonly topic: string; readonly partition: number };
  readonly #work: PartitionWork;
  readonly #deadLetters: DeadLetterCounter;
  readonly #signal: AbortSignal;
  #position = 0;
  #high = 0;
  #lastProgressMs: number;
  #waitsFor: string | null = null;

  /** `signal` ends the waiting between repeated calls, never a call. */
  constructor(
    options: PartitionLoopOptions,
    place: { topic: string; partition: number },
    work: PartitionWork,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#place = place;
    this.#work = work;
    this.#deadLetters = new DeadLetterCounter(options.deadLetterLimits);
    this.#signal = signal;
    this.#lastProgressMs = options.clock.now();
  }

  async begin(): Promise<number> {
    this.#position = await this.#retry('reading the position', () => this.#work.position());
    this.#high = this.#position;
    return this.#position;
  }

  /**
   * Answers the offset to read next; a chunk that begins elsewhere than was asked for is not folded.
   * Throws what no repetition can mend; nothing of the chunk is committed then.
   */
  async handle(chunk: Chunk): Promise<number> {
    this.#high = chunk.high;
    if (chunk.from !== this.#position) return this.#position;
    const step = await this.#step(chunk);
    const taken = chunk.records.map(({ offset }) => offset).filter((offset) => offset < step.next);
    this.#deadLetters.take(taken, step.rejections);
    await this.#append(step);
    const result = await this.#retry('storing the step', () => step.commit());
    this.#position = result.outcome === 'applied' ? step.next : this.#adopt(chunk, step.next, result.position);
    this.#lastProgressMs = this.#options.clock.now();
    if (result.outcome === 'applied') this.#options.onCounts(this.#options.service, step.counts);
    return this.#position;
  }

  /** What cannot be stored while a part is away is no loss: it is read again from the position, which has not moved. */
  async end(): Promise<void> {
    try {
      await this.#retry('closing', async () => this.#work.close?.());
    } catch (error) {
      if (!(error instanceof GaveUp)) throw error;
      const facts = { service: this.#options.service, ...this.#place };
      this.#options.logger.warn(facts, 'stopped while a part is away: what was held back is read again');
    }
  }

  /** A step that failed half-way leaves half-changed documents behind: they are dropped before it is tried again. */
  #step(chunk: Chunk): Promise<Step> {
    return this.#retry('folding', () =>
      this.#work.step(chunk).catch((error: unknown) => {
        this.#work.forget();
        throw error;
      }),
    );
  }

  async #append({ outputs, rejections }: Step): Promise<void> {
    const { service, clock, log } = this.#options;
    const all = [...outputs, ...deadLettersOf(service, rejections, clock.now())];
    if (all.length > 0) await this.#retry('appending', () => log.append(all));
  }

  /** The state is elsewhere: ahead, where somebody was here before or a reply was lost; behind, where a store lost its end. */
  #adopt({ from }: Chunk, next: number, position: number): number {
    this.#work.forget();
    if (position !== next) {
      const facts = { service: this.#options.service, ...this.#place, expected: from, position };
      this.#options.logger.warn(facts, 'the state has another position: going on from there');
    }
    return position;
  }

  async #retry<T>(what: string, call: () => Promise<T>): Promise<T> {
    const { logger, random, sleep, service } = this.#options;
    const facts = { service, ...this.#place, what };
    let attempts = 0;
    const onFault = (error: Error, attempt: number) => {
      attempts = attempt;
      this.#waitsFor = error.name;
      if (attempt === 1)
        logger.warn({ ...facts, error: error.message }, 'a part is away: trying again until it is back');
    };
    const result = await retry(call, { backoff, random, signal: this.#signal, onFault, ...(sleep && { sleep }) });
    if (attempts === 0) return result;
    this.#waitsFor = null;
    // what it waited for does not count as standing still
    this.#lastProgressMs = this.#options.clock.now();
    logger.info({ ...facts, attempts }, 'the part is back');
    return result;
  }

  progress(): PartitionProgress {
    const { topic, partition } = this.#place;
    const high = Math.max(this.#high, this.#position);
    return {
      topic,
      partition,
      position: this.#position,
      high,
      lastProgressMs: this.#lastProgressMs,
      waitsFor: this.#waitsFor,
    };
  }
}
