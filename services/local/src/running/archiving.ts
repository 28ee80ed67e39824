// The archive of a data directory: begun when everything else is, ended when everything else has been.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { create as createArchiver } from '@gapwatch/archiver';
import { type Configuration, holdsPayloads } from '@gapwatch/contracts';
import type { Service } from '@gapwatch/runtime';
import { openFolderArchive } from '@gapwatch/storage';
import type { Log, LoopSettings } from '@gapwatch/transport';
import { type DataDirectory, files } from './directory.ts';

export type ArchivingOptions = {
  readonly directory: DataDirectory;
  readonly configuration: Configuration;
  readonly loop: LoopSettings;
};

export type Archiving = {
  /** null where the configuration has it off */
  start(): Promise<Service | null>;
  /** reads to the end of the log, for so long as a stop may take, and writes what is held back */
  stop(): Promise<void>;
};

/** The rest is archived by the next start. */
const catchUpMs = 4_000;
const lookEveryMs = 20;

export function prepareArchiving({ directory, configuration, loop }: ArchivingOptions): Archiving {
  const { log, state, path } = directory;
  const settings = configuration.archive;
  let archiver: Service | null = null;
  return {
    async start() {
      if (settings === 'off') return null;
      const topics = keptTopics(await log.topics(), settings.rawDays);
      const archive = openFolderArchive(join(path, files.archive));
      const service = createArchiver({ loop, state, archive, topics });
      await service.start();
      archiver = service;
      return service;
    },
    async stop() {
      if (archiver === null) return;
      await catchUp(archiver, log);
      await archiver.stop();
    },
  };
}

export function keptTopics(topics: readonly string[], rawDays: number): Map<string, number | null> {
  return new Map(topics.map((topic) => [topic, holdsPayloads(topic) ? rawDays : null]));
}

/** A partition that has failed stands still and is not waited for in vain any longer than that. */
async function catchUp(archiver: Service, log: Log): Promise<void> {
  const deadline = AbortSignal.timeout(catchUpMs);
  while (!deadline.aborted && (await isBehind(archiver, log))) await pause(lookEveryMs);
}

async function isBehind(archiver: Service, log: Log): Promise<boolean> {
  for (const { topic, partition, position } of archiver.progress()) {
    if (position < (await log.marks(topic, partition)).high) return true;
  }
  return false;
}
