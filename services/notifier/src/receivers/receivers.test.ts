// One suite for all receivers: each tells every kind of news, lets no secret out, and those that are reached by HTTP
// take the whole table of statuses alike.
import { configurationSchema } from '@gapwatch/contracts';
import { newsKinds, sampleAlert } from '@gapwatch/core';
import { EnvironmentError, secretName } from '@gapwatch/runtime';
import { describe, expect, it } from 'vitest';
import { startAnswering } from './answering.fixture.ts';
import type { Answer, Message, ReceiverType } from './define.ts';
import { createReceivers, receiverSchemas, receiverTypeSchemas, receiverTypes } from './registry.ts';

const nowMs = Date.UTC(2026, 2, 4, 6);
const stages = [{ id: 'delivery', name: 'Delivery', owner: 'logistics' }];
const never = new AbortController().signal;

function messageOf(news: Message['news']): Message {
  const alert =
    news === 'closed' ? { ...sampleAlert, event: 'closed' as const, outcome: 'closed' as const } : sampleAlert;
  return { id: 'msg_1', news, alert, at: alert.at };
}

/** The receiver of the sample as a configuration names it, and all that the terminal was given. */
function open({ type, sample }: ReceiverType, address: string, secret = sample.secret) {
  const written: string[] = [];
  const receivers = [{ id: 'on-call', type, ...(sample.settings(address) as object) }];
  const environment = secret === null ? {} : { [secretName('RECEIVER', 'on-call')]: secret };
  const write = (line: string) => written.push(line);
  const created = createReceivers({
    configuration: { stages },
    receivers,
    environment,
    clock: { now: () => nowMs },
    write,
  });
  return { receiver: created.find(({ id }) => id === 'on-call')!, written };
}

const all = [...receiverTypes.values()].map((receiver) => [receiver.type, receiver] as const);

describe.each(all)('receiver %s', (type, receiverType) => {
  it('is listed under its type, says what it is, and has a schema that its sample fits', async () => {
    expect(receiverTypes.get(type)).toBe(receiverType);
    expect(receiverType.title).toMatch(/^\S.{10,}/);
    const configuration = configurationSchema.parse({
      receivers: [
        {
          id: 'on-call',
          type,
          stages: ['delivery'],
          ...(receiverType.sample.settings('http://127.0.0.1:9') as object),
        },
      ],
    });
    const [own] = receiverSchemas(configuration);
    expect(own?.schema.parse(configuration.receivers?.[0])).toMatchObject({ id: 'on-call', stages: ['delivery'] });
    expect(receiverTypeSchemas().map((each) => Object.keys(each.shape))).toContainEqual(
      expect.arrayContaining(['id', 'type', 'stages', ...Object.keys(receiverType.settings.shape)]),
    );
  });

  it.each([...newsKinds, 'test'] as const)('tells what is %s, in words with the name of the stage', async (news) => {
    const other = await startAnswering();
    const { receiver, written } = open(receiverType, other.address);
    expect(await receiver.send(messageOf(news), never)).toMatchObject({ outcome: 'delivered' });
    const told = [...written, ...other.received.map(({ body }) => body)].join('\n');
    expect(told).toContain(news === 'test' ? 'This is a test' : 'Delivery');
  });

  it('lets no secret out, whatever comes back', async () => {
    const other = await startAnswering();
    const { receiver, written } = open(receiverType, other.address);
    const answers: Answer[] = [];
    for (const status of [200, 301, 400, 401, 410, 429, 500]) {
      other.answer = (response) => response.writeHead(status, { location: `${other.address}/elsewhere` }).end('no');
      answers.push(await receiver.send(messageOf('opened'), never));
    }
    other.answer = (response) => response.destroy();
    answers.push(await receiver.send(messageOf('opened'), never));
    const said = JSON.stringify([answers, written, receiver, other.received]);
    const { secret } = receiverType.sample;
    for (const part of secret === null ? [] : [secret, secret.replace('whsec_', '')]) expect(said).not.toContain(part);
    // a URL may hold a key: it is sent to, and said to nobody
    expect(JSON.stringify([answers, written, receiver])).not.toContain('a-secret-of-the-url');
  });
});

const secretive = all.filter(([, { sample }]) => sample.secret !== null);

describe.each(secretive)('the secret of receiver %s', (_, receiverType) => {
  const refused = (secret: string | null) => () => open(receiverType, 'http://127.0.0.1:9', secret);

  it('is needed at the start, by the name of its variable', () => {
    expect(refused(null)).toThrow(EnvironmentError);
    expect(refused(null)).toThrow('GAPWATCH_RECEIVER_ON_CALL_SECRET is not set');
  });

  it('that is malformed is refused by the name of its variable and not repeated', () => {
    expect(refused('guess-me-if-you-can')).toThrow(/^GAPWATCH_RECEIVER_ON_CALL_SECRET: /);
    expect(refused('guess-me-if-you-can')).not.toThrow('guess-me');
  });
});

const http = all.filter(([, { isHttp }]) => isHttp);

describe.each(http)('an answer to receiver %s', (_, receiverType) => {
  const statuses: Record<Answer['outcome'], number[]> = {
    delivered: [200, 201, 202, 204, 299],
    failed: [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 451, 499],
    gone: [410],
    later: [429, 500, 501, 502, 503, 504, 520, 599],
  };
  const table = Object.entries(statuses).flatMap(([outcome, list]) => list.map((status) => [status, outcome] as const));

  it.each(table)('%i is %s', async (status, outcome) => {
    const other = await startAnswering();
    other.answer = (response) => response.writeHead(status, { location: `${other.address}/elsewhere` }).end();
    const answer = await open(receiverType, other.address).receiver.send(messageOf('opened'), never);
    expect(answer).toMatchObject({ outcome, detail: `answered ${status}` });
    if (outcome !== 'delivered') expect(answer).toMatchObject({ reason: `status-${status}` });
    expect(other.received).toHaveLength(1);
  });

  const retryAfter: [string | undefined, number | null][] = [
    ['7', 7_000],
    [new Date(nowMs + 90_000).toUTCString(), 90_000],
    [new Date(nowMs - 90_000).toUTCString(), 0],
    ['999999999', 86_400_000],
    ['soon', null],
    [undefined, null],
  ];
  it.each(retryAfter)('with Retry-After %s is waited for %s ms', async (header, retryAfterMs) => {
    const other = await startAnswering();
    other.answer = (response) => response.writeHead(429, header === undefined ? {} : { 'retry-after': header }).end();
    const answer = await open(receiverType, other.address).receiver.send(messageOf('opened'), never);
    expect(answer).toMatchObject({ outcome: 'later', retryAfterMs });
  });

  it('that never comes is waited for until the process ends', async () => {
    const other = await startAnswering();
    const ending = new AbortController();
    other.answer = () => ending.abort();
    const answer = await open(receiverType, other.address).receiver.send(messageOf('opened'), ending.signal);
    expect(answer).toMatchObject({ outcome: 'later' });
  });
});
