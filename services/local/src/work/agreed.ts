// What a worker must find before it may work: topics, and the configuration that the log ends with.
import { topicNames } from '@gapwatch/contracts';
import { defaultBackoff, retry } from '@gapwatch/runtime';
import { UnknownTopic } from '@gapwatch/transport';
import { announcedHash, topicOf } from '../running/topics.ts';
import type { Settled } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';
import type { Parts } from './parts.ts';

const backoff = { ...defaultBackoff, maxMs: 5_000 };

/**
 * Waits for the parts without bound, and answers how many partitions `signals` has.
 * @throws UsageError where topics are missing or the log has another configuration, with the remedy
 */
export async function waitForAgreement(
  { log, state }: Parts,
  { configuration, hash }: Settled,
  signal: AbortSignal,
): Promise<number> {
  const patiently = <T>(call: () => Promise<T>) => retry(call, { backoff, random: Math.random, signal });
  const found = await patiently(() => announcedHash({ log, state }));
  if (found === null) throw new UsageError('this Kafka has no configuration yet: run gapwatch topics first');
  if (found !== hash) {
    throw new UsageError(
      `the log works with configuration ${found.slice(0, 12)}, this one is ${hash.slice(0, 12)}: gapwatch config plan says what the change means, gapwatch topics takes it from here on`,
    );
  }
  try {
    for (const source of configuration.sources) await patiently(() => log.partitions(topicOf(source)));
    return await patiently(() => log.partitions(topicNames.signals));
  } catch (error) {
    if (error instanceof UnknownTopic) throw new UsageError(`${error.message}: gapwatch topics makes it`);
    throw error;
  }
}
