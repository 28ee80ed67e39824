// What `start` plays into an empty directory: the example company, or exports as they lie.
import type { Signal } from '@gapwatch/contracts';
import { intakeHeaders } from '@gapwatch/core';
import { type ExportAccount, type ExportItem, knownAt, readExports } from '../exports/read.ts';
import type { Export } from '../exports/source.ts';
import { inOrder, type Timed } from '../files/order.ts';
import type { PastPayload } from '../play/play.ts';
import type { Sourcing } from '../settings/sourcing.ts';

/** Sources of the example company are named by its signals. */
export function sourceOf(signal: Signal): string {
  return signal.source ?? 'canonical';
}

function arrivedAt({ observedAt, occurredAt }: Signal): number {
  return Date.parse(observedAt ?? occurredAt);
}

export function* examplePast(history: Iterable<Signal>): Generator<PastPayload> {
  for (const signal of history) {
    const value = Buffer.from(JSON.stringify(signal));
    yield { sourceId: sourceOf(signal), value, headers: {}, time: arrivedAt(signal) };
  }
}

export type ExportPastOptions = {
  readonly sourcing: Sourcing;
  readonly account: ExportAccount;
  readonly onRead: (bytes: number, total: number | null) => void;
};

/** Every payload of the files that gives a signal, in the order in which they became known. */
export async function* exportPast(exports: readonly Export[], options: ExportPastOptions): AsyncGenerator<PastPayload> {
  for await (const block of inOrder(timed(exports, options))) {
    for (const { time, text } of block) {
      const [sourceId, value, headers] = JSON.parse(text) as [string, string, Record<string, string>];
      yield { sourceId, value: Buffer.from(value), headers, time };
    }
  }
}

async function* timed(exports: readonly Export[], options: ExportPastOptions): AsyncGenerator<Timed> {
  const { sourcing, account } = options;
  const onProgress = (read: { bytesRead: number; totalBytes: number | null }) =>
    options.onRead(read.bytesRead, read.totalBytes);
  for await (const { sourceId, items } of readExports(exports, { sourcing, account, receivedAt: 0, onProgress }))
    for (const item of items) yield* arrivals(sourceId, item);
}

/** A payload arrives when its statements became known; one whose statements have times of their own, once for each. */
function* arrivals(sourceId: string, { payload, signals, places }: ExportItem): Generator<Timed> {
  const text = (headers: Readonly<Record<string, string>>) =>
    JSON.stringify([sourceId, payload.bytes.toString('utf8'), headers]);
  const times = signals.map(knownAt);
  const [first = 0] = times;
  if (times.every((time) => time === first)) {
    yield { time: first, text: text(payload.headers) };
    return;
  }
  for (const [index, time] of times.entries()) {
    yield { time, text: text({ ...payload.headers, [intakeHeaders.place]: String(places[index]) }) };
  }
}
