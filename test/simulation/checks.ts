// What must hold once the faults are over and everything is folded, by ways that share nothing with the services.
import { namespace as aggregator } from '@gapwatch/aggregator';
import {
  type AlertRecord,
  type DeadLetter,
  type Delivery,
  type LogRecord,
  type SignalsRecord,
  topicNames,
} from '@gapwatch/contracts';
import { dayMs } from '@gapwatch/core';
import { Recomputation } from '../../services/local/src/verify/recompute.ts';
import type { Stand } from './stand.ts';
import type { Workload } from './workload.ts';

/** Answers the first thing that is wrong, or null. */
export type Check = (stand: Stand, workload: Workload) => Promise<string | null>;

function contentOf<T>({ value }: LogRecord): T {
  return JSON.parse(Buffer.from(value ?? []).toString('utf8')) as T;
}

function placeOf({ topic, partition, offset }: { topic: string; partition: number; offset: number }): string {
  return `${topic}/${partition}/${offset}`;
}

/** Every partition has read to the end of its topic. */
export const allIsRead: Check = async ({ cluster, log }) => {
  for (const { service, topic, partition, position } of cluster.progress()) {
    const { high } = await log.inner.marks(topic, partition);
    if (position !== high) return `${service} stands at ${position} of ${high} in ${topic}/${partition}`;
  }
  return null;
};

/** The windows are those of the batch, cell by cell. */
export const windowsAreTheBatch: Check = async (stand, { partitions }) => {
  const records = await stand.recordsOf(topicNames.signals);
  for (let partition = 0; partition < partitions; partition += 1) {
    const batch = new Recomputation();
    for (const record of records) if (record.partition === partition) batch.take(record, contentOf(record));
    const difference = await cellDifference(batch.cells(), stand, partition);
    if (difference !== null) return difference;
  }
  return null;
};

async function cellDifference(wanted: Map<string, number[]>, stand: Stand, partition: number): Promise<string | null> {
  const sums = { wrong: 0, missing: 0, extra: 0 };
  let first: string | null = null;
  const found = new Map<string, readonly number[]>();
  for await (const [key, fields] of stand.state.partition(aggregator, partition).scanCells()) found.set(key, fields);
  for (const key of new Set([...wanted.keys(), ...found.keys()])) {
    const [live, batch] = [found.get(key), wanted.get(key)];
    if (live?.every((field, index) => field === batch?.[index])) continue;
    sums[live === undefined ? 'missing' : batch === undefined ? 'extra' : 'wrong'] += 1;
    first ??= `windows of partition ${partition}: ${key} is ${live ?? 'missing'}, the batch says ${batch ?? 'nothing'}`;
  }
  return first && `${first} (${JSON.stringify(sums)})`;
}

/** What came in came out once: as a signal, as a skip, or as a dead letter with its reason. */
export const everyPayloadIsAccounted: Check = async (stand, { arrivals }) => {
  const signals = await stand.recordsOf(topicNames.signals);
  const told = new Set(
    signals.flatMap((record) => {
      const content = contentOf<SignalsRecord>(record);
      return content.type === 'signal' ? [placeOf(content.origin)] : [];
    }),
  );
  const letters = await lettersOf(stand, 'tagger');
  const next = new Map<string, number>();
  for (const { output, fault } of arrivals) {
    const stream = `${output.topic}/${output.partition}`;
    const offset = next.get(stream) ?? 0;
    next.set(stream, offset + 1);
    const place = `${stream}/${offset}`;
    if (told.delete(place) !== (fault === null && output.value !== null)) return `${place} is wrong among the signals`;
    if (letters.get(place) !== (fault ?? undefined)) return `${place}: ${letters.get(place)}, it should be ${fault}`;
    letters.delete(place);
  }
  return [...told, ...letters.keys()].map((place) => `${place} came out and never came in`)[0] ?? null;
};

/** Reasons of the dead letters of one service by the place that they came from; one place may repeat. */
async function lettersOf(stand: Stand, service: string): Promise<Map<string, string>> {
  const letters = (await stand.recordsOf(topicNames.deadLetters)).map((record) => contentOf<DeadLetter>(record));
  const own = letters.filter((letter) => letter.service === service);
  return new Map(own.map(({ origin, reason }) => [placeOf(origin), reason.code]));
}

/** Statements from far ahead of the log are dead letters of the aggregator, and nothing else is. */
export const theFutureIsRefused: Check = async (stand) => {
  const letters = await lettersOf(stand, 'aggregator');
  const seen = new Set<string>();
  let now = 0;
  for (const record of await stand.recordsOf(topicNames.signals)) {
    now = record.offset === 0 ? record.time : Math.max(now, record.time);
    const content = contentOf<SignalsRecord>(record);
    if (content.type !== 'signal') continue;
    const origin = `${record.partition} ${placeOf(content.origin)}`;
    const isAhead = !seen.has(origin) && Date.parse(content.signal.occurredAt) > now + dayMs;
    seen.add(origin);
    const reason = letters.get(placeOf(record));
    if (reason !== (isAhead ? 'in-the-future' : undefined)) return `${placeOf(record)} came out as ${reason}`;
    letters.delete(placeOf(record));
  }
  return [...letters.keys()].map((place) => `${place} is no statement and is a dead letter`)[0] ?? null;
};

/** One (id, sequence) has one content, and the sequences of an alert have no holes. */
export const alertsAreSequences: Check = async (stand) => {
  const contents = new Map<string, string>();
  const highest = new Map<string, number>();
  for (const record of await stand.recordsOf(topicNames.alerts)) {
    const alert = contentOf<AlertRecord>(record);
    if (alert.type !== 'alert') continue;
    const { id, sequence } = alert;
    const content = JSON.stringify(alert);
    const before = contents.get(`${id}/${sequence}`);
    if (before !== undefined && before !== content) return `${id}/${sequence} is ${content} and ${before}`;
    contents.set(`${id}/${sequence}`, content);
    const last = highest.get(id) ?? 0;
    if (sequence > last + 1) return `${id} goes from ${last} to ${sequence}`;
    highest.set(id, Math.max(last, sequence));
  }
  return null;
};

/** Every transition is decided on; what is recorded as told went out, what went out is recorded, and one id has one content. */
export const transitionsAreTold: Check = async (stand) => {
  const deliveries = (await stand.recordsOf(topicNames.deliveries)).map((record) => contentOf<Delivery>(record));
  const decided = new Set(deliveries.map(transitionOf));
  const alerts = (await stand.recordsOf(topicNames.alerts)).map((record) => contentOf<AlertRecord>(record));
  const transitions = alerts.filter(({ type }) => type === 'alert').map(({ id, sequence }) => `${id}/${sequence}`);
  const sent = new Map<string, string>();
  for (const { alert, ...message } of stand.sent) {
    const content = JSON.stringify({ alert, ...message });
    if ((sent.get(message.id) ?? content) !== content) return `${message.id} was sent with two contents`;
    sent.set(message.id, content);
  }
  const told = new Set(stand.sent.map(({ alert }) => `${alert.id}/${alert.sequence}`));
  const silent = deliveries.filter(({ outcome }) => outcome === 'delivered').map(transitionOf);
  return (
    missing(transitions, decided, 'was decided on nowhere') ??
    missing(silent, told, 'is recorded as told and was not sent') ??
    missing([...told], decided, 'was sent and is not recorded')
  );
};

function transitionOf({ alert, sequence }: Delivery): string {
  return `${alert}/${sequence}`;
}

function missing(names: readonly string[], from: ReadonlySet<string>, what: string): string | null {
  const name = names.find((one) => !from.has(one));
  return name === undefined ? null : `${name} ${what}`;
}

export const checks: readonly Check[] = [
  allIsRead,
  windowsAreTheBatch,
  everyPayloadIsAccounted,
  theFutureIsRefused,
  alertsAreSequences,
  transitionsAreTold,
];
