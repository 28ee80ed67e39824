import { alertKey, type IssueDocument, issueKey } from '@gapwatch/core';
import { openMemoryState, type StateStore } from '@gapwatch/storage';
import { beforeAll, describe, expect, it } from 'vitest';
import { alertRecord, fill, newestDay } from './company.fixture.ts';
import { type Customers, customersSchema } from './concerned.ts';
import { serve } from './server.fixture.ts';

const alert = alertRecord();

function issue(customer: string, contacts: number, more: Partial<IssueDocument> = {}): Record<string, IssueDocument> {
  const { stage = 'delivery' } = more;
  const document: IssueDocument = {
    stage,
    customer,
    since: newestDay,
    lastAt: newestDay + 1,
    contacts,
    reasons: ['no-reply'],
    threads: ['desk|1'],
    segments: ['plan:pro'],
    ...more,
  };
  return { [issueKey(stage, customer)]: document };
}

async function company(): Promise<StateStore> {
  const state = openMemoryState();
  const documents = {
    ...issue('ann', 2),
    ...issue('=cmd|x', 2, { segments: [], url: 'https://desk.example/?a,b' }),
    ...issue('elsewhere', 9, { stage: 'delivery|other' }),
  };
  await fill(state, 'aggregator', 0, { documents });
  await fill(state, 'aggregator', 1, {
    documents: { ...issue('bob', 5, { claimedAt: newestDay + 2 }), ...issue('eve', 3) },
  });
  const other = alertRecord({ id: 'pro', segment: 'plan:pro' });
  const alerts = [alert, other].map((record) => [alertKey(record.id), { record, strongest: record, history: [] }]);
  await fill(state, 'detector', 0, { documents: Object.fromEntries(alerts) });
  return state;
}

describe('the customers of an alert', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve(await company());
  });
  const ask = (query = '', id = alert.id, headers = {}) =>
    server.inject({ url: `/v1/alerts/${id}/customers${query}`, headers });

  it('come with open issues first, and the most contacts first', async () => {
    const { items, next } = customersSchema.parse((await ask()).json());
    expect(items.map(({ customer, issue: state }) => [customer, state])).toEqual([
      ['eve', 'open'],
      ['=cmd|x', 'open'],
      ['ann', 'open'],
      ['bob', 'claimed'],
    ]);
    expect(items[2]).toMatchObject({ segment: { plan: 'pro' }, reasons: ['no-reply'], contacts: 2, url: null });
    expect(next).toBeNull();
  });

  it('are those of its segment', async () => {
    const { items } = (await ask('', 'pro')).json() as Customers;
    expect(items.map(({ customer }) => customer)).toEqual(['eve', 'ann', 'bob']);
  });

  it('come a page at a time, each once', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, next } = (await ask(`?limit=1${cursor}`)).json() as Customers;
      seen.push(...items.map(({ customer }) => customer));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual(['eve', '=cmd|x', 'ann', 'bob']);
  });

  it.each([
    ['asked by name', '?format=csv', {}],
    ['accepted only', '', { accept: 'text/csv' }],
  ])('are a table where it is %s, with nothing that a spreadsheet would run', async (_, query, headers) => {
    const { headers: got, body } = await ask(query, alert.id, headers);
    expect(got['content-type']).toBe('text/csv; charset=utf-8');
    const lines = body.split('\r\n');
    expect(lines[0]).toBe('customer,segment,issue,reasons,since,lastAt,contacts,claimedAt,threads,url');
    expect(lines[2]).toMatch(/^'=cmd\|x,,open,no-reply,.*,2,,desk\|1,"https:\/\/desk\.example\/\?a,b"$/);
  });

  it('name the next page of a table in a header', async () => {
    const { headers } = await ask('?format=csv&limit=3');
    const [, next] = /^<(\?[^>]+)>; rel="next"$/.exec(String(headers.link)) ?? [];
    expect((await ask(next)).body.split('\r\n')[1]).toMatch(/^bob,plan:pro,claimed,/);
  });

  it.each([
    ['no such alert', '', 'none', 404],
    ['a format that is none', '?format=xml', alert.id, 400],
    ['a cursor of its own making', '?cursor=x', alert.id, 400],
  ])('are refused with %s', async (_, query, id, status) => {
    expect((await ask(query, id)).statusCode).toBe(status);
  });
});
