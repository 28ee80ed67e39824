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
  /** raw records that came to nothing, and dead letters that are missing */
  readonly lost: number;
  /** raw records from which two different signals were made, and dead letters of what was good */
  readonly doubled: number;
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

/** The campaign's own connections come back a moment after the part. */
export function patiently<T>(call: () => Promise<T>): Promise<T> {
  return retry(call, { random: Math.random, signal: new AbortController().signal });
}

const textOf = (value: Uint8Array | null) => new TextDecoder().decode(value ?? new Uint8Array());

/** Holds everything that was ever sent against what is there now. */
export async function check({ parts }: System, sent: readonly Sent[]): Promise<Findings> {
  const malformed = new Set(sent.flatMap((one) => [...one.malformed]));
  const good = new Set<string>();
  let isBad = 0;
  for await (const { partition, offset, value } of recordsOf(parts.log, raw)) {
    if (malformed.has(textOf(value))) isBad += 1;
    else good.add(`${partition}/${offset}`);
  }
  const { lost, doubled } = await signalsOf(parts.log, good);
  const letters = await lettersOf(parts.log, malformed);
  const { wrong, missing, extra, behind } = await verify(
    { log: parts.log, store: parts.state },
    { onProgress: () => {} },
  );
  return {
    wrong: wrong + missing + extra + behind,
    lost: lost + Math.max(0, isBad - letters.right),
    doubled: doubled + letters.wrong,
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
async function signalsOf(log: Log, good: ReadonlySet<string>): Promise<{ lost: number; doubled: number }> {
  const made = new Map<string, string>();
  let doubled = 0;
  for await (const record of recordsOf(log, topicNames.signals)) {
    const reading = readSignals(record);
    if (!('input' in reading) || reading.input.content.type !== 'signal') continue;
    const { origin, content } = reading.input.content;
    const place = `${origin.partition}/${origin.offset}`;
    const before = made.get(place);
    if (!good.has(place) || (before !== undefined && before !== content)) doubled += 1;
    made.set(place, content);
  }
  return { lost: [...good].filter((place) => !made.has(place)).length, doubled };
}

/** Dead letters by their place: `right` are those of malformed payloads, `wrong` those of good ones. */
async function lettersOf(log: Log, malformed: ReadonlySet<string>): Promise<{ right: number; wrong: number }> {
  const places = new Map<string, boolean>();
  for await (const { value } of recordsOf(log, topicNames.deadLetters)) {
    const { origin, payload } = JSON.parse(textOf(value)) as DeadLetter;
    if (origin.topic === raw) places.set(`${origin.partition}/${origin.offset}`, malformed.has(payload ?? ''));
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
