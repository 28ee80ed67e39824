// The doctor over a data directory: what is well, and each thing that may be wrong with what to do about it.
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { topicNames } from '@gapwatch/contracts';
import { systemClock } from '@gapwatch/runtime';
import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../services/local/src/running/directory.ts';
import {
  end,
  gapwatch,
  gapwatchIn,
  getJson,
  readyAddress,
  spawnGapwatch,
  temporaryFolder,
} from './gapwatch.fixture.ts';

type Finding = { what: string; state: 'good' | 'look' | 'bad'; found: string; remedy: string | null };

function read({ status, stdout }: { status: unknown; stdout: string }) {
  const findings: Finding[] = JSON.parse(stdout);
  const unwell = findings.filter(({ state }) => state !== 'good');
  return { status, looked: findings.map(({ what }) => what), unwell };
}

const examined = async (folder: string, environment = {}) =>
  read(await gapwatch(['doctor', '--json', '--data-dir', folder], '', environment));

async function startedOnce(): Promise<string> {
  const folder = join(temporaryFolder(), 'data');
  const running = spawnGapwatch(['start', '--data-dir', folder]);
  await readyAddress(running);
  await end(running);
  return folder;
}

describe('gapwatch doctor', () => {
  it('finds a directory well, and says what it has looked at', async () => {
    const folder = await startedOnce();
    const { status, stdout } = await gapwatch(['doctor', '--data-dir', folder]);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(14);
    for (const line of lines) expect(line).toMatch(/^good {2}\w/);
  });

  it('says that a start works on it', async () => {
    const folder = await startedOnce();
    const running = spawnGapwatch(['start', '--data-dir', folder]);
    await readyAddress(running);
    const { stdout } = await gapwatch(['doctor', '--data-dir', folder]);
    expect(stdout).toContain('a start works on it');
    expect(await end(running)).toBe(0);
  });

  it('tells of a directory that keeps nothing yet, and makes none', async () => {
    const { status, unwell } = await examined(join(temporaryFolder(), 'none'));
    expect(status).toBe(0);
    expect(unwell).toMatchObject([{ what: 'directory', state: 'look', remedy: 'gapwatch start makes it' }]);
  });

  it('stops at a configuration that cannot be read, with every mistake', async () => {
    const here = temporaryFolder();
    writeFileSync(join(here, 'gapwatch.yaml'), 'stages:\n  - { id: delivery, matc: [] }\nlatenes: 3d\n');
    const { status, looked, unwell } = read(await gapwatchIn(here, ['doctor', '--json']));
    expect([status, looked]).toEqual([1, ['program', 'environment', 'configuration']]);
    expect(unwell[0]?.found).toMatch(/match[\s\S]*lateness/);
  });

  it('tells of a configuration that is not in force, and of variables that nobody knows', async () => {
    const folder = await startedOnce();
    const here = temporaryFolder();
    writeFileSync(join(here, 'gapwatch.yaml'), 'stages:\n  - { id: refunds }\n');
    const words = ['doctor', '--json', '--data-dir', folder];
    const { status, unwell } = read(await gapwatchIn(here, words, { GAPWATCH_LOG_LEVLE: 'info' }));
    expect(status).toBe(0);
    expect(unwell).toMatchObject([
      { what: 'environment', found: expect.stringContaining('GAPWATCH_LOG_LEVEL') },
      { what: 'agreement', remedy: expect.stringContaining('gapwatch config plan') },
    ]);
  });

  it('tells what waits to be read and archived, and dead letters', async () => {
    const waiting = await startedOnce();
    const directory = openDirectory(waiting, systemClock);
    await directory.log.append([{ topic: topicNames.deadLetters, key: null, partition: 0, value: '{}', headers: {} }]);
    await directory.log.append([{ topic: 'raw.canonical', key: null, partition: 0, value: '{}', headers: {} }]);
    await directory.close();
    expect((await examined(waiting)).unwell).toMatchObject([
      { what: 'reading', found: expect.stringContaining('1 of raw.canonical'), remedy: 'gapwatch start reads it' },
      { what: 'dead letters', remedy: expect.stringContaining('dead-letters list') },
      { what: 'archive', found: expect.stringMatching(/^2 records/), remedy: 'gapwatch start archives them' },
    ]);
  });

  it('tells which sources name their customers alike, as the API does', async () => {
    const here = temporaryFolder();
    const sources = ['desk', 'shop', 'app'].map((id) => `{ id: ${id}, type: canonical }`);
    writeFileSync(join(here, 'gapwatch.yaml'), `sources: [${sources.join(', ')}]\n`);
    const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
    const heard = { desk: ['c', 0], shop: ['c', 30], app: ['device-', 0] } as const;
    for (const [source, [prefix, first]] of Object.entries(heard)) {
      const lines = Array.from({ length: 40 }, (_, index) =>
        JSON.stringify({
          kind: 'review',
          subject: `${index}`,
          customer: `${prefix}${first + index}`,
          occurredAt,
          text: 'Good.',
        }),
      );
      writeFileSync(join(here, 'a.ndjson'), lines.join('\n'));
      const ended = await gapwatchIn(here, ['ingest', 'a.ndjson', '--source', source, '--data-dir', 'data']);
      expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining('accepted 40') });
    }
    const { unwell } = read(await gapwatchIn(here, ['doctor', '--json', '--data-dir', 'data']));
    const found = 'of its customers another source names too: desk 25 %, shop 25 %, app 0 %';
    expect(unwell.filter(({ what }) => what === 'customers')).toEqual([
      { what: 'customers', state: 'look', found, remedy: expect.stringMatching(/^app: nearly none .* as: email/) },
    ]);
    const running = spawnGapwatch(['start', '--data-dir', 'data'], {}, 'test', here);
    const { items } = await getJson<{ items: object[] }>(`${await readyAddress(running)}/v1/sources`);
    expect(items).toMatchObject([
      { id: 'desk', joined: 0.25, hint: null },
      { id: 'shop', joined: 0.25, hint: null },
      { id: 'app', joined: 0, hint: expect.stringContaining('as: email') },
    ]);
    expect(await end(running)).toBe(0);
  });

  it('finds stages that are ids', async () => {
    const here = temporaryFolder();
    const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
    const about = { kind: 'review', occurredAt, text: 'Good.' };
    const lines = Array.from({ length: 301 }, (_, index) =>
      JSON.stringify({ ...about, subject: `${index}`, stage: `order ${index}` }),
    );
    writeFileSync(join(here, 'a.ndjson'), lines.join('\n'));
    const ended = await gapwatchIn(here, ['ingest', 'a.ndjson', '--data-dir', 'data']);
    expect(ended.stderr).toContain('warning: stage: more than 300 different ones');
    const { unwell } = read(await gapwatchIn(here, ['doctor', '--json', '--data-dir', 'data']));
    expect(unwell.filter(({ what }) => what === 'stages')).toMatchObject([
      { state: 'look', found: expect.stringMatching(/^301 stages were heard of, such as "order \d+"/) },
    ]);
  });

  it('finds a clock that is behind the log', async () => {
    const ahead = await startedOnce();
    const inAnHour = { now: () => Date.now() + 3_600_000 };
    const directory = openDirectory(ahead, inAnHour);
    const tick = JSON.stringify({ type: 'tick', at: new Date(inAnHour.now()).toISOString() });
    await directory.log.append([{ topic: topicNames.signals, key: null, partition: 0, value: tick, headers: {} }]);
    await directory.close();
    const { status, unwell } = await examined(ahead);
    expect(status).toBe(1);
    const found = expect.stringContaining('60 minutes ahead');
    expect(unwell.find(({ state }) => state === 'bad')).toMatchObject({ what: 'clock', found });
  });

  it('finds a file that is damaged', async () => {
    const damaged = await startedOnce();
    const file = join(damaged, 'state.db');
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(statSync(file).size - 8_192, 0xff), 0, undefined, 8_192);
    closeSync(handle);
    const { status, unwell } = await examined(damaged);
    expect(status).toBe(1);
    expect(unwell).toMatchObject([{ what: 'files', state: 'bad', found: expect.stringContaining('state.db') }]);
  });
});
