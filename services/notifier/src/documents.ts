// What the notifier keeps: of each alert what was decided, of each snooze what to say when it ends, of each receiver
// what it has not taken yet; and the records of `deliveries` that come of it.
import {
  type AlertRecord,
  type Delivery,
  type Origin,
  type Output,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { type News, sha256Hex } from '@gapwatch/core';

/** Log time of the notifier: milliseconds UTC. */
export type MetaDocument = {
  logTime: number;
  /** log time up to which an earlier life has told, 0 where there was none */
  toldUntil: number;
};

export type DecidedDocument = {
  /** the highest sequence that was decided on */
  sequence: number;
  /** by receiver: what an earlier life has recorded, as {@link occasionName} says it */
  recorded?: Record<string, readonly string[]>;
};

export type SnoozeDocument = { alert: AlertRecord; until: number };

export type WaitingMessage = {
  readonly alert: AlertRecord;
  readonly news: News;
  /** when it happened, RFC 3339 */
  readonly at: string;
  /** log time at which it was decided to tell it */
  readonly since: number;
  readonly origin: Origin;
};

/** What one receiver has still to be told of one alert: one after the other, so that no end comes before its beginning. */
export type WaitingDocument = {
  receiver: string;
  messages: WaitingMessage[];
  /** how often the first of them was tried in vain */
  attempts: number;
  /** log time of the next attempt */
  due: number;
};

export const metaKey = 'notifier';
const snoozePrefix = 'snooze|';
const waitingPrefix = 'waiting|';

export function decidedKey(alert: string): string {
  return `delivered|${alert}`;
}

export function snoozeKey(alert: string): string {
  return `${snoozePrefix}${alert}`;
}

export function waitingKey(receiver: string, alert: string): string {
  return `${waitingPrefix}${receiver}|${alert}`;
}

export function isSnoozeKey(key: string): boolean {
  return key.startsWith(snoozePrefix);
}

export function isWaitingKey(key: string): boolean {
  return key.startsWith(waitingPrefix);
}

/** A transition by its sequence; a reminder of the same sequence is another occasion. */
export function occasionName(sequence: number, isReminder: boolean): string {
  return isReminder ? `${sequence} reminder` : String(sequence);
}

/** The idempotency key of a message: the same for every attempt, whoever makes it. */
export function messageId(alert: string, sequence: number, receiver: string, isReminder: boolean): string {
  const name = [alert, sequence, receiver, ...(isReminder ? ['reminder'] : [])];
  return `msg_${sha256Hex(JSON.stringify(name)).slice(0, 32)}`;
}

export type Outcome = {
  readonly alert: Pick<AlertRecord, 'id' | 'sequence'>;
  readonly receiver: string;
  readonly outcome: Delivery['outcome'];
  readonly reason: string;
  readonly origin: Origin;
};

export function deliveryOutput({ alert, receiver, outcome, reason, origin }: Outcome, logTime: number): Output {
  const at = new Date(logTime).toISOString();
  const { id, sequence } = alert;
  const delivery: Delivery = { type: 'delivery', origin, alert: id, sequence, receiver, outcome, reason, at };
  const headers = { schema: schemaVersions.deliveries };
  return { topic: topicNames.deliveries, key: id, partition: 0, value: JSON.stringify(delivery), headers };
}
