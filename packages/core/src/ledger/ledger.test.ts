// Given what a customer and the help desk said, when time passes, then this is found; and taken back when it no longer holds.
import { type AcceptedSignal, type LogRecord, type SignalsRecord, type Tags, topicNames } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { supersedeOf, taggedSignal } from '../announce.ts';
import { foldSignals } from '../friction/fold.ts';
import { hourMs } from '../friction/time.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import type { Holder } from './held.ts';
import { issueKey, issuesAt } from './issues.ts';

const start = Date.UTC(2026, 2, 2);
const iso = (hours: number) => new Date(start + hours * hourMs).toISOString();

type Word = 'raised' | 'unresolved' | 'resolved' | 'none';
type Said = Partial<AcceptedSignal> & { at: number; subject: string; word?: Word };

/** A ticket of the customer at some hour; `word`: what its text says. Unhappy words are negative. */
function signalOf({ at, word: _, ...said }: Said): AcceptedSignal {
  return {
    kind: 'ticket',
    source: 'desk',
    version: 0,
    op: 'upsert',
    customer: 'ann',
    occurredAt: iso(at),
    stage: 'delivery',
    ...said,
  };
}

function tagsOf({ word }: Said): Tags | null {
  if (word === undefined) return null;
  const label = word === 'unresolved' ? 'negative' : 'neutral';
  const issue = { state: word, reasons: word === 'unresolved' ? ['says-unresolved'] : [], confidence: 0.9 };
  return {
    language: 'en',
    sentiment: { label, score: label === 'negative' ? -0.8 : 0, confidence: 1 },
    issue,
    effort: [],
  };
}

class Company {
  readonly workspace = new MemoryWorkspace();
  #offset = 0;

  constructor(within?: string) {
    const stages = [
      { id: 'delivery', ...(within !== undefined && { promises: [{ what: 'reply', within }] }) },
      { id: 'billing' },
    ];
    this.#fold({ type: 'configuration', hash: 'h', configuration: { stages } }, start - hourMs);
  }

  /** What was said comes into the log an hour later, or when `arrives` says. */
  hear(said: Said, arrives = said.at + 1): void {
    const text = said.word === undefined || said.op === 'delete' ? {} : { text: said.word };
    const origin = { topic: 'raw.desk', partition: 0, offset: this.#offset, index: 0 };
    const announcement = {
      signal: { ...signalOf(said), ...text },
      tags: tagsOf(said),
      origin,
      customerMayChange: true,
    };
    this.#fold(taggedSignal(announcement), start + arrives * hourMs);
    const supersede = supersedeOf(announcement);
    if (supersede !== null) this.#fold(supersede, start + arrives * hourMs);
  }

  tick(hours: number): void {
    this.#fold({ type: 'tick', at: iso(hours) }, start + hours * hourMs);
  }

  #fold(content: SignalsRecord, time: number): void {
    const place = { topic: topicNames.signals, partition: 0, offset: this.#offset, time, key: null, value: null };
    const record: LogRecord = { ...place, headers: {} };
    this.#offset += 1;
    foldSignals([{ record, content }], this.workspace);
  }

  /** Reason and hour of each finding that is held. */
  get found(): [string, number][] {
    const held = this.workspace.get<Holder>('c|ann')?.held ?? [];
    return held
      .filter(({ role }) => role === 'found')
      .map(({ id, at }): [string, number] => [id.split('|')[1] ?? '', (at - start) / hourMs])
      .sort((one, other) => one[1] - other[1]);
  }

  issue(stage = 'delivery') {
    return this.workspace.get<Record<string, unknown>>(issueKey(stage, 'ann'));
  }

  /** statements, customers, unhappy of a stage in an hour */
  hour(hours: number, stage = 'delivery'): number[] {
    return (this.workspace.cells.get(`1h|${stage}||${start / hourMs + hours}`) ?? [0, 0, 0]).slice(0, 3);
  }
}

const problem = (at: number, subject: string, more: Partial<Said> = {}): Said => ({
  at,
  subject,
  thread: 'ticket:1',
  word: 'raised',
  ...more,
});
const answer = (at: number, subject = 'answer', more: Partial<Said> = {}): Said => ({
  at,
  subject,
  thread: 'ticket:1',
  author: 'staff',
  ...more,
});
const solved = (at: number, subject = 'solved') => answer(at, subject, { status: 'solved' });

/** What is said, what is found of it by the last hour, and what then takes it back. */
type Case = {
  name: string;
  within?: string;
  said: Said[];
  until: number;
  found: [string, number][];
  news: Said;
  left?: [string, number][];
};

const cases: Case[] = [
  {
    name: 'reopened: the customer comes back in a thread that was solved',
    said: [problem(0, 'a'), solved(5), problem(30, 'b')],
    until: 31,
    found: [['reopened', 30]],
    news: { ...problem(30, 'b'), op: 'delete', version: 0 },
  },
  {
    name: 'reopened: however many days later, while the thread is known',
    said: [problem(0, 'a'), solved(5), problem(24 * 60, 'b')],
    until: 24 * 60 + 1,
    found: [['reopened', 24 * 60]],
    news: { ...problem(24 * 60, 'b'), version: 1, word: 'none' },
  },
  {
    name: 'reopened: a status goes from solved back to open',
    said: [problem(0, 'a'), solved(5), answer(9, 'back', { status: 'open' })],
    until: 10,
    found: [['reopened', 9]],
    news: answer(9, 'back', { status: 'pending', op: 'delete' }),
  },
  {
    name: 'repeat-contact: in another thread, about the same open issue',
    said: [problem(0, 'a'), answer(1), problem(3, 'b', { thread: 'ticket:2' })],
    until: 4,
    found: [['repeat-contact', 3]],
    news: { ...problem(0, 'a'), op: 'delete' },
  },
  {
    name: 'repeat-contact: in the same thread, a day later without a reply',
    said: [problem(0, 'a'), problem(24, 'b')],
    until: 25,
    found: [['repeat-contact', 24]],
    news: answer(20),
  },
  {
    name: 'negative-after-solved: in the thread',
    said: [
      problem(0, 'a'),
      solved(5),
      { at: 40, subject: 'csat', kind: 'feedback', thread: 'ticket:1', rating: { value: 1, min: 1, max: 5 } },
    ],
    until: 41,
    found: [['negative-after-solved', 40]],
    news: {
      at: 40,
      subject: 'csat',
      kind: 'feedback',
      thread: 'ticket:1',
      version: 1,
      rating: { value: 5, min: 1, max: 5 },
    },
  },
  {
    name: 'negative-after-solved: at the stage',
    said: [
      problem(0, 'a'),
      solved(5),
      { at: 40, subject: 'review', kind: 'review', rating: { value: 1, min: 1, max: 5 } },
    ],
    until: 41,
    found: [['negative-after-solved', 40]],
    news: { ...solved(5), op: 'delete' },
  },
  {
    name: 'no-reply: the customer waits past what the stage promises',
    within: '8h',
    said: [problem(0, 'a')],
    until: 9,
    found: [['no-reply', 8]],
    news: answer(7),
  },
  {
    name: 'no-reply: past what this very customer was promised',
    within: '8h',
    said: [problem(0, 'a', { promise: { what: 'reply', dueAt: iso(2) } })],
    until: 3,
    found: [['no-reply', 2]],
    news: { ...problem(0, 'a', { promise: { what: 'reply', dueAt: iso(2), keptAt: iso(1) } }), version: 1 },
  },
  {
    name: 'promise-broken: the deadline passed',
    said: [problem(0, 'a'), answer(1, 'promise', { stage: 'billing', promise: { what: 'call back', dueAt: iso(24) } })],
    until: 25,
    found: [['promise-broken', 24]],
    news: answer(1, 'promise', { version: 1, promise: { what: 'call back', dueAt: iso(24), keptAt: iso(23) } }),
  },
  {
    name: 'promise-broken: kept, but late',
    said: [problem(0, 'a'), answer(1, 'promise', { promise: { what: 'fix', dueAt: iso(24), keptAt: iso(30) } })],
    until: 31,
    found: [['promise-broken', 24]],
    news: answer(1, 'promise', { op: 'delete' }),
  },
  {
    name: 'promise-broken: a reply that was promised and did not come',
    said: [problem(0, 'a'), answer(1, 'promise', { promise: { what: 'reply', dueAt: iso(24) } })],
    until: 25,
    found: [['promise-broken', 24]],
    news: answer(20),
  },
];

describe('the ledger finds', () => {
  it.each(cases)('$name; and takes it back', ({ within, said, until, found, news, left = [] }) => {
    const company = new Company(within);
    for (const one of said) company.hear(one);
    company.tick(until);
    expect(company.found).toEqual(found);
    const [[, hour]] = found as [[string, number]];
    expect(company.hour(hour)[1]).toBe(1);
    expect(company.hour(hour)[2]).toBe(1);
    company.hear(news, until + 1);
    expect(company.found).toEqual(left);
    if (company.hour(hour)[0] === 0) expect(company.hour(hour)).toEqual([0, 0, 0]);
  });

  const calm: [string, Said[]][] = [
    ['nothing in a thank-you', [problem(0, 'a'), solved(5), problem(30, 'b', { word: 'none', status: 'open' })]],
    ['nothing in the word that it is solved', [problem(0, 'a'), solved(5), problem(30, 'b', { word: 'resolved' })]],
    ['nothing in a rating alone', [{ at: 0, subject: 'r', kind: 'review', rating: { value: 1, min: 1, max: 5 } }]],
    ['no repeat after an answer', [problem(0, 'a'), answer(2), problem(30, 'b')]],
    ['no repeat within a day', [problem(0, 'a'), problem(23, 'b')]],
    ['no repeat at another stage', [problem(0, 'a'), problem(30, 'b', { thread: 'ticket:2', stage: 'billing' })]],
    ['no repeat of what was confirmed', [problem(0, 'a'), solved(5), problem(15 * 24, 'b', { thread: 'ticket:2' })]],
    [
      'no claim in the status that came with the words',
      [problem(0, 'a', { status: 'new' }), answer(1), problem(2, 'b', { status: 'open' })],
    ],
    ['no return to a forgotten thread', [problem(0, 'a'), solved(5), problem(24 * 91, 'b')]],
  ];
  it.each(calm)('%s', (_, said) => {
    const company = new Company();
    for (const one of said) company.hear(one);
    company.tick(said.at(-1)!.at + 2);
    expect(company.found).toEqual([]);
  });

  it('no deadline before the tick that passes it, and no reply later than that undoes it', () => {
    const company = new Company('8h');
    company.hear(problem(0, 'a'));
    company.hear(answer(9), 10);
    expect(company.found).toEqual([]);
    company.tick(10);
    expect(company.found).toEqual([['no-reply', 8]]);
  });

  it('what a window shows rests on nothing later than the window', () => {
    const company = new Company('8h');
    company.hear(problem(0, 'a'));
    company.tick(9);
    const before = company.hour(8);
    company.hear(solved(30));
    company.hear(problem(40, 'b'));
    company.tick(60);
    expect(company.hour(8)).toEqual(before);
    expect(company.found).toEqual([
      ['no-reply', 8],
      ['reopened', 40],
      ['no-reply', 48],
    ]);
  });
});

describe('an open issue', () => {
  it('is listed with what a reader needs, and goes when it is over', () => {
    const company = new Company();
    company.hear(problem(0, 'a', { word: 'unresolved', url: 'https://desk.example/1' }));
    company.hear(problem(2, 'b', { thread: 'ticket:2' }));
    expect(company.issue()).toEqual({
      stage: 'delivery',
      customer: 'ann',
      since: start,
      lastAt: start + 2 * hourMs,
      contacts: 2,
      reasons: ['says-unresolved', 'repeat-contact'],
      threads: ['desk|ticket:1', 'desk|ticket:2'],
      segments: [],
      url: 'https://desk.example/1',
    });
    company.hear(solved(3));
    expect(company.issue()).toMatchObject({ claimedAt: start + 3 * hourMs, claimedBy: 'staff' });
    company.tick(3 + 14 * 24);
    expect(company.issue()).toBeDefined();
    company.tick(4 + 14 * 24);
    expect(company.issue()).toBeUndefined();
  });

  it('ends with the customer’s own word', () => {
    const company = new Company();
    company.hear(problem(0, 'a'));
    company.hear(problem(9, 'b', { word: 'resolved' }));
    expect(company.issue()).toBeUndefined();
  });

  it('lapses 180 days after its last word, and is remembered until then', () => {
    const company = new Company();
    company.hear(problem(0, 'a', { word: 'unresolved' }));
    for (let day = 1; day <= 180; day += 1) company.tick(24 * day);
    expect(company.issue()).toBeDefined();
    expect(company.workspace.get<Holder>('c|ann')?.held).toEqual([]);
    company.tick(24 * 180 + 1);
    expect(company.issue()).toBeUndefined();
    for (let day = 181; day <= 260; day += 1) company.tick(24 * day);
    expect([...company.workspace.scan('')].map(([key]) => key)).toEqual(['meta']);
  });

  it.each([
    ['with the time at which the status was learnt', iso(30), 30],
    ['with its own time where nothing else is known', undefined, 0],
  ])('is claimed by a version of the ticket itself, %s', (_, observedAt, hours) => {
    const company = new Company();
    company.hear({ at: 0, subject: 'ticket:7', status: 'new', word: 'raised' });
    const version = { at: 0, subject: 'ticket:7', status: 'solved', word: 'raised', version: 1 } as const;
    company.hear({ ...version, ...(observedAt !== undefined && { observedAt }) }, 31);
    expect(company.issue()).toMatchObject({ claimedAt: start + hours * hourMs, claimedBy: 'status', contacts: 1 });
  });
});

describe('what is settled', () => {
  it('is forgotten as statements and goes on as a checkpoint', () => {
    const company = new Company();
    company.hear(problem(0, 'a'));
    company.hear(solved(5));
    for (let day = 1; day <= 60; day += 1) company.tick(24 * day);
    const { held, ledger } = company.workspace.get<Holder>('c|ann')!;
    expect(held).toEqual([]);
    expect(ledger?.threads.map(([id]) => id)).toEqual(['desk|ticket:1']);
    company.hear(problem(24 * 61, 'b'));
    expect(company.found).toEqual([['reopened', 24 * 61]]);
    expect([...company.workspace.scan(issuesAt('delivery'))]).toHaveLength(1);
  });
});
