import { type LogRecord, type SignalsRecord, schemaVersions } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { readSignals } from './read.ts';

const signal = {
  type: 'signal',
  origin: { topic: 'raw.canonical', partition: 0, offset: 0, index: 0 },
  revision: 1,
  content: 'c',
  friction: 0.5,
  signal: {
    kind: 'review',
    source: 'canonical',
    subject: 's1',
    version: 0,
    op: 'upsert',
    customer: 'ann',
    occurredAt: '2026-03-04T05:06:07.000Z',
    text: 'Fine.',
  },
  tags: null,
} satisfies SignalsRecord;

function recordOf(
  fields: object,
  headers: Readonly<Record<string, string>> = { schema: schemaVersions.signals },
): LogRecord {
  const content = { ...signal, signal: { ...signal.signal, ...fields } };
  const value = new TextEncoder().encode(JSON.stringify(content));
  return { topic: 'signals', partition: 0, offset: 0, time: 0, key: null, value, headers };
}

describe('a record of signals', () => {
  it('is taken as we wrote it, also where its words hold half of a surrogate pair', () => {
    for (const text of ['Fine.', 'Fine \ud83d', 'a backslash \\ud83d'])
      expect(readSignals(recordOf({ text }))).toMatchObject({ input: { content: { signal: { text } } } });
  });

  it.each([
    { subject: 's\ud83d' },
    { customer: '\udc00' },
    { stage: 'shop\ud83d' },
    { segment: { plan: '\ud83d' } },
    { segment: { '\ud83d': 'pro' } },
  ])('of an earlier version, which took %j, is rejected: no store keeps such a key', (fields) => {
    expect(readSignals(recordOf(fields))).toMatchObject({ rejection: { code: 'schema' } });
  });

  it('of somebody else is checked', () => {
    expect(readSignals(recordOf({}, {}))).toMatchObject({ input: { content: signal } });
    expect(readSignals(recordOf({ kind: 'gossip' }, {}))).toMatchObject({ rejection: { code: 'schema' } });
  });
});
