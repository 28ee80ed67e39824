// The shape of a record in the log, whatever keeps the log. Offsets are whole numbers that rise by at least one.

/** One record as it was read. `time` is milliseconds UTC: when the log took it in. */
export type LogRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly time: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
};

/** One record to be written. Without `partition` the key decides. `time` only where a past is played again. */
export type Output = {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | Uint8Array | null;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly time?: number;
};

/** The place in the log from which an output was made: two outputs with the same origin are one. */
export type Origin = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
};

/** An input that cannot be taken: it goes to the dead letters with this reason. */
export type Rejection = { readonly record: LogRecord; readonly code: string; readonly message: string };
