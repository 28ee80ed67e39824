// What enters the log is in the archive, each record once, and DuckDB answers what the API answers.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { systemClock } from '@gapwatch/runtime';
import { openFolderArchive, readPartition } from '@gapwatch/storage';
import { openEmbeddedLog } from '@gapwatch/transport';
import { describe, expect, it } from 'vitest';
import {
  end,
  gapwatch,
  getJson,
  readyAddress,
  repository,
  spawnGapwatch,
  temporaryFolder,
} from './gapwatch.fixture.ts';

type Windows = { items: { from: string; statements: number }[] };
type Row = Record<string, unknown>;

const begin = Date.UTC(2026, 2, 1);
const stages = ['shop', 'delivery', 'support'];

/** One statement every `everyMinutes`, in turn at each stage. */
function exportOf(hours: number, everyMinutes: number): string {
  const count = Math.floor((hours * 60) / everyMinutes);
  const lines = Array.from({ length: count }, (_, index) => {
    const occurredAt = new Date(begin + index * everyMinutes * 60_000).toISOString();
    const rating = { value: 1 + (index % 5), min: 1, max: 5 };
    const place = { stage: stages[index % stages.length], customer: `c${index % 97}` };
    return JSON.stringify({ kind: 'review', subject: `review:${index}`, ...place, occurredAt, rating });
  });
  return `${lines.join('\n')}\n`;
}

/** Records by topic as the log's marks say. */
async function recordsInLog(folder: string): Promise<Record<string, number>> {
  const log = openEmbeddedLog(join(folder, 'log.db'), { clock: systemClock });
  const records: Record<string, number> = {};
  for (const topic of await log.topics()) {
    for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
      const { low, high } = await log.marks(topic, partition);
      if (high > low) records[topic] = (records[topic] ?? 0) + high - low;
    }
  }
  await log.close();
  return records;
}

/** The SQL of the manual, with the data directory of the test in it. */
function manualQueries(folder: string): string[] {
  const manual = readFileSync(join(repository, 'docs/archive.md'), 'utf8');
  return [...manual.matchAll(/```sql\n([^`]+)```/g)].map(([, sql = '']) => sql.replaceAll('.gapwatch', folder));
}

async function openDuckDb(folder: string): Promise<(sql: string) => Promise<Row[]>> {
  const connection = await (await DuckDBInstance.create()).connect();
  const [view = ''] = manualQueries(folder);
  await connection.run(view);
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** Records that the archiver has not read yet; null before it runs. */
async function lagOf(address: string): Promise<number | null> {
  const metrics = await (await fetch(`${address}/metrics`)).text();
  const lags = [...metrics.matchAll(/^gapwatch_lag_records\{service="archiver".*\} (\d+)$/gm)];
  const positions = [...metrics.matchAll(/^gapwatch_position\{service="archiver",topic="signals".*\} (\d+)$/gm)];
  if (!positions.some(([, position]) => Number(position) > 0)) return null;
  return lags.reduce((sum, [, lag]) => sum + Number(lag), 0);
}

describe('the archive of a start', () => {
  it('has every record of the log, and SQL over it says what the API says', async () => {
    const folder = join(temporaryFolder(), 'data');
    const file = join(temporaryFolder(), 'reviews.ndjson');
    writeFileSync(file, exportOf(72, 20));
    const child = spawnGapwatch(['start', '--replay', file, '--data-dir', folder]);
    const address = await readyAddress(child);
    const windows: Row[] = [];
    for (const stage of stages.toSorted()) {
      const { items } = await getJson<Windows>(`${address}/v1/stages/${stage}/windows?step=1d`);
      for (const { from, statements } of items)
        windows.push({ stage, day: from.slice(0, 10), statements: `${statements}` });
    }
    expect(windows).toHaveLength(9);
    await expect.poll(() => lagOf(address), { timeout: 30_000 }).toBe(0);
    expect(await end(child)).toBe(0);

    const query = await openDuckDb(folder);
    const [, count = '', statements = ''] = manualQueries(folder);
    const counted = (await query(count)).map(({ topic, records }) => [topic, Number(records)]);
    expect(Object.fromEntries(counted)).toEqual(await recordsInLog(folder));
    expect(await query(statements)).toEqual(windows);
    expect(await query(`SELECT DISTINCT typeof(timestamp) AS type FROM archive`)).toEqual([{ type: 'TIMESTAMP' }]);
    const misplaced = `SELECT count(*) AS records FROM archive
      WHERE strftime(timestamp, '%Y-%m-%d') <> CAST(dt AS VARCHAR) OR strftime(timestamp, '%H') <> hr OR part <> "partition"`;
    expect(await query(misplaced)).toEqual([{ records: '0' }]);
    const plan = await query(`EXPLAIN ANALYZE SELECT * FROM archive WHERE topic = 'signals' AND dt = '2026-03-02'`);
    const all = globSync(join(folder, 'archive/*/*/*/*/*.ndjson.zst'));
    const day = globSync(join(folder, 'archive/topic=signals/dt=2026-03-02/*/*/*.ndjson.zst'));
    expect(JSON.stringify(plan)).toContain(`${day.length}/${all.length}`);
    expect(day.length).toBeLessThan(all.length / 3);
  });

  it('has what the log has let go, and windows are counted from both', async () => {
    const folder = join(temporaryFolder(), 'data');
    const file = join(temporaryFolder(), 'reviews.ndjson');
    writeFileSync(file, exportOf(24 * 40, 60));
    const start = async () => {
      const words = ['start', '--replay', file, '--data-dir', folder];
      const child = spawnGapwatch(words, { GAPWATCH_PARTITIONS: '1' });
      return { child, address: await readyAddress(child) };
    };
    const first = await start();
    await expect.poll(() => lagOf(first.address), { timeout: 30_000 }).toBe(0);
    expect(await end(first.child)).toBe(0);
    const before = await recordsInLog(folder);

    const second = await start();
    const left = async () => (await recordsInLog(folder)).signals ?? 0;
    await expect.poll(left, { timeout: 20_000 }).toBeLessThan(before.signals! * 0.95);
    expect(await end(second.child)).toBe(0);

    const verified = await gapwatch(['verify', '--data-dir', folder, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
    const rebuilt = await gapwatch(['rebuild', '--data-dir', folder, '--json']);
    expect(rebuilt).toMatchObject({ status: 0 });
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ records: before.signals });
    const third = await start();
    expect(await end(third.child)).toBe(0);
  });

  it('loses and doubles nothing when it is killed, again and again, while it writes', {
    timeout: 240_000,
  }, async () => {
    const folder = join(temporaryFolder(), 'data');
    const file = join(temporaryFolder(), 'reviews.ndjson');
    writeFileSync(file, exportOf(24 * 7, 10));
    const objects = () => globSync(join(folder, 'archive/*/*/*/*/*.ndjson.zst')).length;
    for (let kill = 1; kill <= 3; kill += 1) {
      const child = spawnGapwatch(['start', '--replay', file, '--data-dir', folder]);
      await readyAddress(child);
      await expect.poll(objects, { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(kill * 60);
      await end(child, 'SIGKILL');
    }
    const child = spawnGapwatch(['start', '--replay', file, '--data-dir', folder]);
    const address = await readyAddress(child);
    await expect.poll(() => lagOf(address), { timeout: 60_000 }).toBe(0);
    expect(await end(child)).toBe(0);

    const log = openEmbeddedLog(join(folder, 'log.db'), { clock: systemClock });
    const archive = openFolderArchive(join(folder, 'archive'));
    for (const topic of await log.topics()) {
      for (let partition = 0; partition < (await log.partitions(topic)); partition += 1) {
        const { high } = await log.marks(topic, partition);
        const { records } = await log.read(topic, partition, 0, high);
        const items = await Array.fromAsync(readPartition(archive, topic, partition));
        expect(items.map((item) => (item.type === 'record' ? text(item.record) : item))).toEqual(records.map(text));
      }
    }
    await log.close();
  });

  it('is not there where the configuration has it off', async () => {
    const folder = join(temporaryFolder(), 'data');
    const config = join(temporaryFolder(), 'gapwatch.yaml');
    writeFileSync(config, 'archive: off\n');
    const child = spawnGapwatch(['start', '--config', config, '--data-dir', folder]);
    await readyAddress(child);
    expect(await end(child)).toBe(0);
    expect(existsSync(join(folder, 'log.db'))).toBe(true);
    expect(existsSync(join(folder, 'archive'))).toBe(false);
  });
});

function text({
  offset,
  time,
  value,
  key,
}: {
  offset: number;
  time: number;
  value: Uint8Array | null;
  key: string | null;
}) {
  return [offset, time, key, value && new TextDecoder().decode(value)];
}
