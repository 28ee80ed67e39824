// The real parts of a process: Kafka, Redis and a bucket, opened as the environment names them and watched. A part that is
// away is said once, and once more when it is back.

import type { Environment } from '@gapwatch/runtime';
import { type Clock, type KafkaEnvironment, type Logger, type PartsEnvironment, readParts } from '@gapwatch/runtime';
import { type Archive, inForce, type StateStore } from '@gapwatch/storage';
import { openRedisState } from '@gapwatch/storage/redis';
import { openS3Archive } from '@gapwatch/storage/s3';
import { type KafkaLog, openKafkaLog } from '@gapwatch/transport/kafka';
import { UsageError } from '../terminal/output.ts';

export type Parts = {
  readonly log: KafkaLog;
  /** with the namespaces in force under the names of their roles */
  readonly state: StateStore;
  /** as Redis has it, every generation under its own name */
  readonly store: StateStore;
  /** null: nothing is archived */
  readonly archive: Archive | null;
  /** consumer groups that Kafka keeps waiting, each with the name of the fault that is to pass */
  readonly waiting: ReadonlyMap<string, string>;
  close(): Promise<void>;
};

/** What a command needs of the environment to work on real parts. */
export type PartsSettings = PartsEnvironment & {
  readonly kafka: KafkaEnvironment;
  readonly redisUrls: readonly string[];
};

/** @throws UsageError where Kafka or Redis is not configured */
export function partsSettings(environment: Environment): PartsSettings {
  const { kafka, redisUrls, ...others } = readParts(environment);
  if (kafka === null) throw new UsageError('no Kafka is configured: set GAPWATCH_KAFKA_BROKERS, or use gapwatch start');
  if (redisUrls === null) throw new UsageError('no Redis is configured: set GAPWATCH_REDIS_URL');
  return { ...others, kafka, redisUrls };
}

export type OpenPartsOptions = {
  readonly settings: PartsSettings;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** how the process is called in the logs of the parts */
  readonly clientId: string;
};

/** Nothing is connected before it is asked for something. */
export function openParts({ settings, clock, logger, clientId }: OpenPartsOptions): Parts {
  const { kafka, topicPrefix, redisUrls, s3 } = settings;
  const waiting = new Map<string, string>();
  const log = openKafkaLog({
    settings: { ...kafka, topicPrefix },
    clientId,
    clock,
    random: Math.random,
    onAway: (group, error) => {
      waiting.set(group, error.name);
      logger.warn({ group, error: error.message }, 'Kafka is away: trying again until it is back');
    },
    onBack: (group) => {
      waiting.delete(group);
      logger.info({ group }, 'Kafka is back');
    },
  });
  const store = openRedisState({ urls: redisUrls });
  const archive = s3 === null ? null : openS3Archive(s3);
  const close = async () => {
    await log.close();
    await store.close();
    await archive?.close();
  };
  return { log, state: inForce(store), store, archive, waiting, close };
}

/** Whether a bucket can be asked, as cheaply as it can be. @throws S3Away, S3Refused */
export async function askBucket(archive: Archive): Promise<void> {
  for await (const _ of archive.list('topic=ping/')) return;
}
