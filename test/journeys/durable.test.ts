// What was acknowledged is counted once, however often the process is killed.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

type Windows = { items: { statements: number; customers: number; unhappy: number }[] };

const kills = 20;
const batch = 25;

function signalsOf(round: number, count: number): string {
  const at = new Date(Date.now() - 60_000).toISOString();
  const lines = Array.from({ length: batch }, (_, index) => {
    const subject = `review:${round}-${count}-${index}`;
    const rating = { value: 1 + (index % 5), min: 1, max: 5 };
    return JSON.stringify({
      kind: 'review',
      subject,
      customer: `c${round}-${count}-${index}`,
      occurredAt: at,
      stage: 'shop',
      rating,
    });
  });
  return lines.join('\n');
}

/** Posts until the process is gone; answers how many signals were acknowledged. What was not is sent again next time. */
async function postUntilKilled(address: string, round: number, unsent: string[]): Promise<number> {
  let acknowledged = 0;
  for (let count = 0; ; count += 1) {
    const body = unsent.pop() ?? signalsOf(round, count);
    try {
      const response = await fetch(`${address}/v1/sources/canonical/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body,
      });
      const answer = (await response.json()) as { accepted: number; repeated: number };
      expect(response.status).toBe(202);
      acknowledged += answer.accepted + answer.repeated;
    } catch {
      unsent.push(body);
      return acknowledged;
    }
  }
}

describe('kill -9 during ingest', () => {
  it(`${kills} times loses nothing that was acknowledged and doubles nothing`, { timeout: 240_000 }, async () => {
    const folder = join(temporaryFolder(), 'data');
    const unsent: string[] = [];
    let acknowledged = 0;
    for (let round = 0; round < kills; round += 1) {
      const child = spawnGapwatch(['start', '--data-dir', folder]);
      const address = await readyAddress(child);
      const posting = postUntilKilled(address, round, unsent);
      // each round dies at another depth of its own work: what the last one sent in vain is a batch at most
      const depth = acknowledged + batch + round * 10;
      await expect.poll(() => statementsAt(address), { timeout: 30_000, interval: 5 }).toBeGreaterThan(depth);
      await end(child, 'SIGKILL');
      acknowledged += await posting;
    }
    const last = spawnGapwatch(['start', '--data-dir', folder]);
    const address = await readyAddress(last);
    for (const body of unsent) acknowledged += await postOnce(address, body);
    await expect.poll(() => statementsAt(address), { timeout: 60_000 }).toBe(acknowledged);
    expect(await end(last)).toBe(0);
    const verified = await gapwatch(['verify', '--json', '--data-dir', folder]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0, behind: 0 });
  });
});

async function postOnce(address: string, body: string): Promise<number> {
  const response = await fetch(`${address}/v1/sources/canonical/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  });
  return ((await response.json()) as { accepted: number }).accepted;
}

async function statementsAt(address: string): Promise<number> {
  try {
    const { items } = await getJson<Windows>(`${address}/v1/stages/shop/windows?step=7d`);
    return items.reduce((sum, { statements }) => sum + statements, 0);
  } catch {
    return 0;
  }
}
