// What is wrong with Kafka, Redis and the bucket.
import { randomUUID } from 'node:crypto';
import { topicNames } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import type { Archive } from '@gapwatch/storage';
import { describeRedis } from '@gapwatch/storage/redis';
import type { KafkaLog } from '@gapwatch/transport/kafka';
import { checkForeignTopics, checkNotGrown, topicOf } from '../running/topics.ts';
import type { Settled } from '../settings/configuration.ts';
import type { Parts } from '../work/parts.ts';
import { bad, type Check, clockMayDifferMs, type Found, good, look } from './finding.ts';

export type PartsCheckOptions = {
  readonly settled: Settled;
  readonly redisUrls: readonly string[];
  readonly clock: Clock;
};

export function partsChecks({ log, archive }: Parts, { settled, redisUrls, clock }: PartsCheckOptions): Check[] {
  return [
    { what: 'kafka', look: () => kafka(log, settled) },
    { what: 'redis', look: () => redis(redisUrls, clock) },
    { what: 's3', look: () => bucket(archive) },
  ];
}

async function kafka(log: KafkaLog, { configuration }: Settled): Promise<Found> {
  await checkForeignTopics(log, configuration);
  const there = new Set(await log.topics());
  const ours = [
    ...Object.values(topicNames),
    ...configuration.sources.filter(({ topic }) => topic === undefined).map(topicOf),
  ];
  const missing = ours.filter((topic) => !there.has(topic));
  if (missing.length > 0) return bad(`it answers, and has no ${missing.join(', ')}`, 'gapwatch topics makes them');
  const signals = await log.partitions(topicNames.signals);
  await checkNotGrown(log, signals);
  return copiesOf(`${there.size} topics, ${topicNames.signals} with ${signals} partitions`, await log.copies());
}

function copiesOf(found: string, { brokers, fewest, behind }: Awaited<ReturnType<KafkaLog['copies']>>): Found {
  if (brokers > 1 && fewest === 1) {
    return look(
      `${found}; one of them is held by one of ${brokers} brokers alone, and is gone with it`,
      'give each topic three copies (kafka-reassign-partitions.sh), and new ones by default.replication.factor=3, min.insync.replicas=2',
    );
  }
  if (behind === 0) return good(found);
  return look(`${found}; of ${behind} partitions a copy is behind or away`, 'look whether every broker runs');
}

async function redis(urls: readonly string[], clock: Clock): Promise<Found> {
  const asked = clock.now();
  const servers = await describeRedis(urls);
  const versions = [...new Set(servers.map(({ version }) => version))].join(', ');
  const found = `${servers.length === 1 ? 'one server' : `${servers.length} servers`}, Redis ${versions}`;
  const skew = Math.max(...servers.map(({ timeMs }) => Math.abs(timeMs - asked)));
  if (skew > clockMayDifferMs) {
    return bad(
      `${found}; its clock differs by ${Math.ceil(skew / 60_000)} minutes`,
      'set the clocks of all machines by NTP',
    );
  }
  if (servers.every(({ isDurable }) => isDurable)) return good(`${found}, append-only files on`);
  return look(
    `${found}, append-only files off: a restart empties it, and all of the log is read again`,
    'set appendonly yes and appendfsync everysec',
  );
}

/** An object is written, read and taken away again: a bucket that may only be looked at is found now, not at night. */
async function bucket(archive: Archive | null): Promise<Found> {
  if (archive === null) return look('no bucket is configured: nothing is archived', 'set GAPWATCH_S3_BUCKET');
  const key = `doctor/${randomUUID()}.z`;
  const bytes = new TextEncoder().encode('written by gapwatch doctor');
  await archive.put(key, bytes);
  const isSame = Buffer.from(await archive.get(key)).equals(bytes);
  await archive.delete(key);
  return isSame
    ? good('an object was written, read and taken away again')
    : bad('what was written came back different');
}
