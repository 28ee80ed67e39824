import { findToken, parseTokens, roles } from '@gapwatch/runtime';
import { openMemoryState } from '@gapwatch/storage';
import { describe, expect, it } from 'vitest';
import { alertRecord, exampleCompany, logTime } from './company.fixture.ts';
import { serve } from './server.fixture.ts';

const secrets = Object.fromEntries(
  roles.map((role, index) => [role, `${index}${index}${index}${index}a1b2c3d4e5f60718293a4b5c6d7e`]),
) as Record<(typeof roles)[number], string>;
const text = roles.map((role) => `${role}:${secrets[role]}`).join(',');
const tokens = { current: () => parseTokens(text) };

type Row = Record<'none' | 'wrong' | (typeof roles)[number], number>;
const readers: Row = { none: 401, wrong: 401, read: 200, operate: 200, ingest: 403, admin: 200 };
const operators: Row = { none: 401, wrong: 401, read: 403, operate: 202, ingest: 403, admin: 202 };
const all: Row = { none: 200, wrong: 200, read: 200, operate: 200, ingest: 200, admin: 200 };

/** Every address of the OpenAPI document has a row here; one without fails the test. */
const matrix: Record<string, Row> = {
  'get /v1/stages': readers,
  'get /v1/stages/{id}/windows': readers,
  'get /v1/alerts': readers,
  'get /v1/alerts/{id}': readers,
  'get /v1/alerts/{id}/customers': { ...operators, operate: 200, admin: 200 },
  'post /v1/alerts/{id}/acknowledge': operators,
  'post /v1/alerts/{id}/snooze': operators,
  'post /v1/alerts/{id}/assign': operators,
  'post /v1/alerts/{id}/fix': operators,
  'post /v1/alerts/{id}/verdict': operators,
  'post /v1/alerts/{id}/accept': operators,
  'get /v1/notes': readers,
  'post /v1/notes': operators,
  'get /v1/dead-letters': { ...operators, operate: 200, admin: 200 },
  'post /v1/dead-letters/replay': operators,
  'get /v1/sources': readers,
  'get /livez': all,
  'get /readyz': all,
};

function addressOf(path: string): string {
  return path.replace('{id}', path.startsWith('/v1/stages') ? 'delivery' : alertRecord().id);
}

/** Bodies that are taken, of the addresses that need one. */
const bodies: Record<string, object> = {
  snooze: { until: new Date(logTime + 86_400_000).toISOString() },
  assign: { to: 'logistics' },
  fix: { text: 'another courier' },
  verdict: { value: 'useful' },
  replay: { all: true },
  notes: { text: 'new courier' },
};

function authorization(who: keyof Row) {
  if (who === 'none') return {};
  return { authorization: `Bearer ${who === 'wrong' ? 'ffff0000'.repeat(4) : secrets[who]}` };
}

describe('with tokens', () => {
  it('each address answers each role as its row says', async () => {
    const server = await serve(await exampleCompany(), { tokens });
    const document = (await server.inject({ url: '/openapi.json' })).json<{ paths: Record<string, object> }>();
    const addresses = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(addresses.sort()).toEqual(Object.keys(matrix).sort());
    for (const [address, row] of Object.entries(matrix)) {
      const [method = '', path = ''] = address.split(' ');
      const payload = method === 'post' ? (bodies[path.split('/').at(-1)!] ?? {}) : undefined;
      for (const who of Object.keys(row) as (keyof Row)[]) {
        const response = await server.inject({
          method: method === 'post' ? 'POST' : 'GET',
          url: addressOf(path),
          headers: authorization(who),
          ...(payload !== undefined && { payload }),
        });
        expect([address, who, response.statusCode]).toEqual([address, who, row[who]]);
      }
    }
  });

  it('strangers do not learn what exists, and are told how to ask', async () => {
    const server = await serve(openMemoryState(), { tokens });
    const response = await server.inject({ url: '/v1/nothing' });
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([401, 'Bearer realm="gapwatch"']);
    expect((await server.inject({ url: '/v1/nothing', headers: authorization('read') })).statusCode).toBe(404);
  });

  it('an address that names no access is for admin alone', async () => {
    const server = await serve(openMemoryState(), { tokens });
    server.get('/v1/forgotten', async () => 'x');
    const status = async (who: keyof Row) =>
      (await server.inject({ url: '/v1/forgotten', headers: authorization(who) })).statusCode;
    expect([await status('none'), await status('operate'), await status('admin')]).toEqual([401, 403, 200]);
  });

  it('a foreign host name is no matter: the token decides', async () => {
    const server = await serve(openMemoryState(), { tokens });
    const headers = { ...authorization('read'), host: 'gapwatch.example' };
    expect((await server.inject({ url: '/v1/alerts', headers })).statusCode).toBe(200);
  });
});

describe('without tokens, on loopback', () => {
  const cases: [string, 'GET' | 'POST', Record<string, string>, number][] = [
    ['a program', 'GET', {}, 200],
    ['localhost', 'GET', { host: 'localhost:8080' }, 200],
    ['IPv6', 'GET', { host: '[::1]:8080' }, 200],
    [
      'its own page',
      'GET',
      { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-origin' },
      200,
    ],
    ['a name that resolves here', 'GET', { host: 'evil.example' }, 421],
    ['a name that looks alike', 'GET', { host: 'localhost.evil.example:8080' }, 421],
    ['an address that looks alike', 'GET', { host: '127.0.0.1.evil.example' }, 421],
    ['a page elsewhere', 'GET', { host: 'localhost:8080', origin: 'https://evil.example' }, 403],
    ['a page on another port', 'GET', { host: 'localhost:8080', origin: 'http://localhost:3000' }, 403],
    ['a page without an origin', 'GET', { host: 'localhost:8080', origin: 'null' }, 403],
    ['a form of another site', 'POST', { host: 'localhost:8080', 'sec-fetch-site': 'cross-site' }, 403],
    ['a link of another site', 'GET', { host: 'localhost:8080', 'sec-fetch-site': 'cross-site' }, 200],
  ];
  it.each(cases)('%s: %s', async (_, method, headers, status) => {
    const server = await serve(openMemoryState());
    server.post('/v1/echo', { config: { access: 'signature' } }, async () => 'x');
    const response = await server.inject({
      method,
      url: method === 'POST' ? '/v1/echo' : '/v1/alerts',
      headers: { host: 'localhost', ...headers },
    });
    expect(response.statusCode).toBe(status);
  });
});

describe('headers', () => {
  const addresses = [
    '/%E0%A4%A',
    '/',
    '/assets/none.js',
    '/v1/stages',
    '/v1/nothing',
    '/v1/alerts?state=x',
    '/openapi.json',
    '/metrics',
    '/livez',
    '/nothing',
  ];
  it.each(addresses)('of %s keep strangers out', async (url) => {
    for (const [tls, transport] of [
      [false, undefined],
      [true, 'max-age=63072000; includeSubDomains'],
    ] as const) {
      const { headers } = await (await serve(openMemoryState(), { tls })).inject({ url });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['strict-transport-security']).toBe(transport);
    }
  });
});

describe('the OpenAPI document', () => {
  it('is of version 3.1, with each query parameter and each answer', async () => {
    const server = await serve(openMemoryState(), { otherPaths: { '/v1/sources/{id}/events': { post: {} } } });
    const document = (await server.inject({ url: '/openapi.json' })).json();
    expect(document.openapi).toBe('3.1.0');
    const { get } = document.paths['/v1/stages/{id}/windows'];
    expect(get.parameters.map(({ name }: { name: string }) => name)).toEqual([
      'id',
      'from',
      'to',
      'step',
      'segment',
      'limit',
      'cursor',
    ]);
    expect(Object.keys(get.responses)).toEqual(['200', '400', '401', '403', '404', '421', '500']);
    expect(get.responses[200].content['application/json'].schema.properties.items.items.required).toContain('coverage');
    expect(document.paths).toHaveProperty('/v1/sources/{id}/events');
  });

  it('of all roles only the right secret is found', () => {
    expect(findToken(secrets.operate, parseTokens(text))).toMatchObject({ role: 'operate', name: null });
    expect(findToken('', parseTokens(text))).toBeNull();
  });
});
