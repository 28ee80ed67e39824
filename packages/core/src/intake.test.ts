import { limits, type TaggedSignal } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { intakeHeaders, takeIn } from './intake.ts';
import { createMapping, type Mapping } from './sources/index.ts';

const intake = {
  sourceId: 'shop',
  mapping: createMapping({ id: 'shop', type: 'canonical' }),
  customerMayChange: false,
  stages: null,
  partitions: 1,
};

function taken(headers: Readonly<Record<string, string>>): TaggedSignal[] {
  const signal = { kind: 'review', subject: 'r1', customer: 'ann', occurredAt: '2026-03-04T05:06:07Z', text: 'Fine.' };
  const value = new TextEncoder().encode(JSON.stringify(signal));
  const record = { topic: 'shop.answers', partition: 0, offset: 0, time: 0, key: null, value, headers };
  return takeIn(record, intake).outputs.map((output) => JSON.parse(output.value as string) as TaggedSignal);
}

describe('a record of a raw topic', () => {
  it('says by our headers what it is part of', () => {
    const headers = { [intakeHeaders.run]: 'r', [intakeHeaders.backfill]: 'true', [intakeHeaders.place]: '0' };
    expect(taken(headers)).toMatchObject([{ run: 'r', backfill: true }]);
    expect(taken({ ...headers, [intakeHeaders.place]: '1' })).toEqual([]);
  });

  it('of somebody else may have headers called like what ours say', () => {
    const [signal, ...others] = taken({ run: 'nightly', backfill: 'true', place: 'Berlin', occurrence: 'twice' });
    expect(others).toEqual([]);
    expect(signal).toMatchObject({ signal: { subject: 'r1' } });
    expect(signal).not.toHaveProperty('run');
    expect(signal).not.toHaveProperty('backfill');
  });
});

const comments = createMapping({
  id: 'comments',
  type: 'ndjson',
  columns: { kind: { constant: 'review' }, occurredAt: 'at', text: 'text' },
  statements: [{ each: 'items', columns: { stage: 'stage' } }],
});

function takenFrom(mapping: Mapping, payload: object) {
  const value = new TextEncoder().encode(JSON.stringify(payload));
  const record = { topic: 'raw.comments', partition: 0, offset: 0, time: 0, key: null, value, headers: {} };
  return takeIn(record, { ...intake, mapping });
}

describe('a payload', () => {
  const at = '2026-03-04T05:06:07Z';

  it('may hold a list that is longer than a call has room for', () => {
    const items = new Array(200_000).fill(0);
    expect(takenFrom(comments, { at, items }).rejections).toHaveLength(items.length);
  });

  it('is rejected whole where its statements repeat more than memory holds', () => {
    const items = new Array(1_000).fill({ stage: 'delivery' });
    const text = 'Too late. '.repeat(5_000);
    expect(takenFrom(comments, { at, text, items: items.slice(0, 100) }).outputs).toHaveLength(100);
    expect(takenFrom(comments, { at, text, items })).toMatchObject({
      outputs: [],
      rejections: [{ code: 'too-large' }],
    });
  });

  it('is rejected where a statement has no room in a record', () => {
    const attributes = { note: 'x'.repeat(1.25 * limits.recordBytes) };
    const own: Mapping = () => [
      {
        kind: 'signal',
        signal: {
          kind: 'review',
          source: 'own',
          subject: 'r1',
          version: 0,
          op: 'upsert',
          customer: null,
          occurredAt: at,
          attributes,
        },
      },
    ];
    expect(takenFrom(own, {})).toMatchObject({ outputs: [], rejections: [{ code: 'too-large' }] });
  });
});
