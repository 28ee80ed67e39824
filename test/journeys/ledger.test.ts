// Tickets of one customer, as an export has them: what the ledger finds in them stands in the windows of a running start,
// in the backtest, and survives the check against the log.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

type Window = { from: string; statements: number; customers: number; unhappy: number };

const hourMs = 3_600_000;
/** The full hour three days ago: every deadline below has passed. */
const start = Math.floor(Date.now() / hourMs) * hourMs - 72 * hourMs;
const iso = (hours: number) => new Date(start + hours * hourMs).toISOString();

const configuration = `
stages:
  - { id: delivery, promises: [{ what: reply, within: 8h }] }
  - { id: billing }
`;

const ticket = (subject: string, hours: number, more: object) => ({
  kind: 'ticket',
  source: 'canonical',
  subject,
  thread: 'ticket:1',
  customer: 'c1',
  occurredAt: iso(hours),
  stage: 'delivery',
  ...more,
});

const history = [
  ticket('a', 0, { status: 'new', text: 'My parcel has not arrived, where is it?', url: 'https://desk.example/1' }),
  ticket('b', 10, { author: 'staff', status: 'solved', text: 'It is on its way.' }),
  ticket('c', 30, { status: 'open', text: 'It is still not here. This is not resolved.' }),
  ticket('d', 31, { author: 'staff', text: 'We look into it.', promise: { what: 'call back', dueAt: iso(40) } }),
];

function write(): { folder: string; file: string; config: string } {
  const folder = temporaryFolder();
  const [file, config] = [join(folder, 'tickets.ndjson'), join(folder, 'gapwatch.yaml')];
  writeFileSync(file, history.map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(config, configuration);
  return { folder, file, config };
}

/** Hours after the start in which somebody was unhappy, with statements and unhappy customers. */
function unhappyHours(windows: readonly Window[]): [number, number, number][] {
  return windows
    .filter(({ unhappy }) => unhappy > 0)
    .map(({ from, statements, unhappy }) => [(Date.parse(from) - start) / hourMs, statements, unhappy]);
}

const expected = [
  [8, 0, 1],
  [30, 1, 1],
  [40, 0, 1],
];

describe('a ticket that nobody answered in time, that was not solved, and whose promise was broken', () => {
  it('shows in the backtest, which ticks each hour', async () => {
    const { file, config } = write();
    const later = ticket('z', 60, { customer: 'c2', thread: 'ticket:2', text: 'Thank you, all is well.' });
    writeFileSync(file, `${JSON.stringify(later)}\n`, { flag: 'a' });
    const { stdout, status } = await gapwatch(['backtest', file, '--config', config, '--json', '--windows', '1h']);
    expect(status).toBe(0);
    const windows = (JSON.parse(stdout) as { windows: (Window & { stage: string })[] }).windows;
    expect(unhappyHours(windows.filter(({ stage }) => stage === 'delivery'))).toEqual(expected);
  });

  it('shows in a running start after the next tick, and the batch over the log agrees', {
    timeout: 180_000,
  }, async () => {
    const { folder, file, config } = write();
    const data = join(folder, 'data');
    const running = spawnGapwatch(['start', '--data-dir', data, '--config', config]);
    const address = await readyAddress(running);
    const ended = await gapwatch(['ingest', file, '--source', 'canonical', '--data-dir', data, '--config', config]);
    expect(ended.status).toBe(0);
    const query = `step=1h&from=${iso(0)}&to=${iso(72)}`;
    const found = async () =>
      unhappyHours((await getJson<{ items: Window[] }>(`${address}/v1/stages/delivery/windows?${query}`)).items);
    await expect.poll(found, { timeout: 120_000, interval: 500 }).toEqual(expected);
    expect((await fetch(`${address}/v1/alerts/none/customers`)).status).toBe(404);
    expect(await end(running)).toBe(0);
    const verified = await gapwatch(['verify', '--json', '--data-dir', data]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
  });
});
