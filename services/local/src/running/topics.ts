// The topics of a directory, and the configuration as the record that begins what is folded under it.
import {
  type Configuration,
  configurationSchema,
  type Output,
  rawTopic,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { readFriction } from '@gapwatch/core';
import type { StateStore } from '@gapwatch/storage';
import { type Log, UnknownTopic } from '@gapwatch/transport';
import type { Settled } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';
import type { DataDirectory } from './directory.ts';

/** Partitions of a new log on one machine: enough that work is spread as on many. */
const usualPartitions = 4;
const single = [topicNames.friction, topicNames.alerts, topicNames.deliveries, topicNames.commands];

export function topicOf({ id, topic }: Configuration['sources'][number]): string {
  return topic ?? rawTopic(id);
}

/**
 * Creates what is missing and answers how many partitions `signals` has. `wanted` null: as many as there are.
 * @throws PartitionsDiffer where the log was made with another number
 */
export async function prepareTopics(log: Log, configuration: Configuration, wanted: number | null): Promise<number> {
  const partitions = wanted ?? (await partitionsOf(log, topicNames.signals)) ?? usualPartitions;
  for (const topic of [topicNames.signals, topicNames.deadLetters]) await log.createTopic(topic, partitions);
  for (const topic of single) await log.createTopic(topic, 1);
  for (const source of configuration.sources) await prepareRawTopic(log, topicOf(source), partitions);
  return partitions;
}

/** @throws UsageError for a source that reads a topic of somebody else which is not there: we make none of theirs */
export async function checkForeignTopics(log: Log, { sources }: Configuration): Promise<void> {
  for (const { id, topic } of sources) {
    if (topic === undefined || (await partitionsOf(log, topic)) !== null) continue;
    throw new UsageError(
      `source ${id} reads ${topic}, and there is no such topic: whoever writes it makes it; correct its name or create it, then run gapwatch topics again`,
    );
  }
}

/** Raw topics are read by whatever partitions they have; new ones get as many as `signals`. */
export async function prepareRawTopic(log: Log, topic: string, partitions: number): Promise<void> {
  if ((await partitionsOf(log, topic)) === null) await log.createTopic(topic, partitions);
}

async function partitionsOf(log: Log, topic: string): Promise<number | null> {
  return log.partitions(topic).catch((error: unknown) => {
    if (error instanceof UnknownTopic) return null;
    throw error;
  });
}

/** Where the configuration is kept that the log ends with. */
export const announced = { namespace: 'local', key: 'configuration' } as const;

export type Announced = { readonly hash: string; readonly configuration: Configuration };

type LogAndState = Pick<DataDirectory, 'log' | 'state'>;

/** What the log works with; null before there is a configuration. A state that does not know it learns it from the log. */
export async function announcedConfiguration({ log, state }: LogAndState): Promise<Announced | null> {
  const [known] = await state.partition(announced.namespace, 0).documents([announced.key]);
  const kept = known ? (JSON.parse(known.value) as Partial<Announced>) : null;
  // earlier versions kept the hash alone
  if (kept?.configuration !== undefined) return kept as Announced;
  const newest = await newestAnnounced(log);
  if (newest !== null) await keep(state, newest);
  return newest;
}

/** Hash of that configuration. */
export async function announcedHash(parts: LogAndState): Promise<string | null> {
  return (await announcedConfiguration(parts))?.hash ?? null;
}

const readRecords = 2_000;

/** From the end of `friction` back to its newest configuration, a page at a time; null where the log no longer says. */
export async function newestAnnounced(log: Log): Promise<Announced | null> {
  if ((await partitionsOf(log, topicNames.friction)) === null) return null;
  const { low, high } = await log.marks(topicNames.friction, 0);
  for (let end = high; end > low; ) {
    const start = Math.max(low, end - readRecords);
    const newest = (await announcedBetween(log, start, end)).at(-1);
    if (newest !== undefined) return newest;
    end = start;
  }
  return null;
}

async function announcedBetween(log: Log, start: number, end: number): Promise<Announced[]> {
  const found: Announced[] = [];
  for (let at = start; at < end; ) {
    const { records, next } = await log.read(topicNames.friction, 0, at, end - at);
    for (const record of records) {
      const reading = readFriction(record);
      if (!('input' in reading) || reading.input.content.type !== 'configuration') continue;
      const { hash, configuration } = reading.input.content;
      found.push({ hash, configuration: configurationSchema.parse(configuration) });
    }
    at = next;
  }
  return found;
}

async function keep(state: StateStore, newest: Announced): Promise<void> {
  const own = state.partition(announced.namespace, 0);
  const documents = [{ key: announced.key, value: JSON.stringify(newest), due: null }];
  const position = await own.position();
  await own.apply({ expected: position, next: position, documents, cells: new Map() });
}

/**
 * Every partition of `signals` begins with a configuration, and a topic grows at its end.
 * @throws UsageError where there are more of them since: customers would change places, and what they said would count twice
 */
export async function checkNotGrown(log: Log, partitions: number): Promise<void> {
  let made = partitions;
  while (made > 0 && (await log.marks(topicNames.signals, made - 1)).high === 0) made -= 1;
  // a log that was begun anew beside an old state has nothing anywhere, which whoever reads it says
  if (made === partitions || made === 0) return;
  throw new UsageError(
    `${topicNames.signals} was made with ${made} partitions and has ${partitions}: customers keep theirs, and a topic cannot shrink. Begin anew with another GAPWATCH_TOPIC_PREFIX and an empty Redis: gapwatch rebuild brings the log there from the bucket`,
  );
}

/**
 * Appends the configuration where it differs from the one before; a crash in between doubles it, which changes nothing.
 * `isPlayed`: the past that was just played begins with it already, so that only `friction` must hear of it.
 */
export async function announceConfiguration(
  { log, state }: LogAndState,
  { configuration, hash }: Settled,
  { partitions, isPlayed = false }: { partitions: number; isPlayed?: boolean },
): Promise<void> {
  const known = await announcedHash({ log, state });
  if (known !== null) await checkNotGrown(log, partitions);
  if (known === hash) return;
  const value = JSON.stringify({ type: 'configuration', hash, configuration });
  const record = (topic: 'friction' | 'signals', partition: number): Output => {
    return { topic: topicNames[topic], key: null, partition, value, headers: { schema: schemaVersions[topic] } };
  };
  const signals = isPlayed ? [] : Array.from({ length: partitions }, (_, partition) => record('signals', partition));
  await log.append([...signals, record('friction', 0)]);
  await keep(state, { hash, configuration });
}
