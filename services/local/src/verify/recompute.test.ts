import type { AcceptedSignal, LogRecord, SignalsRecord, Tags } from '@gapwatch/contracts';
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

/** What a ticket adds: words and status, conversations, answers, promises, statuses that are learnt later, history. */
const talk = fc.record({
  word: fc.constantFrom('raised', 'raised', 'unresolved', 'resolved', 'none', 'untagged'),
  kind: fc.constantFrom('ticket', 'ticket', 'feedback'),
  author: fc.constantFrom('customer', 'customer', 'customer', 'staff', 'bot'),
  status: fc.constantFrom(undefined, 'new', 'open', 'solved', 'closed'),
  thread: fc.constantFrom(undefined, 't1', 't1', 't2', 's0'),
  promise: fc.constantFrom(undefined, undefined, 'reply', 'call back'),
  dueIn: fc.oneof(fc.integer({ min: -2, max: 60 }), fc.integer({ min: 0, max: 2_000 })),
  kept: fc.constantFrom(undefined, undefined, -1, 1),
  learntIn: fc.constantFrom(0, 0, 0, 1, 20, 300),
  backfill: fc.integer({ min: 0, max: 9 }).map((chance) => chance < 2),
  /** a pause so long that everything is settled or forgotten */
  leap: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1_000, 2_300, 4_400),
});

type Talk = typeof talk extends fc.Arbitrary<infer T> ? T : never;
type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

function talkOf(said: Arrival, { word, kind, author, status, thread, ...more }: Talk, at: number): AcceptedSignal {
  const { rating, ...signal } = signalOf(said, at);
  const dueMs = at + more.dueIn * hourMs;
  const keptAt = more.kept === undefined ? undefined : new Date(dueMs + more.kept * hourMs).toISOString();
  const promise = more.promise !== undefined && {
    promise: { what: more.promise, dueAt: new Date(dueMs).toISOString(), ...(keptAt !== undefined && { keptAt }) },
  };
  return {
    ...signal,
    kind,
    author,
    observedAt: new Date(at + more.learntIn * hourMs).toISOString(),
    ...(word === 'untagged' ? rating !== undefined && { rating } : { text: word }),
    ...(status !== undefined && { status }),
    ...(thread !== undefined && { thread }),
    ...promise,
  };
}

function tagsOf({ word, status }: Talk, { happy }: Arrival): Tags | null {
  if (word === 'untagged') return null;
  const isSolved = status === 'solved' || status === 'closed';
  const confidence = word === 'resolved' && isSolved && happy > 0 ? 0.6 : 0.9;
  return {
    language: 'en',
    sentiment: {
      label: happy === 1 ? 'positive' : happy === 0 ? 'negative' : 'neutral',
      score: 2 * happy - 1,
      confidence: 1,
    },
    issue: { state: word, reasons: word === 'unresolved' ? ['says-unresolved'] : [], confidence },
    effort: [],
  };
}

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

function timesOf(moment: number, more: Talk | undefined): number[] {
  return more === undefined ? [moment] : [moment, moment + more.dueIn * hourMs, moment + more.learntIn * hourMs];
}

/** Windows count a customer once only among what is still held: history that comes for a week that was let go counts anew. */
function isAlone(moment: number, more: Talk, times: readonly number[]): boolean {
  return timesOf(moment, more).every((time) => times.every((other) => Math.abs(time - other) > 8 * dayMs));
}

/** The log of one partition: configuration first, then what arrived, some of it written twice. */
function logOf(arrivals: readonly (Arrival & { talk?: Talk })[], stages: object[] = []): [LogRecord, SignalsRecord][] {
  const log: [LogRecord, SignalsRecord][] = [];
  const first = new Map<string, number>();
  const times: number[] = [];
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
  write({
    type: 'configuration',
    hash: 'h',
    configuration: { segments: ['plan'], ...(stages.length > 0 && { stages }) },
  });
  arrivals.forEach((said, offset) => {
    now += (said.pause + (said.talk?.leap ?? 0)) * hourMs;
    if (said.tickBefore) write({ type: 'tick', at: new Date(now).toISOString() });
    const origin = { topic: 'raw.canonical', partition: 0, offset, index: 0 };
    const at = said.moves ? undefined : first.get(said.subject);
    const isTalk = said.talk !== undefined && said.kind === 'say';
    const old = now - 6 * said.age * hourMs;
    const isHistory = isTalk && at === undefined && said.talk!.backfill && isAlone(old, said.talk!, times);
    const moment = at ?? (isHistory ? old : now - said.age * hourMs);
    times.push(...timesOf(moment, said.talk));
    const signal = isTalk ? talkOf(said, said.talk!, moment) : signalOf(said, moment);
    if (at === undefined) first.set(said.subject, Date.parse(signal.occurredAt));
    const announcement = {
      signal,
      tags: isTalk ? tagsOf(said.talk!, said) : null,
      origin,
      customerMayChange: true,
      ...(isHistory && { backfill: true }),
    };
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

/** Between two records nothing stays but what a store keeps. */
class ForgetfulWorkspace extends MemoryWorkspace {
  readonly #atHand = new Map<string, object | null>();

  override get<T extends object>(key: string): T | undefined {
    if (!this.#atHand.has(key)) this.#atHand.set(key, structuredClone(super.get(key)) ?? null);
    return (this.#atHand.get(key) as T | null) ?? undefined;
  }

  override put(key: string, document: object | null, due?: number | null): void {
    this.#atHand.set(key, document);
    super.put(key, document, due);
  }

  forget(): void {
    this.#atHand.clear();
  }
}

function documentsOf(workspace: MemoryWorkspace): object {
  return JSON.parse(JSON.stringify(Object.fromEntries(workspace.scan(''))));
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

  it('gives the findings of the ledger, over tickets, threads, answers, promises, late ticks and long silence', () => {
    const one = fc.tuple(arrival, talk).map(([said, more]) => ({ ...said, talk: more }));
    const property = fc.property(
      fc.array(one, { maxLength: 24, size: 'max' }),
      fc.integer({ max: 5_000 }),
      (arrivals, later) => {
        const log = logOf(arrivals, [{ id: 'delivery', promises: [{ what: 'reply', within: '8h' }] }]);
        const [last] = log.at(-1)!;
        const time = last.time + Math.max(0, later) * hourMs;
        log.push([
          { ...last, offset: last.offset + 1, time },
          { type: 'tick', at: new Date(time).toISOString() },
        ]);
        expect(folded(log)).toEqual(recomputed(log));
      },
    );
    fc.assert(property, { numRuns: 3_000 });
  });

  it('finds the documents of the fold the same, whether the fold remembers its work or was started anew', () => {
    const one = fc.tuple(arrival, talk).map(([said, more]) => ({ ...said, talk: more }));
    const property = fc.property(fc.array(one, { maxLength: 24, size: 'max' }), (arrivals) => {
      const log = logOf(arrivals, [{ id: 'delivery', promises: [{ what: 'reply', within: '8h' }] }]);
      const remembering = new MemoryWorkspace();
      const forgetful = new ForgetfulWorkspace();
      for (const [record, content] of log) {
        for (const workspace of [remembering, forgetful]) foldSignals([{ record, content }], workspace);
        forgetful.forget();
        expect(documentsOf(forgetful)).toEqual(documentsOf(remembering));
      }
    });
    fc.assert(property, { numRuns: 2_000 });
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
