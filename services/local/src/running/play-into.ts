// Plays a past into a directory: written whole before any service starts, marked when it is, started anew when it is not.

import type { CustomerSample } from '@gapwatch/core';
import { countsKey, customersKey, type IntakeCounts, type IntakeCustomers, namespaceOf } from '@gapwatch/tagger';
import { newestTime } from '@gapwatch/transport';
import { type PastPayload, type PlayAccount, writePlay } from '../play/play.ts';
import type { Settled } from '../settings/configuration.ts';
import { type DataDirectory, type PlayMarker, writePlayMarker } from './directory.ts';
import { intakesOf } from './pipeline.ts';
import { announceConfiguration } from './topics.ts';

export type PlayIntoOptions = {
  readonly directory: DataDirectory;
  readonly settled: Settled;
  readonly partitions: number;
  readonly marker: Omit<PlayMarker, 'written'>;
  readonly onProgress: (written: number, time: number) => void;
};

/** The tagger's part is played too, so that its positions stand behind what was written. */
export async function playInto(
  past: Iterable<PastPayload> | AsyncIterable<PastPayload>,
  { directory, settled, partitions, marker, onProgress }: PlayIntoOptions,
): Promise<PlayAccount> {
  writePlayMarker(directory.path, { ...marker, written: false });
  const { configuration, hash, sourcing } = settled;
  const intakes = new Map(
    [...intakesOf(configuration, partitions, sourcing).values()].map((intake) => [intake.sourceId, intake]),
  );
  const { log } = directory;
  const account = await writePlay(past, {
    log,
    configuration,
    configurationHash: hash,
    intakes,
    partitions,
    onProgress,
  });
  for (const { sourceId, topic } of intakes.values()) {
    const written = account.written.get(sourceId);
    const sample = account.customers.get(sourceId) ?? [];
    if (written !== undefined) await moveTagger(directory, topic, written, sample);
  }
  const isPlayed = account.written.size > 0;
  await announceConfiguration(directory, settled, { partitions, isPlayed });
  writePlayMarker(directory.path, { ...marker, written: true });
  return account;
}

async function moveTagger(
  { log, state }: DataDirectory,
  topic: string,
  written: number,
  sample: CustomerSample,
): Promise<void> {
  const lastMs = await newestTime(log, [topic]);
  const lastAt = lastMs === null ? null : new Date(lastMs).toISOString();
  const counts: IntakeCounts = { accepted: written, rejected: 0, lastAt };
  const customers: IntakeCustomers = { sample };
  const documents = [
    { key: countsKey, value: JSON.stringify(counts), due: null },
    { key: customersKey, value: JSON.stringify(customers), due: null },
  ];
  const step = { expected: 0, next: written, documents, cells: new Map() };
  await state.partition(namespaceOf(topic), 0).apply(step);
}
