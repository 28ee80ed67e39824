// Sends what is due: receivers side by side, the messages of one receiver one after the other.
// Delivery: at least once. What a receiver does not take for now is tried again later, with growing delay, for a day of
// log time; a receiver that is away holds up neither the others nor, beyond one attempt a step, the topic.
import type { Delivery } from '@gapwatch/contracts';
import { staleMs } from '@gapwatch/core';
import { type Backoff, backoffDelayMs, type Clock } from '@gapwatch/runtime';
import type { StateWorkspace } from '@gapwatch/storage';
import type { LoopLogger } from '@gapwatch/transport';
import {
  deliveryOutput,
  isWaitingKey,
  type MetaDocument,
  messageId,
  metaKey,
  type WaitingDocument,
  type WaitingMessage,
} from './documents.ts';
import type { Answer, Receiver } from './receivers/define.ts';

export type SenderOptions = {
  readonly receivers: readonly Receiver[];
  readonly clock: Clock;
  readonly logger: LoopLogger;
  /** uniform in [0, 1) */
  readonly random: () => number;
  /** ends: nothing more is begun */
  readonly closing: AbortSignal;
  /** ends: what is in flight is cut off */
  readonly cut: AbortSignal;
};

/** By log time, which moves a minute at a time. */
const backoff: Backoff = { firstMs: 60_000, maxMs: 3_600_000 };

/** By the clock: a receiver that answers, but slowly, goes on at the next tick. */
const stepMs = 15_000;

/** One receiver and what this process has heard from it. */
type Line = {
  readonly receiver: Receiver;
  /** it said that it is gone: asked no more until the process starts again */
  isGone: boolean;
  /** log time before which it does not want to be asked */
  quietUntil: number;
  /** whether its being away was said */
  isAway: boolean;
};

type FinalAnswer = Exclude<Answer, { outcome: 'later' }>;
type Due = { readonly key: string; readonly waiting: WaitingDocument };
type Sending = { readonly workspace: StateWorkspace; readonly logTime: number; readonly deadline: number };

export class Sender {
  readonly #options: SenderOptions;
  readonly #lines: ReadonlyMap<string, Line>;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#lines = new Map(
      options.receivers.map((receiver) => [receiver.id, { receiver, isGone: false, quietUntil: 0, isAway: false }]),
    );
  }

  /** Every outcome that is final becomes a record of `deliveries`; what is not waits on. */
  async send(workspace: StateWorkspace): Promise<void> {
    const { logTime = 0 } = workspace.get<MetaDocument>(metaKey) ?? {};
    const deadline = this.#options.clock.now() + stepMs;
    const sending: Sending = { workspace, logTime, deadline };
    await Promise.all([...dueByReceiver(sending)].map(([id, due]) => this.#sendTo(this.#lines.get(id), due, sending)));
  }

  async #sendTo(line: Line | undefined, due: readonly Due[], sending: Sending): Promise<void> {
    if (line === undefined) {
      for (const one of due) failAll(one, 'not-configured', sending);
      return;
    }
    // what was tried in vain comes last: one message that is never taken holds up no other
    for (const one of due.toSorted((a, b) => a.waiting.attempts - b.waiting.attempts)) {
      if (line.isGone) failAll(one, 'gone', sending);
      else if (!(await this.#tellAll(line, one, sending))) return;
    }
  }

  /** Answers whether the receiver can be asked on. */
  async #tellAll(line: Line, due: Due, sending: Sending): Promise<boolean> {
    const { messages } = due.waiting;
    while (messages[0] !== undefined) {
      const [message] = messages;
      if (sending.logTime - message.since > staleMs) {
        giveUp(due, sending);
        continue;
      }
      if (!this.#mayAsk(line, sending)) return false;
      const answer = await this.#attempt(line.receiver, message);
      if (answer === null) return false;
      if (answer.outcome === 'later') {
        this.#postpone(line, due, answer, sending);
        return false;
      }
      this.#finish(line, due, message, answer, sending);
      if (line.isGone) failAll(due, 'gone', sending);
    }
    return true;
  }

  #mayAsk(line: Line, { logTime, deadline }: Sending): boolean {
    const { closing, clock } = this.#options;
    return !closing.aborted && clock.now() < deadline && logTime >= line.quietUntil;
  }

  /** null: cut off, so that nobody knows what came of it; the next process asks again. */
  async #attempt(receiver: Receiver, { alert, news, at }: WaitingMessage): Promise<Answer | null> {
    const id = messageId(alert.id, alert.sequence, receiver.id, news === 'reminder');
    const answer = await receiver.send({ id, news, alert, at }, this.#options.cut);
    return answer.outcome === 'later' && this.#options.cut.aborted ? null : answer;
  }

  #finish(line: Line, due: Due, { news, alert }: WaitingMessage, answer: FinalAnswer, sending: Sending): void {
    const { logger } = this.#options;
    const facts = { receiver: line.receiver.id, detail: answer.detail };
    if (line.isAway) logger.info(facts, 'a receiver answers again');
    line.isAway = false;
    if (answer.outcome === 'delivered') {
      settle(due, 'delivered', news, sending);
      return;
    }
    line.isGone = answer.outcome === 'gone';
    if (line.isGone) logger.error(facts, 'a receiver is gone: it is told nothing until the next start');
    else logger.error({ ...facts, alert: alert.id }, 'a receiver refused a message: it is not sent again');
    settle(due, 'failed', answer.reason, sending);
  }

  #postpone(line: Line, due: Due, answer: Extract<Answer, { outcome: 'later' }>, sending: Sending): void {
    const { random, logger } = this.#options;
    const { workspace, logTime } = sending;
    const { waiting, key } = due;
    waiting.attempts += 1;
    const delayMs = Math.max(answer.retryAfterMs ?? 0, backoffDelayMs(backoff, waiting.attempts, random));
    waiting.due = logTime + Math.ceil(delayMs);
    line.quietUntil = logTime + (answer.retryAfterMs ?? 0);
    workspace.put(key, waiting, waiting.due);
    workspace.count(`later-${answer.reason}`);
    if (!line.isAway) {
      const facts = { receiver: line.receiver.id, detail: answer.detail };
      logger.warn(facts, 'a receiver does not take messages now: they wait and are sent again');
    }
    line.isAway = true;
  }
}

function dueByReceiver({ workspace, logTime }: Sending): Map<string, Due[]> {
  const byReceiver = new Map<string, Due[]>();
  for (const key of workspace.due(logTime).filter(isWaitingKey)) {
    const waiting = workspace.get<WaitingDocument>(key)!;
    byReceiver.set(waiting.receiver, [...(byReceiver.get(waiting.receiver) ?? []), { key, waiting }]);
  }
  return byReceiver;
}

/** The first message is done with, one way or the other. */
function settle({ key, waiting }: Due, outcome: Delivery['outcome'], reason: string, sending: Sending): void {
  const { workspace, logTime } = sending;
  const message = waiting.messages.shift();
  if (message === undefined) return;
  const { alert, origin } = message;
  workspace.emit(deliveryOutput({ alert, receiver: waiting.receiver, outcome, reason, origin }, logTime));
  workspace.count(outcome === 'delivered' ? outcome : `${outcome}-${reason}`);
  waiting.attempts = 0;
  waiting.due = logTime;
  workspace.put(key, waiting.messages.length === 0 ? null : waiting, waiting.due);
}

/** Too old to be told now: tried in vain for a day, or never tried because nobody ran. */
function giveUp(due: Due, sending: Sending): void {
  if (due.waiting.attempts > 0) settle(due, 'failed', 'gave-up', sending);
  else settle(due, 'skipped', 'stale', sending);
}

function failAll(due: Due, reason: string, sending: Sending): void {
  while (due.waiting.messages.length > 0) settle(due, 'failed', reason, sending);
}
