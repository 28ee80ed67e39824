// Everything in a data directory of its own, as `gapwatch start` has it, for benchmarks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationSchema, rawTopic } from '../../packages/contracts/src/index.ts';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { openDirectory } from '../../services/local/src/running/directory.ts';
import { readingsOf, waitUntilFolded } from '../../services/local/src/running/folded.ts';
import { createServices } from '../../services/local/src/running/pipeline.ts';
import { announceConfiguration, prepareTopics } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { plainSourcing } from '../../services/local/src/settings/sourcing.ts';
import { appendAll } from './append.ts';

const topic = rawTopic('canonical');
/** Records a transaction: the floor appends as many at once. */
export const embeddedBatch = 500;
const logger = { info: () => {}, warn: () => {}, error: (facts: object) => console.error(facts) };

export type EmbeddedParts = {
  /** Payloads into the raw topic, `embeddedBatch` a transaction; how many there were. */
  readonly append: (payloads: Iterable<Buffer>) => Promise<number>;
  readonly start: () => Promise<void>;
  /** Resolves when every service has read what is there. */
  readonly folded: () => Promise<void>;
  /** Stops the services and takes the directory away. */
  readonly close: () => Promise<void>;
};

/** `wanted`: partitions; null: as many as a start makes. */
export async function openEmbeddedParts(wanted: number | null = null): Promise<EmbeddedParts> {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));
  const directory = openDirectory(folder, systemClock);
  const { log } = directory;
  const configuration = configurationSchema.parse({});
  const partitions = await prepareTopics(log, configuration, wanted);
  await announceConfiguration(directory, settle(configuration, null), { partitions });
  const loop = { log, clock: systemClock, logger, random: Math.random };
  const rest = { sourcing: plainSourcing, loop, receivers: [], warn: () => {} };
  const services = createServices({ directory, configuration, partitions, ...rest });
  return {
    append: (payloads) => appendAll(log, topic, payloads, embeddedBatch),
    async start() {
      for (const service of services) await service.start();
    },
    folded: () => waitUntilFolded(directory, readingsOf([topic])),
    async close() {
      for (const service of services) await service.stop();
      await directory.close();
      rmSync(folder, { recursive: true });
    },
  };
}
