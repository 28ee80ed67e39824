// From a data directory to Kafka, Redis and S3: its archive copied to the bucket, then a rebuild; nothing that was decided is
// decided again, and nobody is told again.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { topicNames } from '../../packages/contracts/src/index.ts';
import { type Archive, openFolderArchive, parseObjectKey } from '../../packages/storage/src/index.ts';
import { openS3Archive } from '../../packages/storage/src/s3/index.ts';
import { testBucket } from '../parts/s3.ts';
import { end, gapwatch, getJson, readyAddress, spawnGapwatch, temporaryFolder } from './gapwatch.fixture.ts';
import {
  archivedInstallation,
  emptyRedis,
  reviews,
  startArchivedParts,
  startWorker,
  withBucket,
  withOwnParts,
} from './kafka.fixture.ts';

const real = await startArchivedParts();
afterAll(() => real?.stop());

const suite = withBucket('a data directory that moves to real parts');
const patience = { timeout: 60_000, interval: 100 };
const clean = { wrong: 0, missing: 0, extra: 0 };
const company = ['--days', '50', '--customers', '700', '--stages', 'delivery', '--seed', '3'];
const planted = ['--ratings-only', '--plant', 'delivery:0.5@38'];

type Alert = { id: string; sequence: number; state: string; history: object[] };

/** Plays seven weeks; somebody works on the alert, which whoever is told is told of. Answers the directory and the alert. */
async function lived(): Promise<{ folder: string; id: string }> {
  const past = join(temporaryFolder(), 'past.ndjson');
  writeFileSync(past, (await gapwatch(['simulate', ...company, ...planted])).stdout);
  const folder = join(temporaryFolder(), 'data');
  const running = spawnGapwatch(['start', '--replay', past, '--data-dir', folder], { GAPWATCH_PARTITIONS: '2' });
  await readyAddress(running);
  const { stdout } = await gapwatch(['alerts', 'list', '--json', '--data-dir', folder]);
  const { id } = (JSON.parse(stdout) as Alert[]).find(({ state }) => state === 'open')!;
  for (const words of [
    ['acknowledge', id],
    ['snooze', id, '--for', '3d'],
    ['verdict', id, 'useful'],
  ]) {
    const given = await gapwatch(['alerts', ...words, '--by', 'anna', '--data-dir', folder]);
    expect(given.status, given.stderr).toBe(0);
  }
  expect(await end(running)).toBe(0);
  // a stop archives for a few seconds; the rest is the next start's
  while (!(await isArchived(folder))) {
    const again = spawnGapwatch(['start', '--data-dir', folder]);
    await readyAddress(again);
    expect(await end(again)).toBe(0);
  }
  return { folder, id };
}

async function isArchived(folder: string): Promise<boolean> {
  const { stdout } = await gapwatch(['doctor', '--json', '--data-dir', folder]);
  const findings = JSON.parse(stdout) as { what: string; state: string }[];
  return findings.some(({ what, state }) => what === 'archive' && state === 'good');
}

async function emptied(archive: Archive): Promise<Archive> {
  for await (const key of archive.list('')) await archive.delete(key);
  return archive;
}

/** What `aws s3 sync` does. */
async function copied(folder: string, bucket: Archive, isWanted: (key: string) => boolean = () => true): Promise<void> {
  const archive = openFolderArchive(join(folder, 'archive'));
  const keys = (await Array.fromAsync(archive.list(''))).filter(isWanted);
  while (keys.length > 0)
    await Promise.all(keys.splice(0, 16).map(async (key) => bucket.put(key, await archive.get(key))));
  await archive.close();
}

/** Its object with the last records of partition 0. */
async function newestOf(folder: string, topic: string): Promise<string> {
  const archive = openFolderArchive(join(folder, 'archive'));
  const keys = await Array.fromAsync(archive.list(`topic=${topic}/`));
  await archive.close();
  return keys.filter((key) => parseObjectKey(key)?.partition === 0).at(-1)!;
}

describe.skipIf(real === null)(suite, { timeout: 240_000 }, () => {
  let environment: Record<string, string>;
  let bucket: Archive;
  beforeEach(async () => {
    // another number of partitions than the directory has, and no configuration but what the log ends with
    environment = { ...archivedInstallation(real!), GAPWATCH_PARTITIONS: '', GAPWATCH_CONFIG: '' };
    Object.assign(process.env, real!.s3.environment);
    await emptyRedis(real!.redis);
    bucket = await emptied(openS3Archive({ endpoint: real!.s3.endpoint, bucket: testBucket }));
  });

  const shown = async (id: string, ...where: string[]): Promise<Alert> =>
    JSON.parse((await gapwatch(['alerts', 'show', id, '--json', ...where], '', environment)).stdout);
  const endOf = (topic: string) => withOwnParts(environment, async ({ log }) => (await log.marks(topic, 0)).high);
  const rebuilt = () => gapwatch(['rebuild', '--json'], '', environment);

  it('goes on where it was, also after a kill half-way', async () => {
    const { folder, id } = await lived();
    const before = await shown(id, '--data-dir', folder);
    expect(before.history.length).toBeGreaterThan(3);
    // the newest of signals is missing, and the hours that were made of it are there
    const newest = await newestOf(folder, topicNames.signals);
    await copied(folder, bucket, (key) => key !== newest);
    expect(await rebuilt()).toMatchObject({ status: 2, stderr: expect.stringContaining('not whole yet') });
    await copied(folder, bucket);
    const keys = await Array.fromAsync(bucket.list(''));

    // it writes what the one before had not
    const written = await endOf(topicNames.signals);
    const killed = spawnGapwatch(['rebuild'], environment);
    await expect.poll(() => endOf(topicNames.signals), patience).toBeGreaterThan(written);
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);

    const { status, stdout, stderr } = await rebuilt();
    expect(status, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ switched: true, verified: clean, windows: { changed: 0 } });
    expect(report.alerts).toEqual({ kept: [id], closing: [], found: [] });
    expect(report.restored).toBeGreaterThan(report.records);
    expect((await gapwatch(['topics'], '', environment)).status).toBe(0);
    expect(await shown(id)).toEqual(before);
    const told = await endOf(topicNames.deliveries);
    expect(told).toBeGreaterThan(0);

    const worker = await startWorker(environment, ['all']);
    const sent = await fetch(`${worker.address}/v1/sources/canonical/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(reviews(40, 'new', Date.now())),
    });
    expect(sent.status).toBe(202);
    type Source = { id: string; accepted: number };
    const taken = async () =>
      (await getJson<{ items: Source[] }>(`${worker.address}/v1/sources`)).items.map(({ accepted }) => accepted);
    await expect.poll(taken, patience).toEqual([40]);
    const checked = async () => JSON.parse((await gapwatch(['verify', '--json'], '', environment)).stdout);
    await expect.poll(checked, patience).toMatchObject({ ...clean, behind: 0 });
    expect(await getJson<Alert>(`${worker.address}/v1/alerts/${id}`)).toMatchObject({ sequence: before.sequence });
    expect(await end(worker.child)).toBe(0);
    expect(await endOf(topicNames.deliveries)).toBe(told);
    await withOwnParts(environment, async ({ log }) => {
      for (const topic of await log.topics()) expect(await log.isPastOpen(topic), topic).toBe(false);
    });

    // what came with the directory is not archived once more
    const added = (await Array.fromAsync(bucket.list(`topic=${topicNames.signals}/`))).filter(
      (key) => !keys.includes(key),
    );
    expect(added.length).toBeGreaterThan(0);
    for (const key of added) expect(parseObjectKey(key)?.first).toBeGreaterThan(0);
  });
});
