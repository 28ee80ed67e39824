// Files and claims beside a running start that was started with another configuration: what it does not know is named, and nothing
// is appended that nobody would read.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicNames } from '@gapwatch/contracts';
import { systemClock } from '@gapwatch/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDirectory } from '../../services/local/src/running/directory.ts';
import { gapwatchIn, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';

const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
const line = (fields: object) => `${JSON.stringify({ subject: 's', occurredAt: hourAgo, ...fields })}\n`;
const review = (stage: string) => line({ kind: 'review', customer: 'c', stage, text: 'Good.' });
const claim = (stage: string) => {
  const belief = { share: 0.9, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', what: 'kpi' };
  return line({ kind: 'belief', stage, belief });
};
const period = ['--from', '2026-01-01', '--to', '2027-01-01'];

describe('beside a start that knows the stage shop and the source canonical', () => {
  let folder: string;
  let data: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    data = join(folder, 'data');
    const file = join(folder, 'started.yaml');
    writeFileSync(file, 'stages: [{ id: shop }]\n');
    await readyAddress(spawnGapwatch(['start', '--config', file, '--data-dir', data]));
  });

  /** Runs a command in a folder with other files, and a configuration where one is given. */
  async function beside(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return gapwatchIn(folder, [...words, '--data-dir', data]);
  }

  async function appended() {
    const directory = openDirectory(data, systemClock);
    try {
      const topics = (await directory.log.topics()).filter((topic) => topic.startsWith('raw.'));
      const { records } = await directory.log.read(topicNames.signals, 0, 0, 1_000);
      const types = records.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()).type as string);
      // the start goes on ticking meanwhile
      return { topics, signals: types.filter((type) => type !== 'tick') };
    } finally {
      await directory.close();
    }
  }

  const sources =
    'stages: [{ id: shop }]\nsources: [{ id: canonical, type: canonical }, { id: moon, type: canonical }]\n';
  const stages = 'stages: [{ id: shop }, { id: moon }]\n';
  const topic = 'stages: [{ id: shop }]\nsources: [{ id: canonical, type: canonical, topic: moon.answers }]\n';
  const sourceRemedy =
    'there are canonical: name one of them with --source, or configure moon, then stop the running start';
  const stageRemedy = 'there are shop: correct its name, or add it to stages, then stop the running start';
  const ingest = ['ingest', 'a.ndjson', '--source', 'canonical'];

  it.each([
    ['a source', ['ingest', 'a.ndjson', '--source', 'moon'], sources, review('shop'), 'no source moon', sourceRemedy],
    ['a source without a configuration', ['ingest', 'a.csv'], undefined, '', 'no source csv', '--source'],
    ['a source of another topic', ingest, topic, review('shop'), 'and here it is moon.answers', 'correct its topic'],
    ['a stage', ingest, stages, review('moon'), 'no stage moon', stageRemedy],
    ['a stage of a claim in a file', ingest, undefined, claim('moon'), 's: no stage moon', stageRemedy],
    ['a stage of a claim', ['belief', 'moon', '0.9', ...period], undefined, '', 'no stage moon', stageRemedy],
    [
      'a source of a claim',
      ['belief', 'shop', '0.9', ...period, '--source', 'moon'],
      sources,
      '',
      'no source moon',
      'canonical',
    ],
  ])(
    '%s of another configuration ends the command, and nothing was appended',
    async (_what, words, configuration, content, unknown, remedy) => {
      const before = await appended();
      const files = { 'a.ndjson': content, ...(configuration !== undefined && { 'gapwatch.yaml': configuration }) };
      const { status, stdout, stderr } = await beside(words, files);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(unknown);
      expect(stderr).toContain(remedy);
      expect(await appended()).toEqual(before);
    },
  );

  it('what customers say on a stage that nobody configured counts as unknown, with a warning', async () => {
    const { status, stdout, stderr } = await beside([...ingest, '--json'], { 'a.ndjson': review('moon') });
    expect([status, JSON.parse(stdout).accepted]).toEqual([0, 1]);
    expect(stderr).toBe('warning: stage: "moon" is not configured, it counts as unknown: add it to stages\n');
  });

  it('claims on the stages that it knows are taken', async () => {
    expect(await beside(ingest, { 'a.ndjson': claim('shop') })).toMatchObject({ status: 0, stderr: '' });
    expect(await beside(['belief', 'shop', '0.9', ...period])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('without a start', () => {
  it('a claim on a stage that is not configured is refused as well', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'gapwatch.yaml'), 'stages: [{ id: shop }]\n');
    writeFileSync(join(folder, 'a.ndjson'), claim('moon'));
    for (const words of [
      ['ingest', 'a.ndjson'],
      ['belief', 'moon', '0.9', ...period],
    ]) {
      const { status, stderr } = await gapwatchIn(folder, [...words, '--data-dir', 'data']);
      expect([status, stderr.includes('no stage moon is in force')]).toEqual([2, true]);
    }
  });
});
