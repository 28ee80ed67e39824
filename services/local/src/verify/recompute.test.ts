import type { AcceptedSignal, LogRecord, SignalsRecord } from '@gapwatch/contracts';
import { dayMs, foldSignals, hourMs, MemoryWorkspace, supersedeOf, taggedSignal } from '@gapwatch/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recomputation } from './recompute.ts';

const start = Date.UTC(2026, 2, 2);

const arrival = fc.record({
  kind: fc.constantFrom('say', 'say', 'say', 'say', 'visit', 'delete', 'delete all'),
  subject: fc.integer({ min: 0, max: 5 }).map((id) => `s${id}`),
  customer: fc.constantFrom('ann', 'ann', 'ann', 'bob', null),
  version: fc.integer({ min: 0, max: 3 }),
  happy: fc.constantFrom(0, 0.25, 0.5, 1),
  stage: fc.constantFrom('delivery', 'delivery', 'support|odd'),
  plan: fc.constantFrom('pro', 'basic'),
  contact: fc.constantFrom(undefined, 'x', 'y'),
  /** hours since the arrival before, and hours by which it was said earlier */
  pause: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 900 })),
  age: fc.oneof(
    fc.integer({ min: -30, max: 48 }),
    fc.integer({ min: 700, max: 840 }),
    fc.integer({ min: 0, max: 1_100 }),
  ),
  tickBefore: fc.boolean(),
  /** a later version keeps the time of the first, most of the time */
  moves: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  twice: fc.boolean(),
});

type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

function signalOf(said: Arrival, at: number): AcceptedSignal {
  const isVisit = said.kind === 'visit';
  const isDelete = said.kind.startsWith('delete');
  return {
    kind: isVisit ? 'lifecycle' : 'feedback',
    source: 'canonical',
    subject: isVisit ? `visit of ${said.subject}` : said.subject,
    version: said.kind === 'delete all' ? null : said.version,
    op: isDelete ? 'delete' : 'upsert',
    customer: said.customer,
    occurredAt: new Date(at).toISOString(),
    stage: said.stage,
    segment: { plan: said.plan },
    rating: { value: said.happy, min: 0, max: 1 },
    ...(said.contact !== undefined && { contact: said.contact }),
    ...(isVisit && { lifecycle: { event: 'active' as const } }),
  };
}

/** The log of one partition: configuration first, then what arrived, some of it written twice. */
function logOf(arrivals: readonly Arrival[]): [LogRecord, SignalsRecord][] {
  const log: [LogRecord, SignalsRecord][] = [];
  const first = new Map<string, number>();
  let now = start;
  const write = (content: SignalsRecord) => {
    const record = {
      topic: 'signals',
      partition: 0,
      offset: log.length,
      time: now,
      key: null,
      value: null,
      headers: {},
    };
    log.push([record, content]);
  };
  write({ type: 'configuration', hash: 'h', configuration: { segments: ['plan'] } });
  arrivals.forEach((said, offset) => {
    now += said.pause * hourMs;
    if (said.tickBefore) write({ type: 'tick', at: new Date(now).toISOString() });
    const origin = { topic: 'raw.canonical', partition: 0, offset, index: 0 };
    const at = said.moves ? undefined : first.get(said.subject);
    const signal = signalOf(said, at ?? now - said.age * hourMs);
    if (at === undefined) first.set(said.subject, Date.parse(signal.occurredAt));
    const announcement = { signal, tags: null, origin, customerMayChange: true };
    const supersede = supersedeOf(announcement);
    for (let times = said.twice ? 2 : 1; times > 0; times -= 1) {
      write(taggedSignal(announcement));
      if (supersede !== null) write(supersede);
    }
  });
  return log;
}

function folded(log: readonly [LogRecord, SignalsRecord][]): Record<string, number[]> {
  const workspace = new MemoryWorkspace();
  for (const [record, content] of log) foldSignals([{ record, content }], workspace);
  return Object.fromEntries([...workspace.cells].filter(([, fields]) => fields.some((field) => field !== 0)).sort());
}

function recomputed(log: readonly [LogRecord, SignalsRecord][]): Record<string, number[]> {
  const recomputation = new Recomputation();
  for (const [record, content] of log) recomputation.take(record, content);
  return Object.fromEntries([...recomputation.cells()].sort());
}

describe('a batch over the log', () => {
  it('gives the windows that the fold gives, over months of edits, deletes, late statements and forgotten subjects', () => {
    const property = fc.property(fc.array(arrival, { maxLength: 30, size: 'max' }), (arrivals) => {
      const log = logOf(arrivals);
      expect(folded(log)).toEqual(recomputed(log));
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('sees a count that is wrong', () => {
    const said = {
      kind: 'say',
      subject: 'a',
      customer: 'ann',
      version: 0,
      happy: 0,
      stage: 'delivery',
      plan: 'pro',
    } as const;
    const log = logOf([
      { ...said, contact: undefined, pause: 0, age: 0, tickBefore: false, moves: false, twice: false },
    ]);
    const week = `7d|delivery||${start / hourMs}`;
    expect(recomputed(log)[week]).toEqual([1, 1, 1, 0, 0, 1_000, 1, 0]);
    expect(recomputed(log.slice(0, 1))).toEqual({});
    expect(start % dayMs).toBe(0);
  });
});
