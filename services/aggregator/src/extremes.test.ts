// Whatever a source takes can be folded and stored, however odd: nothing that was accepted may stop a partition.
import { type LogRecord, type SignalsRecord, topicNames } from '@gapwatch/contracts';
import { createMapping, intakeHeaders, readSignals, takeIn } from '@gapwatch/core';
import { FoldedPartition, openMemoryState } from '@gapwatch/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOf, namespace } from './index.ts';

const now = Date.UTC(2026, 10, 29);
const odd = [
  '|',
  '%7C',
  '__proto__',
  'constructor',
  '\u0000',
  '\n',
  '\u202e',
  '\ud800',
  '😀',
  '{}',
  'c|',
  'x'.repeat(512),
];
const text = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }));
const time = fc.oneof(
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '2026-11-29T10:00:00+23:59',
    '9999-12-31T23:59:59Z',
  ),
  fc
    .date({ min: new Date(now - 40 * 86_400_000), max: new Date(now), noInvalidDate: true })
    .map((at) => at.toISOString()),
);
const number = fc.oneof(
  fc.constantFrom(-1e308, 1e308, 5e-324, -0, 5),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const rest = fc.record(
  {
    source: text,
    version: fc.oneof(fc.nat(3), fc.constant(Number.MAX_SAFE_INTEGER)),
    op: fc.constantFrom('upsert', 'delete'),
    thread: fc.oneof(fc.constant('t1'), text),
    customer: fc.oneof(fc.constant(null), fc.constant('ann'), text),
    observedAt: time,
    stage: text,
    segment: fc.dictionary(text, text, { maxKeys: 2 }),
    author: fc.constantFrom('customer', 'staff', 'bot'),
    text: fc.oneof(text, fc.constantFrom('Still waiting, third time I ask.', 'Thanks, solved!')),
    language: text,
    rating: fc.oneof(
      fc.constant({ value: -1e308, min: -1e308, max: 1e308 }),
      fc.record({ value: number, min: number, max: number }),
    ),
    status: fc.constantFrom('new', 'solved', 'closed'),
    promise: fc.record({ what: text, dueAt: time, keptAt: time }, { requiredKeys: ['what', 'dueAt'] }),
    belief: fc.record({
      share: fc.constantFrom(0, 1, 5e-324),
      from: time,
      to: time,
      what: fc.constantFrom('kpi', 'sla'),
    }),
    lifecycle: fc.record(
      { event: fc.constantFrom('active', 'merged', 'churned'), value: number },
      { requiredKeys: ['event'] },
    ),
    contact: text,
    attributes: fc.dictionary(text, fc.oneof(text, number, fc.boolean()), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);
const payload = fc
  .tuple(
    fc.record({
      kind: fc.constantFrom('feedback', 'ticket', 'review', 'belief', 'lifecycle'),
      subject: fc.oneof(fc.constantFrom('a', 'b'), text),
      occurredAt: time,
    }),
    rest,
    fc.boolean(),
  )
  .map(([required, optional, isHistory]) => ({ signal: { ...required, ...optional }, isHistory }));

const intake = {
  sourceId: 'canonical',
  mapping: createMapping({ id: 'canonical', type: 'canonical' }),
  customerMayChange: true,
  stages: null,
  partitions: 1,
};

/** The records of `signals` that payloads become, with a tick an hour later. */
function recordsOf(payloads: readonly { signal: object; isHistory: boolean }[]): LogRecord[] {
  const headers = { schema: 'gapwatch.signals/1' };
  const values = payloads.flatMap(({ signal, isHistory }, offset) => {
    const value = new TextEncoder().encode(JSON.stringify(signal));
    const raw = { topic: 'raw.canonical', partition: 0, offset, time: now, key: null, value };
    return takeIn({ ...raw, headers: isHistory ? { [intakeHeaders.backfill]: 'true' } : {} }, intake).outputs.map(
      (output) => output.value as string,
    );
  });
  const tick = JSON.stringify({ type: 'tick', at: new Date(now + 3_600_000).toISOString() });
  return [...values, tick].map((value, offset) => ({
    topic: topicNames.signals,
    partition: 0,
    offset,
    time: offset < values.length ? now : now + 3_600_000,
    key: null,
    value: new TextEncoder().encode(value),
    headers,
  }));
}

describe('a statement that a source takes', () => {
  it('is folded and stored, and its friction lies between 0 and 1', async () => {
    const property = fc.asyncProperty(fc.array(payload, { maxLength: 12 }), async (payloads) => {
      const records = recordsOf(payloads);
      for (const { value } of records) {
        const content = JSON.parse(Buffer.from(value ?? []).toString()) as SignalsRecord;
        // what is no number is null in JSON, which compares as 0
        if (content.type === 'signal') expect(Number.isFinite(content.friction) && content.friction <= 1).toBe(true);
      }
      const state = openMemoryState().partition(namespace, 0);
      const folded = new FoldedPartition(state, foldOf(readSignals, 4), 0, 1);
      const step = await folded.step({ from: 0, next: records.length, records });
      expect(await step.commit()).toEqual({ outcome: 'applied' });
    });
    await fc.assert(property, { numRuns: 1_000 });
  });
});
