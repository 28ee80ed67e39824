import { configurationSchema } from '@gapwatch/contracts';
import { beliefKey, cellKey, stageKey } from '@gapwatch/core';
import { openMemoryState, type StateStore } from '@gapwatch/storage';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  alertRecord,
  configuration,
  dayMs,
  exampleCompany,
  fill,
  hour,
  hourMs,
  logTime,
  metaOf,
  newestDay,
} from './company.fixture.ts';
import type { Alerts, Stages, Windows } from './schemas.ts';
import { alertSchema, problemSchema, sourcesSchema, stagesSchema, windowsSchema } from './schemas.ts';
import { serve } from './server.fixture.ts';

async function get<T>(server: FastifyInstance, url: string): Promise<T> {
  const response = await server.inject({ url });
  expect(response.statusCode, response.body).toBe(200);
  return response.json() as T;
}

const day = (index: number) => newestDay + index * dayMs;
const date = (index: number) => new Date(day(index)).toISOString().slice(0, 10);

/** One stage with three days in two partitions. */
async function smallState(): Promise<StateStore> {
  const state = openMemoryState();
  const times = { delivery: { first: day(-3), last: logTime - 1 } };
  const daily = (index: number) => cellKey('1d', 'delivery', '', hour(day(index)));
  await fill(state, 'aggregator', 0, {
    cells: {
      [daily(-3)]: { statements: 5, customers: 4, unhappy: 1, frictionThousandths: 1_600, present: 10, active: 8 },
      [daily(0)]: { statements: 2, customers: 2, unhappy: 2, frictionThousandths: 1_800, present: 2 },
      [cellKey('1d', 'delivery', 'plan:pro', hour(day(-3)))]: { statements: 1, customers: 1, unhappy: 1, present: 1 },
    },
    documents: metaOf(times),
  });
  await fill(state, 'aggregator', 1, {
    cells: {
      [daily(-3)]: { statements: 6, customers: 4, unhappy: 1, frictionThousandths: 800, present: 6, active: 2 },
      [daily(-1)]: { statements: 3, anonymousStatements: 3, anonymousUnhappy: 1 },
    },
    documents: metaOf({}, logTime - 5 * hourMs),
  });
  return state;
}

describe('windows', () => {
  let server: FastifyInstance;
  beforeAll(async () => {
    server = await serve(await smallState());
  });
  const windows = (query: string) => get<Windows>(server, `/v1/stages/delivery/windows${query}`);

  it('sum over the partitions and leave empty ones out', async () => {
    const { items, next } = windowsSchema.parse(await windows(''));
    expect(next).toBeNull();
    expect(items.map(({ from }) => from.slice(0, 10))).toEqual([date(-3), date(-1), date(0)]);
    expect(items[0]).toEqual({
      stage: 'delivery',
      from: new Date(day(-3)).toISOString(),
      to: new Date(day(-2)).toISOString(),
      statements: 11,
      customers: 8,
      unhappy: 2,
      anonymous: { statements: 0, unhappy: 0 },
      experience: 0.75,
      friction: 0.3,
      belief: null,
      target: 0.9,
      exposed: 16,
      coverage: 0.5,
    });
  });

  it('know no exposure where nobody says who was there, and take anonymous voices where no customer is known', async () => {
    const { items } = await windows('');
    expect(items[2]).toMatchObject({ exposed: null, coverage: null, experience: 0 });
    expect(items[1]).toMatchObject({ customers: 0, experience: 1 - 1 / 3, friction: null });
  });

  const selections: [string, number[]][] = [
    [`?from=${date(-3)}&to=${date(-2)}`, [-3]],
    [`?from=${date(-3)}T23:30:00Z&to=${date(-1)}`, [-3]],
    [`?from=${date(-2)}&to=${date(-1)}T00:00:01Z`, [-1]],
    [`?from=${date(-2)}T02:00:00%2B02:00&to=${date(0)}`, [-1]],
    [`?to=${date(-2)}`, [-3]],
    ['?from=2031-01-01', []],
    ['?from=1970-01-01&to=2199-01-01', [-3, -1, 0]],
  ];
  it.each(selections)('selects whole windows: %s', async (query, days) => {
    const { items } = await windows(query);
    expect(items.map(({ from }) => from.slice(0, 10))).toEqual(days.map(date));
  });

  it('are asked by segment', async () => {
    expect((await windows('?segment=plan:pro')).items).toMatchObject([{ customers: 1, unhappy: 1 }]);
  });

  it('come a page at a time, each once', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: Windows = await windows(`?limit=1${next && `&cursor=${next}`}`);
      seen.push(...page.items.map(({ from }) => from));
      next = page.next;
    }
    expect(seen).toEqual((await windows('')).items.map(({ from }) => from));
  });

  it('of one call are at most ten thousand', async () => {
    const state = openMemoryState();
    const first = day(-500);
    const keys = Array.from({ length: 12_000 }, (_, index) => cellKey('1h', 'delivery', '', hour(first) + index));
    const cells = Object.fromEntries(keys.map((key) => [key, { statements: 1, customers: 1, present: 1 }]));
    await fill(state, 'aggregator', 0, { cells, documents: metaOf({ delivery: { first, last: logTime } }) });
    const long = await serve(state);
    const page = await get<Windows>(long, '/v1/stages/delivery/windows?step=1h&from=2020-01-01');
    expect(page.items).toHaveLength(10_000);
    const rest = await get<Windows>(long, `/v1/stages/delivery/windows?step=1h&from=2020-01-01&cursor=${page.next}`);
    expect(rest.items).toHaveLength(2_000);
  });
});

describe('belief and target of a window', () => {
  const span = (from: number, to: number) => ({
    from: new Date(day(from)).toISOString(),
    to: new Date(day(to)).toISOString(),
  });
  const belief = (what: string, share: number, from: number, to: number) => ({
    source: 'survey',
    subject: `${what} ${share}`,
    version: 0,
    what,
    share,
    ...span(from, to),
  });
  const cases: [string, ReturnType<typeof belief>[], { belief: number | null; target: number | null }][] = [
    ['none: the configured target', [], { belief: null, target: 0.9 }],
    [
      'a KPI before a survey before an SLA',
      [belief('sla', 0.5, -9, 9), belief('mirror-survey', 0.6, -9, 9), belief('kpi', 0.7, -9, 9)],
      { belief: 0.7, target: 0.9 },
    ],
    ['the newest of a kind', [belief('kpi', 0.8, -5, 9), belief('kpi', 0.7, -9, 9)], { belief: 0.8, target: 0.9 }],
    [
      'only what covers the whole window',
      [belief('kpi', 0.8, -2.5, 9), belief('sla', 0.5, -3, -2)],
      { belief: 0.5, target: 0.9 },
    ],
    ['a target event from its start on', [belief('target', 0.97, -3, -3)], { belief: null, target: 0.97 }],
    ['not before it', [belief('target', 0.97, -2.5, 9)], { belief: null, target: 0.9 }],
  ];
  it.each(cases)('%s', async (_, beliefs, expected) => {
    const state = await smallState();
    for (const [partition, part] of [beliefs.slice(0, 1), beliefs.slice(1)].entries()) {
      await fill(state, 'aggregator', partition, { documents: { [beliefKey('delivery')]: { beliefs: part } } });
    }
    const server = await serve(state);
    const url = `/v1/stages/delivery/windows?from=${date(-3)}&to=${date(-2)}`;
    expect((await get<Windows>(server, url)).items).toMatchObject([expected]);
  });
});

describe('stages', () => {
  it('stand in the order of the journey, with what maps nowhere at the end', async () => {
    const { items, logTime: time } = stagesSchema.parse(await get(await serve(await exampleCompany()), '/v1/stages'));
    expect(items.map(({ id }) => id)).toEqual(['discover', 'buy', 'delivery', 'use', 'support', 'renew', 'unknown']);
    expect(items.map(({ state }) => state)).toEqual([
      'watching',
      'watching',
      'open',
      'watching',
      'watching',
      'silent',
      'learning',
    ]);
    expect(time).toBe(new Date(logTime).toISOString());
  });

  it('say how many were unhappy, against the usual, and which gaps were measured', async () => {
    const { items } = await get<Stages>(await serve(await exampleCompany()), '/v1/stages');
    const [discover, buy, delivery, use] = items;
    expect(delivery).toMatchObject({
      direction: 'worse',
      belief: 0.96,
      alert: { before: 0.0604, now: 0.1416 },
    });
    expect(delivery!.usual).toBeCloseTo(0.06, 2);
    expect(delivery!.unhappyInterval![0]).toBeGreaterThan(0.06);
    expect(use!.gaps.total.size).toBeCloseTo(use!.gaps.desire.size! + use!.gaps.knowledge.size!, 12);
    expect(discover!.gaps).toMatchObject({
      knowledge: { state: 'unmeasured', needs: 'belief' },
      total: { state: 'measured' },
    });
    expect(buy!.gaps.desire).toEqual({ state: 'unmeasured', size: null, needs: 'target' });
    expect(delivery!.days.heard).toHaveLength(90);
  });

  it('compare windows with windows: what votes make usual is another measure', async () => {
    const state = await exampleCompany();
    const describe = { state: 'watching', before: 0.01, friction: 0.1, evidence: 1, threshold: 2_260 };
    await fill(state, 'detector', 0, { documents: { [stageKey('support')]: { alert: null, describe } } });
    const { items } = await get<Stages>(await serve(state), '/v1/stages');
    const support = items.find(({ id }) => id === 'support')!;
    expect(support.direction).toBe('steady');
    expect(support.usual).toBeCloseTo(0.11, 2);
    expect(support.gaps.baseline.size).toBeCloseTo(support.unhappyShare! - support.usual!, 12);
  });

  it('take the week before while less than four days of this one are known', async () => {
    const { items } = await get<Stages>(await serve(await exampleCompany()), '/v1/stages');
    expect(items[0]!.now!.from.slice(0, 10)).toBe(date(-7));
  });

  it('are those that the signals name where none are configured', async () => {
    const state = openMemoryState();
    const times = {
      support: { first: 1, last: 2 },
      'after-sales': { first: 1, last: 2 },
      unknown: { first: 1, last: 2 },
    };
    await fill(state, 'aggregator', 1, { documents: metaOf(times) });
    const { items } = await get<Stages>(
      await serve(state, { configuration: configurationSchema.parse({}) }),
      '/v1/stages',
    );
    expect(items.map(({ id, name }) => [id, name])).toEqual([
      ['after-sales', 'After sales'],
      ['support', 'Support'],
      ['unknown', 'Unknown'],
    ]);
  });

  it('come a page at a time where signals name thousands', async () => {
    const state = openMemoryState();
    const ids = Array.from({ length: 1_100 }, (_, index) => `order-${1_000 + index}`);
    const times = Object.fromEntries(ids.map((id) => [id, { first: 1, last: 2 }]));
    await fill(state, 'aggregator', 0, { documents: metaOf(times) });
    const server = await serve(state, { configuration: configurationSchema.parse({}) });
    const pages: string[][] = [];
    for (let url: string | null = '/v1/stages'; url !== null; ) {
      const { items, next }: Stages = await get<Stages>(server, url);
      pages.push(items.map(({ id }) => id));
      url = next === null ? null : `/v1/stages?cursor=${next}`;
    }
    expect(pages.map(({ length }) => length)).toEqual([500, 500, 100]);
    expect(pages.flat()).toEqual(ids);
    const nowhere = Buffer.from('["order-0"]').toString('base64url');
    expect((await server.inject({ url: `/v1/stages?cursor=${nowhere}` })).statusCode).toBe(400);
    expect((await get<Stages>(server, '/v1/stages?limit=2')).items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  });

  it('end where a played past ends, though the log goes on', async () => {
    const state = openMemoryState();
    const last = Date.UTC(2024, 1, 10, 12);
    const cells = {
      [cellKey('1d', 'delivery', '', hour(Date.UTC(2024, 1, 10)))]: { statements: 1, customers: 1, present: 1 },
    };
    await fill(state, 'aggregator', 0, { cells, documents: metaOf({ delivery: { first: last, last } }) });
    const server = await serve(state);
    const { until, items } = await get<Stages>(server, '/v1/stages');
    expect(until).toBe('2024-02-11T00:00:00.000Z');
    expect(items[2]!.days.heard.at(-1)).toBe(1);
    expect((await get<Windows>(server, '/v1/stages/delivery/windows')).items).toHaveLength(1);
  });

  it('say what is so in an empty state', async () => {
    const { items, logTime: time, until } = await get<Stages>(await serve(openMemoryState()), '/v1/stages');
    expect([time, until]).toEqual([null, null]);
    expect(items[0]).toMatchObject({ state: 'silent', now: null, heard: 0, unhappyShare: null, direction: null });
  });

  it('change as soon as the state does', async () => {
    const state = await smallState();
    const server = await serve(state);
    const read = async () => (await get<Stages>(server, '/v1/stages')).items[2]!;
    expect((await read()).state).toBe('learning');
    const describe = { state: 'learning', until: hour(newestDay) };
    await fill(state, 'detector', 0, { documents: { [stageKey('delivery')]: { describe, alert: null } } });
    expect((await read()).learningUntil).toBe(new Date(newestDay).toISOString());
  });
});

describe('alerts', () => {
  const opened = (id: string, days: number, over = {}) =>
    alertRecord({ id, openedAt: new Date(day(days)).toISOString(), ...over });
  async function withAlerts(): Promise<FastifyInstance> {
    const state = openMemoryState();
    const records = [
      opened('a', -9),
      opened('b', -3),
      opened('c', -3, { state: 'closed', stage: 'use' }),
      opened('d', -1, { reversed: true }),
      opened('e', -5),
    ];
    const documents = Object.fromEntries(records.map((record) => [`alert|${record.id}`, { record, history: [] }]));
    await fill(state, 'detector', 0, { documents });
    return serve(state);
  }
  const asked: [string, string][] = [
    ['', 'bcea'],
    ['?state=open', 'bea'],
    ['?state=closed', 'c'],
    ['?stage=use', 'c'],
    ['?stage=nowhere', ''],
    ['?reversed=true', 'dbcea'],
    ['?reversed=false', 'bcea'],
  ];
  it.each(asked)('newest first: %s', async (query, ids) => {
    const { items } = await get<Alerts>(await withAlerts(), `/v1/alerts${query}`);
    expect(items.map(({ id }) => id).join('')).toBe(ids);
  });

  it('come a page at a time, each once', async () => {
    const server = await withAlerts();
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: Alerts = await get<Alerts>(server, `/v1/alerts?limit=1${next && `&cursor=${next}`}`);
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(seen.join('')).toBe('bcea');
  });

  it('one has its history and the name of its stage, and nothing of its place in the log', async () => {
    const server = await serve(await exampleCompany());
    const body = await get<Record<string, unknown>>(server, `/v1/alerts/${alertRecord().id}`);
    const alert = alertSchema.parse(body);
    expect(alert).toMatchObject({ stageName: 'Delivery', owner: 'logistics', size: 0.0812, before: 0.0604 });
    expect(alert.history.map(({ event }) => event)).toEqual(['opened', 'updated', 'updated']);
    expect(body).not.toHaveProperty('origin');
  });
});

describe('sources', () => {
  it('give names and counts, never settings', async () => {
    const settings = { id: 'desk', type: 'canonical', secret: 'whsec_never-shown' };
    const sourceCounts = async () =>
      new Map([['desk', { accepted: 7, rejected: 1, lastAt: '2026-11-23T09:00:00.000Z', customers: [1, 2] }]]);
    const withSecret = { ...configuration, sources: [settings, { id: 'csv', type: 'csv', topic: 'theirs' }] };
    const server = await serve(openMemoryState(), { configuration: withSecret, sourceCounts });
    expect(sourcesSchema.parse(await get(server, '/v1/sources')).items).toEqual([
      {
        id: 'desk',
        type: 'canonical',
        topic: 'raw.desk',
        accepted: 7,
        rejected: 1,
        lastAt: '2026-11-23T09:00:00.000Z',
        joined: null,
        hint: null,
      },
      {
        id: 'csv',
        type: 'csv',
        topic: 'theirs',
        accepted: null,
        rejected: null,
        lastAt: null,
        joined: null,
        hint: null,
      },
    ]);
    expect((await server.inject({ url: '/v1/sources' })).body).not.toContain('whsec');
  });

  it('say how many customers they share, and what to do where nearly none', async () => {
    const from = (first: number) => Array.from({ length: 40 }, (_, index) => first + index);
    const given = (customers: number[]) => ({ accepted: 1, rejected: 0, lastAt: null, customers });
    const sourceCounts = async () =>
      new Map([
        ['desk', given(from(0))],
        ['shop', given(from(30))],
        ['app', given(from(900))],
      ]);
    const sources = ['desk', 'shop', 'app'].map((id) => ({ id, type: 'canonical' }));
    const server = await serve(openMemoryState(), { configuration: { ...configuration, sources }, sourceCounts });
    expect(sourcesSchema.parse(await get(server, '/v1/sources')).items).toMatchObject([
      { id: 'desk', joined: 0.25, hint: null },
      { id: 'shop', joined: 0.25, hint: null },
      { id: 'app', joined: 0, hint: expect.stringContaining('as: email') },
    ]);
  });
});

describe('health', () => {
  it('answers while all is well, with the checks when asked', async () => {
    const server = await serve(openMemoryState());
    expect(await get(server, '/livez')).toEqual({ status: 'pass' });
    expect(await get(server, '/readyz')).toEqual({ status: 'pass' });
    expect(await get(server, '/readyz?verbose')).toEqual({ status: 'pass', checks: [{ name: 'state', ok: true }] });
  });

  it('says what is missing', async () => {
    const health = { live: () => false, ready: async () => [{ name: 'log', ok: false, detail: 'behind' }] };
    const server = await serve(openMemoryState(), { health });
    expect((await server.inject({ url: '/livez' })).statusCode).toBe(503);
    const response = await server.inject({ url: '/readyz' });
    expect(response.headers['retry-after']).toBe('5');
    expect(response.json()).toMatchObject({ status: 503, errors: [{ path: 'log', message: 'behind' }] });
  });

  it('has metrics as they are', async () => {
    const response = await (await serve(openMemoryState())).inject({ url: '/metrics' });
    expect([response.headers['content-type'], response.body]).toEqual([
      'text/plain; version=0.0.4; charset=utf-8',
      'gapwatch_up 1\n',
    ]);
  });
});

describe('problems', () => {
  const windows = '/v1/stages/delivery/windows';
  const cases: [string, number, string][] = [
    [`${windows}?step=2h`, 400, 'step: one of 1h, 1d, 7d'],
    [`${windows}?from=yesterday`, 400, 'from: write a date'],
    [`${windows}?from=2026-02-30`, 400, 'from: write a date'],
    [`${windows}?from=2026-11-03&to=2026-11-03`, 400, 'from: must lie before `to`'],
    [`${windows}?stpe=1d`, 400, 'stpe: no such parameter; there are from, to, step'],
    [`${windows}?step=1d&step=1h`, 400, 'step: '],
    [`${windows}?segment=pro`, 400, 'segment: write dimension:value'],
    [`${windows}?segment=country:de`, 400, 'segment: this dimension is not watched, watched are plan'],
    [`${windows}?limit=0`, 400, 'limit: write a whole number from 1 to 10000'],
    [`${windows}?cursor=nonsense`, 400, 'cursor: take `next`'],
    ['/v1/alerts?cursor=W10', 400, 'cursor: take `next`'],
    ['/v1/alerts?state=broken&limit=x', 400, 'state: open or closed; limit: write'],
    ['/v1/stages?all', 400, 'all: no such parameter; there are limit, cursor'],
    ['/v1/sources?all', 400, 'all: no such parameter; it takes none'],
    ['/v1/stages/nowhere/windows', 404, 'There is no such stage'],
    ['/v1/stages/__proto__/windows', 404, 'There is no such stage'],
    ['/v1/alerts/nothing', 404, 'There is no such alert'],
    ['/v1/nothing', 404, '/openapi.json'],
    ['/nothing', 404, '/openapi.json'],
    ['/assets/..%2Findex.html', 404, 'no such file'],
    ['/v1/alerts/%E0%A4%A', 400, 'escape'],
    [`/v1/alerts/${'x'.repeat(600)}`, 414, 'too long'],
  ];
  it.each(cases)('%s is %i', async (url, status, detail) => {
    const response = await (await serve(await smallState())).inject({ url });
    expect(response.statusCode, response.body).toBe(status);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = problemSchema.parse(response.json());
    expect(problem.status).toBe(status);
    expect(problem.detail).toContain(detail);
  });

  it('name the methods that an address answers to', async () => {
    const response = await (await serve(openMemoryState())).inject({ method: 'DELETE', url: '/v1/alerts/7' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, HEAD']);
    problemSchema.parse(response.json());
  });

  it('say nothing of a failure but its id, which the log has too', async () => {
    const failures: unknown[] = [];
    const broken = openMemoryState();
    const failing = { ...broken, partition: () => failingPartition() };
    const server = await serve(failing, { failures });
    for (const url of ['/v1/stages', '/v1/stages/delivery/windows', '/v1/alerts', '/v1/alerts/7']) {
      const response = await server.inject({ url });
      expect(response.statusCode).toBe(500);
      expect(problemSchema.parse(response.json()).code).toBe('failed');
      expect(response.body).not.toMatch(/secret|\.ts|at /);
    }
    expect(failures.map(String)).toEqual(Array(4).fill('Error: secret /path at redis'));
  });
});

function failingPartition(): ReturnType<StateStore['partition']> {
  const fail = () => Promise.reject(new Error('secret /path at redis'));
  return {
    position: fail,
    documents: fail,
    due: fail,
    cells: fail,
    apply: fail,
    scan: async function* () {
      yield await fail();
    },
    scanCells: async function* () {
      yield await fail();
    },
  };
}
