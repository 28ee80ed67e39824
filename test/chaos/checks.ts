// What must hold when everything has drained, whatever happened before: read from the log, the state and the archive by
// other code than the one that wrote them.
import { setTimeout as pause } from 'node:timers/promises';
import { type DeadLetter, rawTopic, topicNames } from '../../packages/contracts/src/index.ts';
import { readSignals } from '../../packages/core/src/index.ts';
import { retry } from '../../packages/runtime/src/index.ts';
import { readPartition } from '../../packages/storage/src/index.ts';
import type { Log } from '../../packages/transport/src/index.ts';
import { verify } from '../../services/local/src/verify/verify.ts';
import type { System } from './system.ts';
import type { Sent } from './workload.ts';

export const raw = rawTopic('canonical');

export type Findings = {
  /** cells of windows that differ from a batch over the log */
  readonly wrong: number;
  /** payloads that the log does not have, raw records that came to nothing, dead letters that are missing */
  readonly lost: number;
  /** raw records from which two different signals were made, dead letters of what was good or with another reason */
  readonly doubled: number;
  /** every signal that was made, in order of its partition */
  readonly signals: readonly Signal[];
};

/** One record of `signals`. `isAgain`: one from the same place was there before it. */
export type Signal = {
  readonly partition: number;
  readonly offset: number;
  /** milliseconds UTC, of the log */
  readonly time: number;
  readonly customer: string | null;
  readonly revision: number;
  readonly isAgain: boolean;
};

/** Every record of a topic, in order of its partition. */
export async function* recordsOf(
  log: Log,
  topic: string,
): AsyncGenerator<Awaited<ReturnType<Log['read']>>['records'][number]> {
  for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
    const { low, high } = await log.marks(topic, partition);
    for (let at = low; at < high; ) {
      const chunk = await log.read(topic, partition, at, 2_000);
      yield* chunk.records;
      at = chunk.next;
    }
  }
}

/** Whatever was killed is back within seconds. */
const backoff = { firstMs: 50, maxMs: 1_000 };

/** The campaign's own connections come back a moment after the part. */
export function patiently<T>(call: () => Promise<T>): Promise<T> {
  return retry(call, { backoff, random: Math.random, signal: new AbortController().signal });
}

const textOf = (value: Uint8Array | null) => new TextDecoder().decode(value ?? new Uint8Array());

/** Holds everything that was ever sent against what is there now; nothing may be waiting any more. */
export async function check({ parts }: System, sent: readonly Sent[]): Promise<Findings> {
  const malformed = new Map(sent.flatMap((one) => [...one.malformed]));
  const missing = new Set(sent.flatMap(({ payloads }) => payloads));
  const good = new Set<string>();
  let isBad = 0;
  for await (const { partition, offset, value } of recordsOf(parts.log, raw)) {
    const payload = textOf(value);
    missing.delete(payload);
    if (malformed.has(payload)) isBad += 1;
    else good.add(`${partition}/${offset}`);
  }
  const { lost, doubled, signals } = await signalsOf(parts.log, good);
  const letters = await lettersOf(parts.log, malformed);
  // ticks come at any time, so that the windows may be behind again: as far as they are, they must be right
  const found = await verify({ history: parts.log, store: parts.store }, { onProgress: () => {} });
  return {
    wrong: found.wrong + found.missing + found.extra,
    lost: missing.size + lost + Math.max(0, isBad - letters.right),
    doubled: doubled + letters.wrong,
    signals,
  };
}

/** Raw records that the archive does not have. The archiver must have stopped in order: then it has written all it held. */
export async function unarchived({ parts }: System): Promise<number> {
  let missing = 0;
  for (let partition = 0; partition < (await parts.log.partitions(raw)); partition += 1) {
    const { low, high } = await parts.log.marks(raw, partition);
    let found = 0;
    for await (const item of readPartition(parts.archive!, raw, partition, low)) if (item.type === 'record') found += 1;
    missing += high - low - found;
  }
  return missing;
}

/** Each good raw record must have come to one signal: repeats of it carry the same content. */
async function signalsOf(log: Log, good: ReadonlySet<string>): Promise<Pick<Findings, 'lost' | 'doubled' | 'signals'>> {
  const made = new Map<string, string>();
  const signals: Signal[] = [];
  let doubled = 0;
  for await (const record of recordsOf(log, topicNames.signals)) {
    const reading = readSignals(record);
    if (!('input' in reading) || reading.input.content.type !== 'signal') continue;
    const { origin, content, revision, signal } = reading.input.content;
    const place = `${origin.partition}/${origin.offset}`;
    const before = made.get(place);
    if (!good.has(place) || (before !== undefined && before !== content)) doubled += 1;
    made.set(place, content);
    const { partition, offset, time } = record;
    signals.push({ partition, offset, time, customer: signal.customer, revision, isAgain: before !== undefined });
  }
  return { lost: [...good].filter((place) => !made.has(place)).length, doubled, signals };
}

/** Dead letters by their place: `right` are those of malformed payloads with their reason, `wrong` all others. */
async function lettersOf(log: Log, malformed: Sent['malformed']): Promise<{ right: number; wrong: number }> {
  const places = new Map<string, boolean>();
  for await (const { value } of recordsOf(log, topicNames.deadLetters)) {
    const { origin, payload = '', reason } = JSON.parse(textOf(value)) as DeadLetter;
    const place = `${origin.topic}/${origin.partition}/${origin.offset}`;
    places.set(place, origin.topic === raw && malformed.get(payload) === reason.code);
  }
  const right = [...places.values()].filter((isRight) => isRight).length;
  return { right, wrong: places.size - right };
}

/** Resolves when nothing waits to be folded or archived. @throws where it takes longer than the limit */
export async function drained({ parts }: System, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  const ask = () => patiently(() => leftOf(parts));
  for (let left = await ask(); left > 0; left = await ask()) {
    if (performance.now() > deadline) throw new Error(`${left} records are not folded after ${limitMs / 1_000} s`);
    await pause(200);
  }
}

async function leftOf({ log, state }: System['parts']): Promise<number> {
  const readings: [string, string][] = [
    [raw, `tagger.${raw}`],
    [topicNames.signals, 'aggregator'],
    [topicNames.friction, 'detector'],
    [topicNames.alerts, 'notifier'],
  ];
  let left = 0;
  for (const [topic, namespace] of readings) {
    for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
      const { high } = await log.marks(topic, partition);
      left += Math.max(0, high - (await state.partition(namespace, partition).position()));
    }
  }
  return left;
}

/** Asks until no alert is missing: what was cut off while it was told is told again at the next tick. */
export async function settledAlerts<T extends { lost: number }>(ask: () => Promise<T>, limitMs: number): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await patiently(ask);
    if (found.lost === 0 || performance.now() > deadline) return found;
    await pause(500);
  }
}
