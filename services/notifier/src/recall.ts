// A notifier that starts from an empty state reads `deliveries` first: what an earlier life has told is told no more.
// Of the topic only the last day counts, since what is older is stale anyway.
import { type Delivery, deliverySchema, readJson, topicNames } from '@gapwatch/contracts';
import { staleMs } from '@gapwatch/core';
import type { PartitionState } from '@gapwatch/storage';
import type { Log } from '@gapwatch/transport';
import { type DecidedDocument, decidedKey, type MetaDocument, metaKey, occasionName } from './documents.ts';

const readRecords = 1_000;

/** Writes what was recorded into the state, without moving its position; nothing where there is nothing. */
export async function recall(log: Pick<Log, 'marks' | 'read'>, state: PartitionState): Promise<void> {
  const deliveries = await lastDay(log);
  if (deliveries.length === 0) return;
  const meta: MetaDocument = { logTime: 0, toldUntil: newestOf(deliveries) };
  const documents = [[metaKey, meta] as const, ...documentsOf(deliveries)].map(([key, document]) => {
    return { key, value: JSON.stringify(document), due: null };
  });
  await state.apply({ expected: 0, next: 0, documents, cells: new Map() });
}

async function lastDay(log: Pick<Log, 'marks' | 'read'>): Promise<Delivery[]> {
  let kept: Delivery[] = [];
  const { low, high } = await log.marks(topicNames.deliveries, 0);
  for (let from = low; from < high; ) {
    const { records, next } = await log.read(topicNames.deliveries, 0, from, readRecords);
    from = next;
    kept.push(...records.flatMap(({ value }) => readDelivery(value)));
    const since = newestOf(kept) - staleMs;
    kept = kept.filter(({ at }) => Date.parse(at) >= since);
  }
  return kept;
}

/** Whatever else lies in the topic says nothing of what was told. */
function readDelivery(value: Uint8Array | null): Delivery[] {
  const parsed = deliverySchema.safeParse(value === null ? null : readJson(value).value);
  return parsed.success ? [parsed.data] : [];
}

function newestOf(deliveries: readonly Delivery[]): number {
  return deliveries.reduce((newest, { at }) => Math.max(newest, Date.parse(at)), 0);
}

function documentsOf(deliveries: readonly Delivery[]): (readonly [key: string, document: DecidedDocument])[] {
  return [...Map.groupBy(deliveries, ({ alert }) => alert)].map(([alert, own]) => {
    const byReceiver = [...Map.groupBy(own, ({ receiver }) => receiver)];
    const recorded = Object.fromEntries(byReceiver.map(([receiver, told]) => [receiver, told.map(nameOf)]));
    return [decidedKey(alert), { sequence: 0, recorded }] as const;
  });
}

function nameOf({ sequence, reason }: Delivery): string {
  return occasionName(sequence, reason === 'reminder');
}
