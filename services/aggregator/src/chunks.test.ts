// However the log is cut into chunks, the same records give the same documents and outputs: an output that is repeated after
// a crash is dropped by its origin, so that it must have been the same. Also where time goes back, as it does when a broker
// takes over from another, and where more is due than a tick looks at.
import { type LogRecord, type SignalsRecord, schemaVersions, topicNames } from '@gapwatch/contracts';
import { readSignals } from '@gapwatch/core';
import { FoldedPartition, openMemoryState } from '@gapwatch/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOf, namespace } from './index.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const begin = Date.UTC(2026, 2, 2);

const word = fc.record({
  what: fc.constant('signal' as const),
  customer: fc.constantFrom('ann', 'bob', null),
  subject: fc.nat(9),
  version: fc.nat(1),
  /** how long before it came it was said */
  ageMs: fc.nat(40 * dayMs),
  rating: fc.nat(4),
  thread: fc.nat(1),
  status: fc.constantFrom('open', 'solved', undefined),
  op: fc.constantFrom('upsert', 'upsert', 'upsert', 'delete'),
});
const tick = fc.record({ what: fc.constant('tick' as const) });
/** and how far the clock of the log moves before it */
const events = fc.array(
  fc.record({
    event: fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: tick }),
    aheadMs: fc.oneof(
      fc.nat(2 * hourMs),
      fc.nat(20 * dayMs),
      fc.constant(45 * dayMs),
      fc.integer({ min: -2 * dayMs, max: 0 }),
    ),
  }),
  { minLength: 1, maxLength: 60 },
);
type Word = typeof word extends fc.Arbitrary<infer Value> ? Value : never;
type Event = { readonly event: Word | { readonly what: 'tick' }; readonly aheadMs: number };

function recordsOf(list: readonly Event[]): LogRecord[] {
  let time = begin;
  return list.map(({ event, aheadMs }, offset) => {
    time += aheadMs;
    const value = new TextEncoder().encode(JSON.stringify(contentOf(event, offset, time)));
    const headers = { schema: schemaVersions.signals };
    return { topic: topicNames.signals, partition: 0, offset, time, key: null, value, headers };
  });
}

function contentOf(event: Event['event'], offset: number, time: number): SignalsRecord {
  if (event.what === 'tick') return { type: 'tick', at: new Date(time).toISOString() };
  const { customer, subject, version, ageMs, rating, thread, status, op } = event;
  return {
    type: 'signal',
    origin: { topic: 'raw.shop', partition: 0, offset, index: 0 },
    revision: 1,
    content: `${rating}`,
    friction: (4 - rating) / 4,
    tags: null,
    signal: {
      source: 'shop',
      subject: `s${subject}`,
      kind: 'ticket',
      version,
      op,
      customer,
      stage: 'delivery',
      thread: `t${thread}`,
      occurredAt: new Date(time - ageMs).toISOString(),
      rating: { value: rating, min: 0, max: 4 },
      ...(status !== undefined && { status }),
    },
  };
}

/** Everything that is written and kept, and how many steps it took; `sizes`: of the chunks, again and again. */
async function foldedIn(records: readonly LogRecord[], sizes: readonly number[], most: number) {
  const state = openMemoryState().partition(namespace, 0);
  const folded = new FoldedPartition(state, foldOf(readSignals, 1, most), 0, 1);
  const outputs: unknown[] = [];
  let steps = 0;
  for (let from = 0; from < records.length; steps += 1) {
    const part = records.slice(from, from + sizes[steps % sizes.length]!);
    const step = await folded.step({ from, next: from + part.length, records: part });
    expect(step.next).toBeGreaterThan(from);
    expect(await step.commit()).toEqual({ outcome: 'applied' });
    outputs.push(...step.outputs);
    from = step.next;
  }
  const documents = await Array.fromAsync(state.scan(''));
  return { outputs, documents: documents.map((one) => ({ ...one, value: JSON.parse(one.value) })), steps };
}

describe('the fold of a partition', () => {
  it('does not depend on how the log is cut into chunks', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(
      events,
      sizes,
      fc.constantFrom(1, 2, 3, 1_000),
      async (list, sizesOfChunks, most) => {
        const records = recordsOf(list);
        const { steps: _, ...wanted } = await foldedIn(records, [1], most);
        expect(await foldedIn(records, sizesOfChunks, most)).toMatchObject(wanted);
      },
    );
    await fc.assert(property, { numRuns: 1_000 });
  });

  it('takes a look alone where more is due than one look is given', async () => {
    const said = Array.from({ length: 30 }, (_, subject): Event => {
      const event = { what: 'signal', customer: null, subject, version: 0, ageMs: 0, rating: 0, thread: 0 } as const;
      return { event: { ...event, status: undefined, op: 'upsert' }, aheadMs: 0 };
    });
    const ticks = Array.from({ length: 20 }, (): Event => ({ event: { what: 'tick' }, aheadMs: 1 }));
    const records = recordsOf([...said, { ...ticks[0]!, aheadMs: 50 * dayMs }, ...ticks]);
    const { documents, steps } = await foldedIn(records, [30, 100], 10);
    // each has two documents: what was said, six looks at ten of them, and the rest of the ticks
    expect(documents.map(({ key }) => key)).toEqual(['meta']);
    expect(steps).toBe(8);
  });
});
