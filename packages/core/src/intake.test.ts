import type { TaggedSignal } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { intakeHeaders, takeIn } from './intake.ts';
import { createMapping } from './sources/index.ts';

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
