// What a worker must find before it may work: parts that let it in, topics, and the configuration that the log ends with.
import { topicNames } from '@gapwatch/contracts';
import { defaultBackoff, isTransient, retry } from '@gapwatch/runtime';
import type { Archive } from '@gapwatch/storage';
import { RedisAway, RedisRefused } from '@gapwatch/storage/redis';
import { S3Refused } from '@gapwatch/storage/s3';
import { UnknownTopic } from '@gapwatch/transport';
import { KafkaRefused } from '@gapwatch/transport/kafka';
import { announcedHash, checkNotGrown, newestAnnounced, topicOf } from '../running/topics.ts';
import type { Settled } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';
import { askBucket, type Parts } from './parts.ts';

const backoff = { ...defaultBackoff, maxMs: 5_000 };

/** `archive` null: it is not written here. `needsState`: whether nothing can be done without Redis. */
type WaitingFor = Pick<Parts, 'log' | 'state' | 'archive'> & { readonly needsState: boolean };

/**
 * Waits for what is needed without bound, and answers how many partitions `signals` has.
 * @throws UsageError where a part refuses, topics are missing or have grown, or the log has another configuration, with the remedy
 */
export async function waitForAgreement(
  { log, state, archive, needsState }: WaitingFor,
  { configuration, hash }: Settled,
  signal: AbortSignal,
): Promise<number> {
  const patiently = <T>(call: () => Promise<T>) =>
    retry(() => call().catch(refuse), { backoff, random: Math.random, signal });
  const found = await patiently(() => (needsState ? announcedHash({ log, state }) : hashWithoutState({ log, state })));
  if (found === null) throw new UsageError('this Kafka has no configuration yet: run gapwatch topics first');
  if (found !== hash) {
    throw new UsageError(
      `the log works with configuration ${found.slice(0, 12)}, this one is ${hash.slice(0, 12)}: gapwatch config plan says what the change means, gapwatch topics takes it from here on`,
    );
  }
  if (archive !== null) await checkBucket(archive);
  try {
    for (const source of configuration.sources) await patiently(() => log.partitions(topicOf(source)));
    const partitions = await patiently(() => log.partitions(topicNames.signals));
    await patiently(() => checkNotGrown(log, partitions));
    return partitions;
  } catch (error) {
    if (error instanceof UnknownTopic) throw new UsageError(`${error.message}: gapwatch topics makes it`);
    throw error;
  }
}

/** While Redis is away the log is asked itself, as long as it still says. */
async function hashWithoutState(parts: Pick<Parts, 'log' | 'state'>): Promise<string | null> {
  try {
    return await announcedHash(parts);
  } catch (error) {
    const newest = error instanceof RedisAway ? await newestAnnounced(parts.log) : null;
    if (newest === null) throw error;
    return newest.hash;
  }
}

/** What is refused from the beginning is a setting that somebody made just now. */
function refuse(error: unknown): never {
  const isRefused = [KafkaRefused, RedisRefused, S3Refused].some((one) => error instanceof one);
  throw isRefused ? new UsageError((error as Error).message) : error;
}

/** A bucket that is away keeps nobody from beginning: it is waited for where it is written. */
async function checkBucket(archive: Archive): Promise<void> {
  try {
    await askBucket(archive).catch(refuse);
  } catch (error) {
    if (!isTransient(error)) throw error;
  }
}
