// Messages of released schema versions are never edited and always replayed: whatever was written once can be read, whole.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  alertsRecordSchema,
  commandsRecordSchema,
  deadLetterSchema,
  deliverySchema,
  frictionRecordSchema,
  schemaVersions,
  signalsRecordSchema,
} from './records.ts';

const folder = new URL('../recorded/', import.meta.url);
const readers: Readonly<Record<string, z.ZodType>> = {
  'gapwatch.signals': signalsRecordSchema,
  'gapwatch.friction': frictionRecordSchema,
  'gapwatch.alerts': alertsRecordSchema,
  'gapwatch.deliveries': deliverySchema,
  'gapwatch.commands': commandsRecordSchema,
  'gapwatch.dead-letters': deadLetterSchema,
};

type Recording = { readonly schema: string; readonly messages: readonly object[] };
const recordings = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording] as const);

describe.each(recordings)('%s', (name, { schema, messages }) => {
  const [topic = '', version] = schema.split('/');

  it('is named after its schema', () => {
    expect(name).toBe(`${topic.replace('gapwatch.', '')}-${version}.json`);
  });

  it.each(messages.map((message, index) => [index, message] as const))(
    'message %i is read whole',
    (_index, message) => {
      expect(readers[topic]?.parse(message)).toEqual(message);
    },
  );
});

it('there is a recording of every version that is written now', () => {
  const recorded = new Set(recordings.map(([, recording]) => recording.schema));
  expect(Object.values(schemaVersions).filter((schema) => !recorded.has(schema))).toEqual([]);
});
