// A working day of a support lead: the alert is there, somebody takes it, gives it on, says what was done and whether it
// was right, from a terminal and over HTTP, beside a running start and without one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

type Alert = {
  id: string;
  sequence: number;
  state: string;
  outcome: string | null;
  people?: Record<string, { by: string; until?: string; to?: string; text?: string; value?: string }>;
  history: { sequence: number; reason?: string; command?: { id: string; action: string; by: string } }[];
};

/** Two stages over 130 days, of which one gets worse at the hundred and tenth: it is open at the end, and not yet taken as normal. */
const company = [
  '--days',
  '130',
  '--customers',
  '700',
  '--stages',
  'shop,delivery',
  '--seed',
  '3',
  '--ratings-only',
].concat(['--plant', 'delivery:0.3@110']);

async function post(url: string, body: object): Promise<{ status: number; answer: { id: string; sequence: number } }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, answer: (await response.json()) as { id: string; sequence: number } };
}

it('what people do with an alert is decided in one order, and survives a restart', async () => {
  const folder = join(temporaryFolder(), 'data');
  const past = join(temporaryFolder(), 'past.ndjson');
  writeFileSync(past, (await gapwatch(['simulate', ...company])).stdout);
  const alerts = (...words: string[]) => gapwatch(['alerts', ...words, '--data-dir', folder]);
  const running = spawnGapwatch(['start', '--replay', past, '--data-dir', folder]);
  const address = await readyAddress(running);
  const { items } = await getJson<{ items: Alert[] }>(`${address}/v1/alerts?state=open`);
  const { id, sequence } = items[0]!;
  const url = `${address}/v1/alerts/${id}`;
  const shown = () => getJson<Alert>(url);

  // over HTTP: the first of two colleagues who saw the same has it
  const first = await post(`${url}/acknowledge`, { sequence });
  expect(first).toMatchObject({ status: 202, answer: { sequence } });
  const second = await post(`${url}/acknowledge`, { sequence });
  const reasonOf = async (command: string) =>
    (await shown()).history.find((one) => one.command?.id === command)?.reason;
  await expect.poll(() => reasonOf(second.answer.id), { timeout: 20_000 }).toBe('superseded');
  expect(await reasonOf(first.answer.id)).toBe('acknowledged');
  expect((await shown()).people).toMatchObject({ acknowledged: { by: 'local' } });

  // from a terminal, beside the start: the answer comes when it is decided
  const assigned = await alerts('assign', id.slice(0, 6), '--to', 'logistics', '--by', 'anna');
  expect([assigned.status, assigned.stdout.startsWith('applied: ')], assigned.stderr).toEqual([0, true]);
  const stale = await alerts('acknowledge', id, '--by', 'ben', '--sequence', String(sequence), '--json');
  expect([stale.status, JSON.parse(stale.stdout)]).toMatchObject([1, { alert: id, outcome: 'superseded' }]);
  expect((await shown()).people).toMatchObject({ assigned: { by: 'anna', to: 'logistics' } });

  expect(
    (await gapwatch(['note', 'new courier', '--stage', 'delivery', '--by', 'anna', '--data-dir', folder])).status,
  ).toBe(0);
  expect((await post(`${address}/v1/notes`, { text: 'prices rose', at: '2026-01-05T00:00:00+01:00' })).status).toBe(
    202,
  );
  const notes = () =>
    getJson<{ items: { text: string; by: string; at: string }[] }>(`${address}/v1/notes?stage=delivery`);
  await expect
    .poll(async () => (await notes()).items.map(({ text, by }) => [text, by]), { timeout: 20_000 })
    .toEqual([
      ['new courier', 'anna'],
      ['prices rose', 'local'],
    ]);
  expect(await end(running)).toBe(0);

  // without a start: folded by the command itself
  expect((await alerts('snooze', id, '--for', '3d', '--by', 'anna')).status).toBe(0);
  expect((await alerts('fix', id, 'another courier; call +44 20 7946 0958', '--by', 'anna')).status).toBe(0);
  expect((await alerts('accept', id, '--by', 'anna')).stdout).toMatch(/^applied: accept/);
  expect((await alerts('snooze', id, '--for', '3d')).stdout).toMatch(/^closed-already: /);
  expect((await alerts('verdict', id, 'useful', '--by', 'anna')).status).toBe(0);
  const { stdout } = await alerts('show', id);
  for (const line of ['given to logistics by anna', 'done about it, says anna: another courier', 'useful, says anna']) {
    expect(stdout).toContain(line);
  }
  expect(stdout).not.toContain('7946');

  const again = spawnGapwatch(['start', '--data-dir', folder]);
  const after = await getJson<Alert>(`${await readyAddress(again)}/v1/alerts/${id}`);
  expect(after).toMatchObject({ state: 'closed', outcome: 'rebased', people: { verdict: { value: 'useful' } } });
  expect(await end(again)).toBe(0);
}, 180_000);

it.each([
  ['a directory that is none', ['acknowledge', 'x'], 'nowhere is no data directory'],
  ['no time', ['snooze', 'x'], 'say --until TIME or --for DURATION'],
  ['a time that is past', ['snooze', 'x', '--until', '2001-01-01T00:00:00Z'], 'until: it is past'],
  ['a duration that is none', ['snooze', 'x', '--for', 'ever'], '--for: write a number and a unit'],
  ['a verdict that is none', ['verdict', 'x', 'maybe'], 'Allowed choices are useful, false-alarm, known'],
  ['nobody', ['assign', 'x'], "required option '--to <who>'"],
  ['nothing', ['fix', 'x', ' '], 'text: write something'],
])('%s is refused with status 2', async (_, words, message) => {
  const { status, stderr } = await gapwatch(['alerts', ...words, '--data-dir', 'nowhere']);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});

it('an alert that is none is refused with status 2', async () => {
  const folder = join(temporaryFolder(), 'data');
  await gapwatch(['ingest', '-', '--data-dir', folder]);
  const { status, stderr } = await gapwatch(['alerts', 'acknowledge', 'none', '--data-dir', folder]);
  expect([status, stderr]).toEqual([2, 'gapwatch: no alert none: gapwatch alerts list names them\n']);
});
