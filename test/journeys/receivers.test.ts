// From an alert to a webhook of one's own: what it gets from a running process, when that is killed, and when it is the
// one that does not answer.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Delivery, schemaVersions, topicNames } from '@gapwatch/contracts';
import { sampleAlert } from '@gapwatch/core';
import { namespace } from '@gapwatch/notifier';
import { systemClock } from '@gapwatch/runtime';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../services/local/src/running/directory.ts';
import { type Answering, startAnswering } from '../../services/notifier/src/receivers/answering.fixture.ts';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const environment = { GAPWATCH_RECEIVER_ON_CALL_SECRET: secret };

function configurationFor({ address }: Answering, more = ''): string {
  const file = join(temporaryFolder(), 'gapwatch.yaml');
  writeFileSync(
    file,
    `stages: [{ id: delivery, name: Delivery, owner: logistics }]
receivers: [{ id: on-call, type: webhook, url: '${address}/hook', allow: [127.0.0.1] ${more} }]
`,
  );
  return file;
}

/** A running start whose log the test can write alerts into. */
async function startFor(other: Answering, folder = join(temporaryFolder(), 'data'), config = configurationFor(other)) {
  const child = spawnGapwatch(['start', '--data-dir', folder, '--config', config], environment);
  const address = await readyAddress(child);
  return { child, address, folder, config };
}

async function withDirectory<T>(folder: string, work: (directory: ReturnType<typeof openDirectory>) => Promise<T>) {
  const directory = openDirectory(folder, systemClock);
  try {
    return await work(directory);
  } finally {
    await directory.close();
  }
}

/** Appends to `alerts` and does not wait. `inMs`: how far from now log time is. */
function append(folder: string, content: object, inMs = 0): Promise<unknown> {
  const value = JSON.stringify(content);
  const headers = { schema: schemaVersions.alerts };
  const time = Date.now() + inMs;
  return withDirectory(folder, ({ log }) =>
    log.append([{ topic: topicNames.alerts, key: null, partition: 0, value, headers, time }]),
  );
}

const openAlert = (folder: string) => append(folder, { ...sampleAlert, at: new Date().toISOString() });

async function tick(folder: string, inMs: number): Promise<void> {
  await append(folder, { type: 'tick', at: new Date(Date.now() + inMs).toISOString() }, inMs);
  await withDirectory(folder, async ({ log, state }) => {
    const { high } = await log.marks(topicNames.alerts, 0);
    await expect.poll(() => state.partition(namespace, 0).position(), { timeout: 20_000 }).toBeGreaterThanOrEqual(high);
  });
}

function deliveriesOf(folder: string): Promise<string[]> {
  return withDirectory(folder, async ({ log }) => {
    const { records } = await log.read(topicNames.deliveries, 0, 0, 1_000);
    const deliveries = records.map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as Delivery);
    const own = deliveries.filter(({ receiver }) => receiver === 'on-call');
    return own.map(({ outcome, reason }) => `${outcome}(${reason})`);
  });
}

const received = (other: Answering, count: number) =>
  expect.poll(() => other.received.length, { timeout: 30_000 }).toBe(count);

describe('a running start', () => {
  it('tells a webhook of an alert, signed, and the terminal as well', async () => {
    const other = await startAnswering();
    const { child, folder } = await startFor(other);
    let stdout = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    await openAlert(folder);
    await received(other, 1);
    const [{ body, headers, path } = { body: '', headers: {}, path: '' }] = other.received;
    expect(path).toBe('/hook');
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'alert.opened',
      data: { id: sampleAlert.id, sequence: 1, stage: 'delivery', stageName: 'Delivery', owner: 'logistics' },
    });
    await expect.poll(() => deliveriesOf(folder)).toEqual(['delivered(opened)']);
    expect(stdout).toContain('Delivery is getting worse');
    expect(await end(child)).toBe(0);
  });

  it('that is killed between sending and recording sends the same again under the same id', async () => {
    const other = await startAnswering();
    const { child, folder, config } = await startFor(other);
    other.answer = (response) => {
      child.kill('SIGKILL');
      response.writeHead(204).end();
    };
    await openAlert(folder);
    await received(other, 1);
    other.answer = (response) => response.writeHead(204).end();
    const again = await startFor(other, folder, config);
    await received(other, 2);
    const [first, second] = other.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(await end(again.child)).toBe(0);
    expect(await deliveriesOf(folder)).toEqual(['delivered(opened)']);
  });

  it('sends again what a receiver took without saying so, once that has timed out', async () => {
    const other = await startAnswering();
    const { child, folder } = await startFor(other);
    other.answer = () => {};
    await openAlert(folder);
    await received(other, 1);
    other.answer = (response) => response.writeHead(200).end();
    // the first attempt ends by its timeout of 15 seconds; the next is due within a minute of log time
    await tick(folder, 90_000);
    await tick(folder, 180_000);
    await received(other, 2);
    expect(other.received[1]?.headers['webhook-id']).toBe(other.received[0]?.headers['webhook-id']);
    await expect.poll(() => deliveriesOf(folder)).toEqual(['delivered(opened)']);
    expect(await end(child)).toBe(0);
  });

  it('asks a receiver that is too busy nothing before the time that it names', async () => {
    const other = await startAnswering();
    const { child, folder } = await startFor(other);
    other.answer = (response) => response.writeHead(429, { 'retry-after': '600' }).end();
    await openAlert(folder);
    await received(other, 1);
    other.answer = (response) => response.writeHead(204).end();
    await tick(folder, 500_000);
    expect(other.received).toHaveLength(1);
    await tick(folder, 700_000);
    await received(other, 2);
    await expect.poll(() => deliveriesOf(folder)).toEqual(['delivered(opened)']);
    expect(await end(child)).toBe(0);
  });

  it('ends in order within ten seconds while a receiver hangs, and tells it after the next start', async () => {
    const other = await startAnswering();
    const { child, folder, config } = await startFor(other);
    other.answer = () => {};
    await openAlert(folder);
    await received(other, 1);
    const endedAt = performance.now();
    expect(await end(child)).toBe(0);
    expect(performance.now() - endedAt).toBeLessThan(10_000);
    other.answer = (response) => response.writeHead(204).end();
    const again = await startFor(other, folder, config);
    await tick(folder, 60_000);
    await received(other, 2);
    expect(await end(again.child)).toBe(0);
  });

  it('that plays a history tells nobody of it', async () => {
    const other = await startAnswering();
    const history = join(temporaryFolder(), 'history.ndjson');
    const company = [
      '--days',
      '150',
      '--customers',
      '700',
      '--stages',
      'shop,delivery',
      '--seed',
      '3',
      '--ratings-only',
    ];
    const words = ['simulate', ...company, '--plant', 'delivery:0.3@110'];
    writeFileSync(history, (await gapwatch(words)).stdout);
    const folder = join(temporaryFolder(), 'data');
    const start = ['start', '--replay', history, '--data-dir', folder, '--config', configurationFor(other)];
    const child = spawnGapwatch(start, environment);
    const { items } = await getJson<{ items: object[] }>(`${await readyAddress(child)}/v1/alerts`);
    expect(items.length).toBeGreaterThan(0);
    expect(await end(child)).toBe(0);
    expect(other.received).toEqual([]);
    expect(new Set(await deliveriesOf(folder))).toEqual(new Set(['skipped(stale)']));
  });
});

describe('a start is refused', () => {
  const refused: [string, Record<string, string>, string, string][] = [
    ['without the secret', {}, '', 'GAPWATCH_RECEIVER_ON_CALL_SECRET is not set'],
    [
      'with a malformed secret',
      { GAPWATCH_RECEIVER_ON_CALL_SECRET: 'sesame' },
      '',
      'GAPWATCH_RECEIVER_ON_CALL_SECRET: secret 1',
    ],
    ['with a secret twice', { ...environment, GAPWATCH_RECEIVER_ON_CALL_SECRET_FILE: 'x' }, '', 'are both set'],
    ['with a stage that is not there', environment, ', stages: [delivry]', 'delivery'],
    ['with an option that is none', environment, ', alow: [x]', 'allow'],
  ];
  it.each(refused)('%s', async (_name, secrets, more, message) => {
    const config = configurationFor(await startAnswering(), more);
    const words = ['start', '--data-dir', join(temporaryFolder(), 'data'), '--config', config];
    const { status, stderr } = await gapwatch(words, '', secrets);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('sesame');
    expect(status).toBe(2);
  });
});

describe('gapwatch alerts test', () => {
  const testFor = (other: Answering, ...words: string[]) =>
    gapwatch(['alerts', 'test', ...words, '--config', configurationFor(other)], '', environment);

  it('sends a message that says that it is a test', async () => {
    const other = await startAnswering();
    const { status, stdout } = await testFor(other, 'on-call');
    expect([status, stdout]).toEqual([0, 'on-call: delivered (answered 204)\n']);
    const [{ body, headers } = { body: '', headers: {} }] = other.received;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'alert.test',
      data: { message: expect.stringContaining('This is a test') },
    });
  });

  it('ends with status 1 where it was not delivered, and says why', async () => {
    const other = await startAnswering();
    other.answer = (response) => response.writeHead(403).end();
    const { status, stdout } = await testFor(other, 'on-call', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ receiver: 'on-call', outcome: 'failed', detail: 'answered 403' });
  });

  it('knows the terminal, and names the receivers that there are', async () => {
    const other = await startAnswering();
    expect(await testFor(other, 'terminal')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('This is a test'),
    });
    const unknown = await testFor(other, 'desk');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      'gapwatch: no receiver desk: the configuration has terminal, on-call\n',
    ]);
    expect(other.received).toEqual([]);
  });
});
