// The past folded again: what was decided stays decided, what was killed begins anew, and a changed rule holds for all of it.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicNames } from '@gapwatch/contracts';
import { ownTagger, signalsReader } from '@gapwatch/core';
import { createLogger, systemClock } from '@gapwatch/runtime';
import { activeGeneration, generationOf } from '@gapwatch/storage';
import { describe, expect, it } from 'vitest';
import { rebuild } from '../../services/local/src/rebuild/rebuild.ts';
import { openDirectory } from '../../services/local/src/running/directory.ts';
import { announcedConfiguration } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { verify } from '../../services/local/src/verify/verify.ts';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

type Alert = { id: string; sequence: number; state: string; stage: string; people?: object; history: object[] };

const company = ['--days', '150', '--customers', '700', '--stages', 'shop,delivery', '--seed', '3'];
const planted = ['--ratings-only', '--plant', 'delivery:0.3@128'];

const clean = { wrong: 0, missing: 0, extra: 0, behind: 0 };

type Directory = ReturnType<typeof openDirectory>;

async function withDirectory<T>(folder: string, work: (directory: Directory) => Promise<T>): Promise<T> {
  const directory = openDirectory(folder, systemClock);
  try {
    return await work(directory);
  } finally {
    await directory.close();
  }
}

const endOf = (folder: string, topic: string) =>
  withDirectory(folder, async ({ log }) => (await log.marks(topic, 0)).high);

const verified = async (folder: string) =>
  JSON.parse((await gapwatch(['verify', '--json', '--data-dir', folder])).stdout);

const shown = async (folder: string, id: string): Promise<Alert> =>
  JSON.parse((await gapwatch(['alerts', 'show', id, '--json', '--data-dir', folder])).stdout);

const alertsOf = async (folder: string): Promise<Alert[]> =>
  JSON.parse((await gapwatch(['alerts', 'list', '--json', '--data-dir', folder])).stdout);

/** Plays an export into a new directory and stops. */
async function played(past: string, ...words: string[]): Promise<string> {
  const folder = join(temporaryFolder(), 'data');
  const running = spawnGapwatch(['start', '--replay', past, '--data-dir', folder, ...words]);
  await readyAddress(running);
  expect(await end(running)).toBe(0);
  return folder;
}

describe('gapwatch rebuild', () => {
  it('keeps an alert that people work on, tells nobody again, and survives a kill half-way', async () => {
    const past = join(temporaryFolder(), 'past.ndjson');
    writeFileSync(past, (await gapwatch(['simulate', ...company, ...planted])).stdout);
    const folder = await played(past);
    const { id } = (await alertsOf(folder)).find(({ state }) => state === 'open')!;
    for (const words of [['acknowledge'], ['snooze', '--for', '3d']]) {
      const [action = '', ...others] = words;
      const given = await gapwatch(['alerts', action, id, ...others, '--by', 'anna', '--data-dir', folder]);
      expect(given.status, given.stderr).toBe(0);
    }
    // whoever is told is told of the commands by the next start
    const telling = spawnGapwatch(['start', '--data-dir', folder]);
    await readyAddress(telling);
    expect(await end(telling)).toBe(0);
    const before = await shown(folder, id);
    const written = [await endOf(folder, topicNames.friction), await endOf(folder, topicNames.alerts)];
    const deliveries = await endOf(folder, topicNames.deliveries);

    const killed = spawnGapwatch(['rebuild', '--data-dir', folder]);
    const position = () =>
      withDirectory(folder, ({ store }) => store.partition(generationOf(2).aggregator, 0).position());
    await expect.poll(position, { timeout: 30_000, interval: 5 }).toBeGreaterThan(0);
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(await shown(folder, id)).toEqual(before);

    const { status, stdout, stderr } = await gapwatch(['rebuild', '--json', '--data-dir', folder]);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      generation: 2,
      switched: true,
      windows: { changed: 0 },
      alerts: { kept: [id], closing: [], found: [] },
      verified: clean,
    });
    expect(await shown(folder, id)).toEqual(before);
    expect([await endOf(folder, topicNames.friction), await endOf(folder, topicNames.alerts)]).toEqual(written);
    const left = await withDirectory(folder, ({ store }) => store.partition('aggregator', 0).position());
    expect(left).toBe(0);

    const again = spawnGapwatch(['start', '--data-dir', folder]);
    const address = await readyAddress(again);
    expect(await getJson<Alert>(`${address}/v1/alerts/${id}`)).toMatchObject({ sequence: before.sequence });
    const body = JSON.stringify({
      kind: 'review',
      subject: 'review:new',
      customer: 'new',
      occurredAt: new Date().toISOString(),
      stage: 'shop',
      rating: { value: 1, min: 1, max: 5 },
    });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${address}/v1/sources/canonical/events`, { method: 'POST', headers, body });
    expect(await end(again)).toBe(0);
    expect(await endOf(folder, topicNames.deliveries)).toBe(deliveries);
    // the stop may have come before the last tick was folded
    expect(await verified(folder)).toMatchObject({ ...clean, behind: expect.any(Number) });
  }, 240_000);
});

const windowsOf = (folder: string) =>
  withDirectory(folder, async ({ log, state }) => {
    const cells: [string, readonly number[]][] = [];
    for (let partition = 0; partition < (await log.partitions(topicNames.signals)); partition += 1) {
      for await (const [key, fields] of state.partition('aggregator', partition).scanCells()) {
        cells.push([`${partition} ${key}`, fields]);
      }
    }
    return cells;
  });

const rules = (words: string) => `stages:
  - { id: delivery, match: [{ words: [parcel] }] }
  - { id: billing, match: [{ words: [${words}] }] }
`;

describe('a changed rule', () => {
  it('is planned, rebuilt, and then holds for the past as for a past that is played anew', async () => {
    const here = temporaryFolder();
    const past = join(here, 'past.ndjson');
    const [old, changed] = [join(here, 'old.yaml'), join(here, 'changed.yaml')];
    writeFileSync(old, rules('invoice'));
    writeFileSync(changed, rules('invoice, refund'));
    const texts = ['the parcel is late', 'a wrong invoice', 'no refund yet', 'nobody answers'];
    const lines = Array.from({ length: 400 }, (_, index) => ({
      kind: 'feedback',
      subject: `f:${index}`,
      customer: `c${index % 90}`,
      occurredAt: new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
      text: texts[index % texts.length],
      // a stage that the payload names is no matter of rules
      ...(index % 40 === 0 && { stage: 'delivery' }),
      ...(index % 40 === 1 && { stage: 'elsewhere' }),
    }));
    writeFileSync(past, lines.map((line) => JSON.stringify(line)).join('\n'));
    const folder = await played(past, '--config', old);
    const plan = JSON.parse(
      (await gapwatch(['config', 'plan', '--config', changed, '--json', '--data-dir', folder])).stdout,
    );
    expect(plan).toMatchObject({ rebuild: true, changes: [{ field: 'stages.billing.match', means: 'rebuild' }] });
    const before = await windowsOf(folder);
    const rebuilt = await gapwatch(['rebuild', '--config', changed, '--json', '--data-dir', folder]);
    expect(rebuilt.status, rebuilt.stderr).toBe(0);
    expect(JSON.parse(rebuilt.stdout).windows.changed).toBeGreaterThan(0);
    const after = await windowsOf(folder);
    expect(after).not.toEqual(before);
    const fresh = await played(past, '--config', changed);
    expect(after).toEqual(await windowsOf(fresh));
    expect(await alertsOf(folder)).toEqual([]);
    expect(await verified(folder)).toMatchObject(clean);
    const same = await gapwatch(['config', 'plan', '--config', changed, '--json', '--data-dir', folder]);
    expect(JSON.parse(same.stdout)).toMatchObject({ rebuild: false, changes: [] });
  }, 240_000);
});

describe('a changed tagger', () => {
  it('tags the past again, so that it is scored alike, and raises no alert', async () => {
    const past = join(temporaryFolder(), 'past.ndjson');
    const days = ['--days', '60', '--customers', '200', '--stages', 'shop,delivery', '--seed', '4'];
    writeFileSync(past, (await gapwatch(['simulate', ...days])).stdout);
    const folder = await played(past);
    const before = await windowsOf(folder);
    const written = await endOf(folder, topicNames.alerts);
    const harsher: typeof ownTagger = {
      revision: ownTagger.revision + 1,
      understand: (signal, stages) => {
        const { signal: placed, tags } = ownTagger.understand(signal, stages);
        return { signal: placed, tags: tags && { ...tags, issue: { ...tags.issue, state: 'unresolved' } } };
      },
    };
    await withDirectory(folder, async (directory) => {
      const { configuration } = (await announcedConfiguration(directory))!;
      const report = await rebuild(
        { ...directory, checkAlone: async () => {} },
        {
          settled: settle(configuration!, null),
          tagger: harsher,
          clock: systemClock,
          logger: createLogger('warn'),
          onProgress: () => {},
        },
      );
      expect(report).toMatchObject({ switched: true, verified: clean });
      expect(report.windows.changed).toBeGreaterThan(0);
    });
    expect(await windowsOf(folder)).not.toEqual(before);
    expect(await endOf(folder, topicNames.alerts)).toBe(written);
    // whoever has the tagger can compute the windows again; this build has not, and says so
    await withDirectory(folder, async (directory) => {
      const { past: known } = await activeGeneration(directory.store);
      const read = signalsReader(known, harsher);
      expect(await verify(directory, { onProgress: () => {}, read })).toMatchObject(clean);
    });
    const { status, stderr } = await gapwatch(['verify', '--data-dir', folder]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('run gapwatch rebuild')]);
  }, 240_000);
});

describe('a rebuild that cannot be', () => {
  const folder = temporaryFolder();
  it.each([
    [
      'where nothing was ever kept',
      {} as Record<string, string>,
      ['--data-dir', join(folder, 'none')],
      'is no data directory',
    ],
    ['on a Kafka without a Redis', { GAPWATCH_KAFKA_BROKERS: '127.0.0.1:1' }, [], 'no Redis is configured'],
  ])('is refused %s', async (_, environment, words, message) => {
    const { status, stderr } = await gapwatch(['rebuild', ...words], '', environment);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('is refused beside a running start', async () => {
    const data = join(folder, 'data');
    const running = spawnGapwatch(['start', '--data-dir', data]);
    await readyAddress(running);
    const { status, stderr } = await gapwatch(['rebuild', '--data-dir', data]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('works on')]);
    expect(await end(running)).toBe(0);
  });
});
