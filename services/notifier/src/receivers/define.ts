// What a receiver is: one value that says which options it takes and how one message reaches it.
// Delivery: at least once. `send` never throws; a repeat carries the same id, so that the other side can know it.
import type { AlertRecord } from '@gapwatch/contracts';
import type { News } from '@gapwatch/core';
import type { Clock } from '@gapwatch/runtime';
import type { z } from 'zod';

/** What is told. */
export type Message = {
  /** the same for every attempt, also after a crash */
  readonly id: string;
  readonly news: News | 'test';
  readonly alert: AlertRecord;
  /** when it happened, RFC 3339 */
  readonly at: string;
};

/** What came of one attempt. `reason` is a name for records and metrics, `detail` words for people, neither with a secret. */
export type Answer =
  | { readonly outcome: 'delivered'; readonly detail: string }
  /** it will never be taken */
  | { readonly outcome: 'failed'; readonly reason: string; readonly detail: string }
  /** it may be taken later; `retryAfterMs`: where the receiver says when */
  | {
      readonly outcome: 'later';
      readonly reason: string;
      readonly detail: string;
      readonly retryAfterMs: number | null;
    }
  /** the receiver wants nothing any more */
  | { readonly outcome: 'gone'; readonly reason: string; readonly detail: string };

/** Resolves soon after `signal` ends, whatever the other side does. */
export type Send = (message: Message, signal: AbortSignal) => Promise<Answer>;

export type Receiver = {
  readonly id: string;
  /** whose alerts it is told; null: of all */
  readonly stages: ReadonlySet<string> | null;
  readonly send: Send;
};

export type StageWords = { readonly name: string; readonly owner: string | null };

/** What a receiver is given to work with. */
export type ReceiverContext = {
  readonly clock: Clock;
  readonly stageOf: (id: string) => StageWords;
  /** one line for the terminal of this process */
  readonly write: (line: string) => void;
  /** the secret of this receiver from the environment. Throws EnvironmentError naming the variable where none is set */
  readonly secret: () => string;
};

/** One that is tried by the suite of all receivers. `address`: http, on loopback, where the suite answers. */
export type ReceiverSample = { readonly settings: (address: string) => unknown; readonly secret: string | null };

export type ReceiverType = {
  readonly type: string;
  readonly title: string;
  /** the options beside `id`, `type` and `stages` */
  readonly settings: z.ZodObject;
  /** whether HTTP statuses decide what comes of an attempt */
  readonly isHttp: boolean;
  /** throws a RangeError about the secret, which it does not repeat */
  readonly create: (settings: unknown, context: ReceiverContext) => Send;
  readonly sample: ReceiverSample;
};

type Definition<Settings extends z.ZodObject> = Omit<ReceiverType, 'settings' | 'create'> & {
  readonly settings: Settings;
  readonly create: (settings: z.output<Settings>, context: ReceiverContext) => Send;
};

/** Ties the sending to the schema of its settings: `create` sees only settings that passed it. */
export function defineReceiver<Settings extends z.ZodObject>(definition: Definition<Settings>): ReceiverType {
  return {
    ...definition,
    create: (settings, context) => definition.create(definition.settings.parse(settings), context),
  };
}
