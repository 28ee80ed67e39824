import { type Signal, signalSchema, spokenKinds } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { companyOf, type SimulateOptions } from './options.ts';
import { dayMs } from './season.ts';
import { simulate } from './simulate.ts';
import { truth } from './truth.ts';

const usual: SimulateOptions = { days: 40, customers: 600, stages: 4, seed: 1, plants: [], ratingsOnly: false };
const rated: SimulateOptions = { ...usual, ratingsOnly: true };
const plant = { stage: 'delivery', step: 0.12, day: 30, rampDays: 0 };

const atMs = (signal: Signal): number => Date.parse(signal.occurredAt);
const isVoice = (signal: Signal): boolean =>
  spokenKinds.has(signal.kind) && (signal.author ?? 'customer') === 'customer';
const isFirst = (signal: Signal): boolean => signal.op === undefined && signal.version === undefined;

function share(signals: readonly Signal[], is: (signal: Signal) => boolean): number {
  return signals.filter(is).length / signals.length;
}

describe.each([
  ['with words', usual],
  ['ratings only', rated],
])('simulate, %s', (_, options) => {
  const signals = [...simulate(options)];

  it('gives the same bytes for the same options, and others for another seed', () => {
    expect(JSON.stringify([...simulate(options)])).toBe(JSON.stringify(signals));
    expect(JSON.stringify([...simulate({ ...options, seed: 2 })])).not.toBe(JSON.stringify(signals));
  });

  it('writes canonical signals', () => {
    for (const signal of signals) signalSchema.parse(signal);
  });

  it('keeps the order of occurredAt, inside the days asked for', () => {
    for (let at = 1; at < signals.length; at++)
      expect(atMs(signals[at] as Signal)).toBeGreaterThanOrEqual(atMs(signals[at - 1] as Signal));
    expect(atMs(signals[0] as Signal)).toBeGreaterThanOrEqual(Date.UTC(2025, 0, 6));
    expect(atMs(signals.at(-1) as Signal)).toBeLessThan(Date.UTC(2025, 0, 6) + 40 * dayMs);
  });

  it('lets each customer speak at each stage once in 20 days, unless told otherwise', () => {
    const perDay = (list: readonly Signal[]): number =>
      new Set(list.filter(isVoice).map((signal) => signal.subject)).size / 160;
    expect(perDay(signals) / 30).toBeGreaterThan(0.93);
    expect(perDay(signals) / 30).toBeLessThan(1.07);
    expect(perDay([...simulate({ ...options, signalsPerDay: 5 })]) / 5).toBeCloseTo(1, 0);
  });

  it('lets nobody speak before joining or after leaving', () => {
    const present = new Set<string>();
    const gone = new Set<string>();
    for (const { customer, lifecycle, occurredAt } of signals) {
      if (customer === null || customer === undefined) continue;
      if (lifecycle?.event === 'joined') present.add(customer);
      else if (atMs({ occurredAt } as Signal) > Date.UTC(2025, 0, 6, 1)) expect(present.has(customer)).toBe(true);
      expect(gone.has(customer)).toBe(false);
      if (lifecycle?.event === 'churned') gone.add(customer);
    }
    expect(gone.size).toBeGreaterThan(5);
  });

  it('has seasons', () => {
    const voices = signals.filter(isVoice);
    expect(share(voices, (signal) => new Date(signal.occurredAt).getUTCHours() < 6)).toBeLessThan(0.12);
    expect(share(voices, (signal) => [0, 6].includes(new Date(signal.occurredAt).getUTCDay()))).toBeLessThan(0.25);
  });

  it('begins at once, however long it would go on', () => {
    const endless = simulate({ ...options, days: 36_500 })[Symbol.iterator]();
    for (let taken = 0; taken < 2_000; taken++) expect(endless.next().done).toBe(false);
  });
});

describe('simulate, ratings only', () => {
  it('holds ratings and lifecycle, each once', () => {
    const signals = [...simulate(rated)];
    const subjects = new Set(signals.map((signal) => signal.subject));
    expect(subjects.size).toBe(signals.length);
    for (const signal of signals) {
      expect(['feedback', 'review', 'lifecycle']).toContain(signal.kind);
      expect(signal).not.toHaveProperty('text');
      expect(signal.kind === 'lifecycle').toBe(signal.rating === undefined);
    }
  });

  it('makes the planted share of customers unhappy, and only there', () => {
    const options = { ...rated, days: 80, customers: 2_000, plants: [plant] };
    const company = companyOf(options);
    const signals = [...simulate(options)].filter((signal) => signal.rating !== undefined);
    for (const stage of company.stages)
      for (const after of [false, true]) {
        const heard = signals.filter(
          (signal) => signal.stage === stage.id && atMs(signal) >= company.fromMs + 30 * dayMs === after,
        );
        const expected = stage.unhappyShare + (after && stage.id === 'delivery' ? 0.12 : 0);
        const bound = 4 * Math.sqrt((expected * (1 - expected)) / heard.length);
        expect(Math.abs(share(heard, (signal) => signal.rating!.value <= 2) - expected)).toBeLessThan(bound);
        expect(heard.length).toBeGreaterThan(2_000);
      }
  });

  it('lets a ramp rise slowly, and a negative step fall', () => {
    const unhappyOf = (step: number, rampDays: number): number => {
      const options = { ...rated, days: 50, customers: 4_000, plants: [{ ...plant, step, rampDays }] };
      const late = [...simulate(options)].filter(
        (signal) =>
          signal.stage === 'delivery' &&
          signal.rating !== undefined &&
          atMs(signal) > Date.UTC(2025, 0, 6) + 30 * dayMs,
      );
      return share(late, (signal) => signal.rating!.value <= 2);
    };
    expect(unhappyOf(0.2, 20)).toBeGreaterThan(unhappyOf(0, 0) + 0.06);
    expect(unhappyOf(0.2, 0)).toBeGreaterThan(unhappyOf(0.2, 20) + 0.06);
    expect(unhappyOf(-0.05, 0)).toBeLessThan(unhappyOf(0, 0) - 0.02);
  });

  it('gives a customer one mood a stage and week, so customers are planted and not events', () => {
    const byWeek = new Map<string, Set<boolean>>();
    for (const signal of simulate({ ...rated, customers: 50, signalsPerDay: 100 })) {
      if (signal.rating === undefined) continue;
      const day = Math.floor(atMs(signal) / dayMs);
      const key = `${signal.stage} ${signal.customer} ${day}`;
      byWeek.set(key, (byWeek.get(key) ?? new Set()).add(signal.rating.value <= 2));
    }
    const mixed = [...byWeek.values()].filter((moods) => moods.size > 1).length;
    expect(mixed / byWeek.size).toBeLessThan(0.06);
  });
});

describe('simulate, with words', () => {
  const signals = [...simulate({ ...usual, customers: 2_000 })];
  const voices = signals.filter(isVoice);

  it('speaks in all kinds, some of it by nobody we know', () => {
    expect(new Set(signals.map((signal) => signal.kind)).size).toBe(5);
    expect(share(voices, (signal) => signal.customer === null)).toBeGreaterThan(0.03);
    expect(new Set(signals.map((signal) => signal.belief?.what)).size).toBe(5);
  });

  it('repeats, edits, delays and withdraws a few percent, and says when that became known', () => {
    const seen = new Set<string>();
    let repeated = 0;
    for (const signal of voices.filter(isFirst)) {
      if (seen.has(signal.subject)) repeated++;
      seen.add(signal.subject);
    }
    expect(repeated / voices.length).toBeCloseTo(0.012, 2);
    expect(share(voices, (signal) => signal.version === 1)).toBeCloseTo(0.012, 2);
    expect(share(voices, (signal) => signal.op === 'delete')).toBeCloseTo(0.004, 2);
    expect(share(voices.filter(isFirst), (signal) => signal.observedAt !== undefined)).toBeCloseTo(0.02, 2);
    for (const signal of signals)
      if (!isFirst(signal) || signal.observedAt !== undefined)
        expect(Date.parse(signal.observedAt as string)).toBeGreaterThan(atMs(signal));
  });

  it('names no subject twice with different contents', () => {
    const contents = new Map<string, string>();
    for (const signal of signals) {
      const key = `${signal.source} ${signal.subject} ${signal.version ?? 0} ${signal.op}`;
      const content = JSON.stringify(signal);
      expect(contents.get(key) ?? content).toBe(content);
      contents.set(key, content);
    }
  });

  it('tells tickets as conversations that are answered, called solved and sometimes come back', () => {
    const threads = Map.groupBy(
      signals.filter((signal) => signal.kind === 'ticket' && isFirst(signal)),
      (signal) => signal.thread,
    );
    const old = [...threads.values()].filter((thread) => atMs(thread[0]!) < Date.UTC(2025, 0, 20));
    expect(
      share(
        old.map((thread) => thread[0]!),
        (signal) => signal.status === 'new',
      ),
    ).toBe(1);
    const solved = old.filter((thread) =>
      thread.some((signal) => signal.status === 'solved' && signal.author === 'staff'),
    );
    expect(solved.length / old.length).toBeGreaterThan(0.95);
    const back = solved.filter((thread) => {
      const claim = thread.findIndex((signal) => signal.status === 'solved');
      return thread.slice(claim).some((signal) => signal.author === 'customer' && signal.status === 'open');
    });
    expect(back.length / solved.length).toBeGreaterThan(0.02);
    expect(back.length / solved.length).toBeLessThan(0.2);
  });

  it('promises, and keeps most of it', () => {
    const promised = new Set(signals.filter((signal) => signal.promise !== undefined).map((signal) => signal.subject));
    const kept = new Set(
      signals.filter((signal) => signal.promise?.keptAt !== undefined).map((signal) => signal.subject),
    );
    expect(kept.size / promised.size).toBeGreaterThan(0.75);
    expect(kept.size).toBeLessThan(promised.size);
  });
});

type Departure = { customer?: string | null | undefined; at: string };

describe('truth', () => {
  const options = { ...rated, customers: 3_000, days: 90, plants: [{ ...plant, step: 0.3, day: 20 }] };
  const told = truth(options);

  it('names every departure of the export, in time and with its cause', () => {
    const churned = [...simulate(options)].filter((signal) => signal.lifecycle?.event === 'churned');
    const byCustomer = (one: Departure, other: Departure): number =>
      String(one.customer).localeCompare(String(other.customer));
    expect(told.departures.map(({ customer, at }) => ({ customer, at })).sort(byCustomer)).toEqual(
      churned.map(({ customer, occurredAt }) => ({ customer, at: occurredAt })).sort(byCustomer),
    );
    for (const { at, cause } of told.departures) if (cause !== null) expect(cause.experiencedAt < at).toBe(true);
  });

  it('shows churn where friction was planted', () => {
    const planted = told.departures.filter(({ cause }) => cause?.planted === true);
    expect(planted.length).toBeGreaterThan(100);
    expect(new Set(planted.map(({ cause }) => cause?.stage))).toEqual(new Set(['delivery']));
    const none = truth({ ...options, plants: [] }).departures;
    expect(told.departures.length).toBeGreaterThan(1.5 * none.length);
  });

  it('lets some 25 days pass between the friction and the departure', () => {
    const week = [
      { ...plant, step: 0.4, day: 10 },
      { ...plant, step: -0.4, day: 14 },
    ];
    const departures = truth({ ...options, days: 110, plants: week }).departures;
    const causes = departures.flatMap(({ at, cause }) => (cause?.planted ? [{ at, from: cause.experiencedAt }] : []));
    const days = causes.map(({ at, from }) => (Date.parse(at) - Date.parse(from)) / dayMs);
    expect(days.length).toBeGreaterThan(25);
    const mean = days.reduce((sum, delay) => sum + delay, 0) / days.length;
    expect(mean).toBeGreaterThan(17);
    expect(mean).toBeLessThan(33);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });
});

describe('options', () => {
  it.each([
    [1, ['discover']],
    [6, ['discover', 'buy', 'delivery', 'use', 'support', 'renew']],
    [7, ['stage-001', 'stage-002', 'stage-003', 'stage-004', 'stage-005', 'stage-006', 'stage-007']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ])('names %j stages', (stages, ids) => {
    expect(companyOf({ ...usual, stages }).stages.map((stage) => stage.id)).toEqual(ids);
  });

  it('gives stages different shares of unhappy customers, from .08 to .3', () => {
    const shares = companyOf({ ...usual, stages: 100 }).stages.map((stage) => stage.unhappyShare);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.08);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.3);
    expect(new Set(shares).size).toBeGreaterThan(90);
  });

  it.each([
    [{ days: 0 }, /days is 0/],
    [{ customers: 1.5 }, /customers is 1.5/],
    [{ seed: -1 }, /seed is -1/],
    [{ stages: [] }, /stages is 0/],
    [{ stages: ['a', 'a'] }, /named once/],
    [{ plants: [{ ...plant, stage: 'moon' }] }, /'moon', which is none of: discover/],
    [{ signalsPerDay: 0 }, /signals per day is 0/],
    [{ from: 'soon' }, /from is 'soon'/],
  ])('refuses %j', (faulty, reason) => {
    expect(() => simulate({ ...usual, ...faulty })).toThrow(reason);
  });
});
