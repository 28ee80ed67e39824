// History read into a pipeline: it ends the wait for a baseline, fills the windows of the past, and raises nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const perDay = 20;

type Stage = { id: string; state: string; usual: number | null; alert: object | null };
type Items<T> = { items: T[] };

/** Ratings of a stage on the days before now, a customer each; in the last twenty days everybody is unhappy. */
function history(stage: string, firstDay: number, lastDay: number): string {
  const lines: string[] = [];
  for (let day = firstDay; day >= lastDay; day -= 1) {
    for (let index = 0; index < perDay; index += 1) {
      const occurredAt = new Date(Date.now() - day * dayMs + index * minuteMs).toISOString();
      const value = day <= 20 ? 1 : (index % 5) + 1;
      const subject = `${stage}:${day}:${index}`;
      const customer = `c${day}-${index}`;
      const rating = { value, min: 1, max: 5 };
      lines.push(JSON.stringify({ kind: 'feedback', subject, customer, stage, occurredAt, rating }));
    }
  }
  return `${lines.join('\n')}\n`;
}

async function stageOf(address: string, stage: string): Promise<Stage | undefined> {
  return (await getJson<Items<Stage>>(`${address}/v1/stages`)).items.find(({ id }) => id === stage);
}

async function becomesWatched(address: string, stage: string): Promise<Stage | undefined> {
  // the tick of a minute carries the history to the detector
  const state = async () => (await stageOf(address, stage))?.state;
  await expect.poll(state, { timeout: 200_000, interval: 200 }).toBe('watching');
  return stageOf(address, stage);
}

/** What comes after the first tick has closed an hour waits for the next hour: all of it must be there before. */
async function roomBeforeTick(): Promise<void> {
  const left = minuteMs - (Date.now() % minuteMs);
  if (left < minuteMs / 3) await pause(left);
}

describe('gapwatch ingest --backfill', () => {
  it('before the first start and beside it ends the learning of a stage, with windows of the past and no alert', {
    timeout: 300_000,
  }, async () => {
    const folder = join(temporaryFolder(), 'data');
    const before = await gapwatch(
      ['ingest', '-', '--backfill', '--json', '--data-dir', folder],
      history('desk', 75, 1),
    );
    expect(JSON.parse(before.stdout)).toMatchObject({ read: 75 * perDay, accepted: 75 * perDay });

    await roomBeforeTick();
    const running = spawnGapwatch(['start', '--data-dir', folder]);
    const address = await readyAddress(running);
    const headers = { 'content-type': 'application/x-ndjson' };
    // what is said an hour from now is within what the log takes
    const live = { method: 'POST', headers, body: history('shop', 0, 0) };
    expect((await fetch(`${address}/v1/sources/canonical/events`, live)).status).toBe(202);
    await expect.poll(async () => (await stageOf(address, 'shop'))?.state, { timeout: 90_000 }).toBe('learning');

    const file = join(temporaryFolder(), 'history.ndjson');
    writeFileSync(file, history('shop', 75, 1));
    const beside = await gapwatch(['ingest', file, '--backfill', '--json', '--data-dir', folder]);
    expect(JSON.parse(beside.stdout)).toEqual({
      read: 75 * perDay,
      accepted: 75 * perDay,
      repeated: 0,
      skipped: {},
      rejected: {},
    });
    expect(beside.stderr).not.toContain('--backfill');
    for (const stage of ['shop', 'desk']) {
      const { usual, alert } = (await becomesWatched(address, stage)) ?? {};
      // two of five ratings are unhappy ones; the last twenty days lie within the lag of the baseline
      expect(usual).toBeCloseTo(0.4, 1);
      expect(alert).toBeNull();
    }
    expect((await getJson<Items<object>>(`${address}/v1/alerts`)).items).toEqual([]);
    const from = new Date(Date.now() - 76 * dayMs).toISOString();
    const windows = `${address}/v1/stages/shop/windows?step=1d&from=${from}`;
    const { items } = await getJson<Items<{ statements: number }>>(windows);
    expect(items.reduce((sum, { statements }) => sum + statements, 0)).toBe(76 * perDay);
    await end(running);
    const verified = await gapwatch(['verify', '--json', '--data-dir', folder]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
  });
});
