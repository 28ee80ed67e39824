import { type Command, commandSchema, type Output, schemaVersions } from '@gapwatch/contracts';
import { parseTokens } from '@gapwatch/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { alertRecord, exampleCompany, logTime } from './company.fixture.ts';
import type { Alert } from './schemas.ts';
import { serve } from './server.fixture.ts';

const { id, sequence } = alertRecord();
const monday = new Date(logTime + 7 * 86_400_000).toISOString();
const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
let state: Awaited<ReturnType<typeof exampleCompany>>;
beforeAll(async () => {
  state = await exampleCompany();
});

async function post(path: string, payload?: object | string, options: Parameters<typeof serve>[1] = {}, headers = {}) {
  const taken: Output[] = [];
  const append = async (outputs: readonly Output[]) => taken.push(...outputs);
  const server = await serve(state, { append, ...options });
  const response = await server.inject({
    method: 'POST',
    url: path,
    headers: { host: 'localhost', ...headers },
    ...(payload !== undefined && { payload }),
  });
  return { response, taken };
}

describe('a command', () => {
  const good: [Command['action'], object | undefined, Command['details']][] = [
    ['acknowledge', undefined, undefined],
    ['acknowledge', {}, undefined],
    ['snooze', { until: monday.replace('Z', '+00:00') }, { until: monday }],
    ['assign', { to: 'logistics' }, { to: 'logistics' }],
    ['fix', { text: 'another courier; anna@example.com knows' }, { text: 'another courier; <email> knows' }],
    ['verdict', { value: 'false-alarm' }, { value: 'false-alarm' }],
    ['accept', {}, undefined],
  ];
  it.each(good)('%s %j is one record of commands', async (action, body, details) => {
    const { response, taken } = await post(`/v1/alerts/${id}/${action}`, body);
    expect(response.statusCode, response.body).toBe(202);
    const [output] = taken;
    const record = commandSchema.parse(JSON.parse(String(output?.value)));
    expect(output).toMatchObject({ topic: 'commands', partition: 0, headers: { schema: schemaVersions.commands } });
    expect(record).toMatchObject({ alert: id, sequence, action, by: 'local', at: new Date(logTime).toISOString() });
    expect(record.details).toEqual(details);
    expect(response.json()).toEqual({ id: record.id, alert: id, sequence });
  });

  it('names the transition that its sender saw', async () => {
    const { taken } = await post(`/v1/alerts/${id}/acknowledge`, { sequence: 1 });
    expect(JSON.parse(String(taken[0]?.value)).sequence).toBe(1);
  });

  const tokens = (text: string) => ({ tokens: { current: () => parseTokens(text) } });
  it.each([
    [`desk=operate:${secret}`, 'desk'],
    [`operate:${secret}`, 'operate'],
  ])('of the token %s is by %s', async (text, by) => {
    const headers = { authorization: `Bearer ${secret}` };
    const { taken } = await post(`/v1/alerts/${id}/acknowledge`, {}, tokens(text), headers);
    expect(JSON.parse(String(taken[0]?.value)).by).toBe(by);
  });

  const bad: [string, object | string, number, string][] = [
    ['snooze', {}, 400, 'until'],
    ['snooze', { until: '2001-01-01T00:00:00Z' }, 400, 'it is past'],
    ['snooze', { until: '2099-01-01T00:00:00Z' }, 400, 'at most 366 days'],
    ['snooze', { until: 'monday' }, 400, 'write a time with its offset'],
    ['assign', { to: '' }, 400, 'to: write something'],
    ['assign', { too: 'x' }, 400, 'too: no such field; there are to, sequence'],
    ['fix', { text: 'x'.repeat(2_001) }, 400, 'at most 2000 characters'],
    ['verdict', { value: 'maybe' }, 400, 'one of useful, false-alarm, known'],
    ['acknowledge', { sequence: sequence + 1 }, 400, `the alert has come to ${sequence}`],
    ['acknowledge', { sequence: 0.5 }, 400, 'sequence: write a whole number'],
    ['acknowledge', [], 400, 'expected object'],
    ['acknowledge', 'sequence=1', 415, 'application/json'],
  ];
  it.each(bad)('%s %j is refused, and nothing is written', async (action, body, status, detail) => {
    const { response, taken } = await post(`/v1/alerts/${id}/${action}`, body);
    expect([response.statusCode, taken]).toEqual([status, []]);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json().detail).toContain(detail);
  });

  it('on an alert that is none is 404', async () => {
    const { response, taken } = await post('/v1/alerts/none/acknowledge', {});
    expect([response.statusCode, response.json().code, taken]).toEqual([404, 'no-alert', []]);
  });

  it('that the log cannot take is 503, says when to come again and nothing of the cause', async () => {
    const append = () => Promise.reject(new Error('disk /var/secret is full'));
    const failures: unknown[] = [];
    const { response } = await post(`/v1/alerts/${id}/acknowledge`, {}, { append, failures });
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
    expect(response.body).not.toContain('secret');
    expect((failures[0] as Error).cause).toMatchObject({ message: 'disk /var/secret is full' });
  });

  it('of a page elsewhere is refused, whatever it sends', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const { response, taken } = await post(`/v1/alerts/${id}/acknowledge`, {}, {}, headers);
    expect([response.statusCode, taken]).toEqual([403, []]);
  });
});

describe('an alert', () => {
  it('says what people did, and by whom', async () => {
    const server = await serve(state);
    const alert = (await server.inject({ url: `/v1/alerts/${id}` })).json() as Alert;
    expect(alert.people?.acknowledged?.by).toBe('anna');
    expect(alert.history.at(-1)).toMatchObject({
      reason: 'acknowledged',
      command: { action: 'acknowledge', by: 'anna' },
    });
  });
});
