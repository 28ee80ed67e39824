// A member that stays: a cluster that is away is waited for without bound; a client that dies for reasons unknown is
// started again a few times, and then said to be dead, so that whoever watches the process can replace it.
import { setTimeout as pause } from 'node:timers/promises';
import { backoffDelayMs, type Clock, defaultBackoff, isTransient } from '@gapwatch/runtime';
import type { Consumer } from '../port.ts';
import { toKafkaFault } from './faults.ts';
import { Session, type SessionOptions } from './session.ts';

/** The client died too often for unknown reasons: the process should end and be started anew. */
export class ConsumerCrashed extends Error {
  override readonly name = 'ConsumerCrashed';
  constructor(group: string, cause: Error) {
    super(`the consumer of ${group} crashed ${mostCrashes} times in ten minutes, the last time: ${cause.message}`, {
      cause,
    });
  }
}

export type MemberOptions = Omit<SessionOptions, 'failed' | 'onAnswer'> & {
  readonly clock: Clock;
  /** told once when the cluster is away, and once when it is back */
  readonly onAway: (what: string, error: Error) => void;
  readonly onBack: (what: string) => void;
};

const mostCrashes = 5;
const crashWindowMs = 600_000;

export function startMember(options: MemberOptions): Consumer {
  const stopping = new AbortController();
  const member = new Member(options, stopping.signal);
  const running = member.run();
  return {
    async stop() {
      stopping.abort();
      member.stop();
      await running;
    },
  };
}

class Member {
  readonly #options: MemberOptions;
  readonly #signal: AbortSignal;
  readonly #failed = new Set<string>();
  #session: Session | null = null;
  #crashes: number[] = [];
  #attempts = 0;

  constructor(options: MemberOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  stop(): void {
    this.#session?.stop();
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      const begun = this.#options.clock.now();
      this.#session = new Session({ ...this.#options, onAnswer: () => this.#answered(), failed: this.#failed });
      const error = await this.#session.run();
      if (error === null || this.#signal.aborted) return;
      const fault = toKafkaFault(error) as Error;
      if (!isTransient(fault) && this.#isTooMuch(begun)) {
        this.#giveUp(fault);
        return;
      }
      await this.#wait(fault);
    }
  }

  /** Who is handed partitions may not be let read them: only an answer says that the cluster is back. */
  #answered(): void {
    if (this.#attempts === 0) return;
    this.#attempts = 0;
    this.#options.onBack(this.#options.consumer.group);
  }

  #isTooMuch(now: number): boolean {
    this.#crashes = [...this.#crashes.filter((at) => at > now - crashWindowMs), now];
    return this.#crashes.length >= mostCrashes;
  }

  #giveUp(error: Error): void {
    const { consumer, handlers } = this.#options;
    const crash = new ConsumerCrashed(consumer.group, error);
    for (const topic of consumer.topics) handlers.failed(topic, 0, crash);
  }

  async #wait(error: Error): Promise<void> {
    const { onAway, random, consumer } = this.#options;
    this.#attempts += 1;
    if (this.#attempts === 1) onAway(consumer.group, error);
    const delayMs = backoffDelayMs({ ...defaultBackoff, maxMs: mostWaitMs }, this.#attempts, random);
    await pause(delayMs, undefined, { signal: this.#signal }).catch(() => {});
  }
}

/** A broker that was killed is back in about ten seconds: nobody should sleep much longer than it. */
const mostWaitMs = 5_000;
