// A source is configured wrongly: what it sends is kept with the reason, the configuration is mended, and all of it is
// sent again, as if nothing had been. A storm of such stops its partition, and goes on after the mending.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

type Letter = {
  id: string;
  reason: { code: string; message: string };
  source: string | null;
  payload: string;
  replayed: { at: string; by: string } | null;
};
type Page = { items: Letter[]; next: string | null };

function configurationWith(ratingColumn: string): string {
  return `
stages: [{ id: shop, name: Shop }]
sources:
  - id: survey
    type: csv
    columns:
      kind: { constant: feedback }
      stage: { constant: shop }
      customer: Account
      occurredAt: When
      rating: { column: ${ratingColumn}, scale: { min: 1, max: 5 } }
`;
}

/** A table, and the two configurations: the second names the wrong column for the rating. */
function company(rows: number) {
  const folder = temporaryFolder();
  const when = new Date(Date.now() - 3_600_000).toISOString();
  const lines = Array.from({ length: rows }, (_, row) => `c${row},${when},${(row % 5) + 1},"Größe ""${row}"""`);
  const paths = { table: join(folder, 'table.csv'), good: join(folder, 'good.yaml'), bad: join(folder, 'bad.yaml') };
  writeFileSync(paths.table, `Account,When,Stars,Comment\n${lines.join('\n')}\n`);
  writeFileSync(paths.good, configurationWith('Stars'));
  writeFileSync(paths.bad, configurationWith('Comment'));
  return { ...paths, clean: join(folder, 'clean'), data: join(folder, 'data') };
}

const windowsOf = (address: string) => getJson<{ items: object[] }>(`${address}/v1/stages/shop/windows?step=7d`);

describe('dead letters', () => {
  it('are sent again after the mending, and end in the windows of a clean run', async () => {
    const { table, good, bad, clean, data } = company(60);
    const ingest = (folder: string) =>
      gapwatch(['ingest', table, '--source', 'survey', '--config', good, '--data-dir', folder]);
    const letters = (...words: string[]) => gapwatch(['dead-letters', ...words, '--config', good, '--data-dir', data]);

    const wrong = spawnGapwatch(['start', '--config', bad, '--data-dir', data]);
    const address = await readyAddress(wrong);
    expect((await ingest(data)).stdout).toContain('60 dead-letter');
    const { items: sources } = await getJson<{ items: object[] }>(`${address}/v1/sources`);
    expect(sources).toMatchObject([{ id: 'survey', accepted: 0, rejected: 60, lastAt: expect.any(String) }]);
    const first = await getJson<Page>(`${address}/v1/dead-letters?limit=40&source=survey`);
    const rest = await getJson<Page>(`${address}/v1/dead-letters?limit=40&source=survey&cursor=${first.next}`);
    expect([first.items.length, rest.items.length, rest.next]).toEqual([40, 20, null]);
    const listed = JSON.parse((await letters('list', '--json')).stdout) as Letter[];
    expect(listed.map(({ id }) => id)).toEqual([...first.items, ...rest.items].map(({ id }) => id));
    const shown = await letters('show', listed[0]!.id);
    expect(shown.stdout).toContain(listed[0]!.reason.message);
    // nothing is mended yet: it comes back, under a new id
    const early = await letters('replay', listed[0]!.id, '--by', 'anna');
    expect([early.status, early.stdout]).toEqual([1, 'replayed 1: 0 taken, 1 rejected again\n']);
    expect(await end(wrong)).toBe(0);

    const right = spawnGapwatch(['start', '--config', good, '--data-dir', data]);
    const mended = await readyAddress(right);
    const twice = await letters('replay', listed[0]!.id);
    expect([twice.status, twice.stdout]).toEqual([
      1,
      'replayed 0; 1 were replayed before (--again sends them once more)\n',
    ]);
    const all = await letters('replay', '--all', '--by', 'anna');
    expect([all.status, all.stdout]).toEqual([
      0,
      'replayed 60: 60 taken, 0 rejected again; 1 were replayed before (--again sends them once more)\n',
    ]);
    const marked = await getJson<Page>(`${mended}/v1/dead-letters?limit=500`);
    expect(marked.items.map(({ replayed }) => replayed?.by)).toEqual(Array(61).fill('anna'));
    const body = JSON.stringify({ all: true, again: true });
    const headers = { 'content-type': 'application/json' };
    const again = await fetch(`${mended}/v1/dead-letters/replay`, { method: 'POST', headers, body });
    expect([again.status, await again.json()]).toEqual([202, { replayed: 61, refused: {}, unknown: [] }]);
    const after = await windowsOf(mended);
    expect(await end(right)).toBe(0);

    await ingest(clean);
    const undisturbed = spawnGapwatch(['start', '--config', good, '--data-dir', clean]);
    expect(after).toEqual(await windowsOf(await readyAddress(undisturbed)));
    expect(await end(undisturbed)).toBe(0);
    const verified = await gapwatch(['verify', '--json', '--data-dir', data]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
    expect(listed.map(({ payload }) => JSON.parse(payload).Account).sort()).toEqual(
      Array.from({ length: 60 }, (_, row) => `c${row}`).sort(),
    );
  }, 180_000);

  it('in a storm stop the partition, name the remedy, and lose nothing once it is followed', async () => {
    const { table, good, bad, data } = company(150);
    const one = { GAPWATCH_PARTITIONS: '1' };
    const wrong = spawnGapwatch(['start', '--config', bad, '--data-dir', data], one);
    let stderr = '';
    wrong.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const address = await readyAddress(wrong);
    const feeding = spawnGapwatch(['ingest', table, '--source', 'survey', '--config', good, '--data-dir', data], one);
    const ready = async () =>
      (await fetch(`${address}/readyz`)).json() as Promise<{ errors?: { path: string; message: string }[] }>;
    await expect
      .poll(async () => (await ready()).errors, { timeout: 30_000 })
      .toEqual([
        {
          path: 'tagger',
          message: 'raw.survey/0 has stopped: DeadLetterStorm; mend the source or its configuration, then start again',
        },
      ]);
    expect(stderr).toContain('mend what sends them or how the source is configured, then start again');
    await end(wrong);
    await end(feeding);

    const still = await gapwatch(['start', '--config', bad, '--data-dir', data], '', one);
    const told = still.stderr.split('\n').filter((line) => line.startsWith('gapwatch: '));
    expect([still.status, told.length, told[0]?.includes('mend what sends them')]).toEqual([2, 1, true]);

    const right = spawnGapwatch(['start', '--config', good, '--data-dir', data], one);
    const { items } = await windowsOf(await readyAddress(right));
    expect(items).toMatchObject([{ statements: 150 }]);
    await end(right);
    const letters = await gapwatch(['dead-letters', 'list', '--json', '--data-dir', data]);
    expect(JSON.parse(letters.stdout)).toEqual([]);
  });

  it('are a storm where the configuration says so, and none where it says to bear them', async () => {
    const { table, good, bad, data } = company(60);
    const one = { GAPWATCH_PARTITIONS: '1' };
    const wrong = readFileSync(bad, 'utf8');
    writeFileSync(bad, `${wrong}deadLetters: { inARow: 20 }\n`);
    const strict = spawnGapwatch(['start', '--config', bad, '--data-dir', data], one);
    let stderr = '';
    strict.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    await readyAddress(strict);
    const feeding = spawnGapwatch(['ingest', table, '--source', 'survey', '--config', good, '--data-dir', data], one);
    await expect.poll(() => stderr, { timeout: 30_000 }).toContain('20 of the last 20 records cannot be taken');
    await end(strict);
    await end(feeding);

    writeFileSync(bad, `${wrong}deadLetters: { inARow: 1000, share: 1 }\n`);
    const plan = await gapwatch(['config', 'plan', '--config', bad, '--data-dir', data]);
    expect(plan.stdout).toContain('nothing changes');
    const patient = spawnGapwatch(['start', '--config', bad, '--data-dir', data], one);
    await readyAddress(patient);
    expect(await end(patient)).toBe(0);
    const letters = await gapwatch(['dead-letters', 'list', '--json', '--config', bad, '--data-dir', data]);
    expect(JSON.parse(letters.stdout)).toHaveLength(60);
  });

  it.each([
    ['nothing', ['replay'], 'name dead letters, or say --all'],
    ['a narrowed list of names', ['replay', 'x', '--reason', 'date'], '--reason and --source narrow --all'],
    ['a directory that is none', ['list'], 'no data directory'],
  ])('of %s are refused with status 2', async (_, words, message) => {
    const { status, stderr } = await gapwatch(['dead-letters', ...words, '--data-dir', 'nowhere']);
    expect([status, stderr.includes(message)], stderr).toEqual([2, true]);
  });
});
