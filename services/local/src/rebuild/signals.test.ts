import { type Generation, type Output, type SignalsRecord, schemaVersions, topicNames } from '@gapwatch/contracts';
import { readSignals } from '@gapwatch/core';
import { openMemoryState } from '@gapwatch/storage';
import { openMemoryLog } from '@gapwatch/transport';
import { expect, it } from 'vitest';
import { foldSignalsAgain } from './signals.ts';

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 2, 2);
/** two documents each, more than one tick looks at */
const statements = 11_000;

function outputOf(content: SignalsRecord): Output {
  const headers = { schema: schemaVersions.signals };
  return { topic: topicNames.signals, key: null, partition: 0, value: JSON.stringify(content), headers };
}

function said(offset: number, at: number): Output {
  const origin = { topic: 'raw.shop', partition: 0, offset, index: 0 };
  const occurredAt = new Date(at).toISOString();
  const about = {
    source: 'shop',
    subject: `r${offset}`,
    version: 0,
    op: 'upsert',
    customer: null,
    occurredAt,
  } as const;
  const rating = { value: 1, min: 0, max: 1 };
  return outputOf({
    type: 'signal',
    origin,
    revision: 1,
    content: `${offset}`,
    friction: 0,
    tags: null,
    signal: { kind: 'review', stage: 'shop', ...about, rating },
  });
}

it('folds every record of a past again, also where more falls due at once than a tick looks at', async () => {
  let now = begin;
  const log = openMemoryLog({ clock: { now: () => now } });
  await log.createTopic(topicNames.signals, 1);
  await log.append(Array.from({ length: statements }, (_, offset) => said(offset, begin)));
  now += 50 * dayMs;
  const tick = outputOf({ type: 'tick', at: new Date(now).toISOString() });
  await log.append([tick, said(statements, now), tick, said(statements + 1, now), tick]);

  const store = openMemoryState();
  const past = { until: [statements + 5], tagger: 1, hash: '', configuration: null };
  const generation: Generation = { number: 2, aggregator: 'again', detector: 'd', past };
  let read = 0;
  const onRead = (records: number) => {
    read += records;
  };
  for await (const _ of foldSignalsAgain({ history: log, store, generation, read: readSignals, onRead }));
  expect(read).toBe(statements + 5);
  const state = store.partition('again', 0);
  expect(await state.position()).toBe(statements + 5);
  const cells = new Map(await Array.fromAsync(state.scanCells()));
  const counted = [...cells].filter(([key]) => key.startsWith('1d|')).reduce((sum, [, [count = 0]]) => sum + count, 0);
  expect(counted).toBe(statements + 2);
});
