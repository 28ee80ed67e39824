import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namespaceOf as archiverOf } from '@gapwatch/archiver';
import { type Configuration, configurationSchema, rawTopic, topicNames } from '@gapwatch/contracts';
import { encodeLine, objectKey, openFolderArchive, packLines } from '@gapwatch/storage';
import { namespaceOf as taggerOf } from '@gapwatch/tagger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataDirectory, files, openDirectory } from './directory.ts';
import { readingsOf } from './folded.ts';
import { letGo } from './retention.ts';
import { prepareTopics } from './topics.ts';

const day = 86_400_000;
const now = 100 * day;
const raw = rawTopic('canonical');
const archived = configurationSchema.parse({});
const unarchived = configurationSchema.parse({ archive: 'off' });

describe('the log of a data directory', () => {
  let folder: string;
  let directory: DataDirectory;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gapwatch-retention-'));
    directory = openDirectory(folder, { now: () => now });
    await prepareTopics(directory.log, archived, 1);
    // one record a day in every topic, up to today
    for (const topic of await directory.log.topics()) {
      const record = (daysAgo: number) => ({ topic, partition: 0, key: null, value: '{}', time: now - daysAgo * day });
      await directory.log.append(Array.from({ length: 60 }, (_, index) => record(59 - index)));
    }
  });
  afterEach(async () => {
    await directory.close();
    rmSync(folder, { recursive: true });
  });

  /** As if it had been read up to there. */
  async function read(namespace: string, next: number): Promise<void> {
    const own = directory.state.partition(namespace, 0);
    await own.apply({ expected: await own.position(), next, documents: [], cells: new Map() });
  }

  async function readAll(): Promise<void> {
    for (const { namespace } of readingsOf([raw])) await read(namespace, 60);
    for (const topic of await directory.log.topics()) await read(archiverOf(topic), 60);
  }

  async function keep(topic: string, first: number, last: number): Promise<void> {
    const { records } = await directory.log.read(topic, 0, first, last - first + 1);
    const bytes = await packLines(Buffer.from(records.map(encodeLine).join('')));
    await openFolderArchive(join(folder, files.archive)).put(
      objectKey({ topic, partition: 0, hour: 0, first, last }),
      bytes,
    );
  }

  /** Days that are still there, by topic. */
  async function kept(configuration: Configuration): Promise<Record<string, number>> {
    await letGo(now, { directory, configuration });
    const days: Record<string, number> = {};
    for (const topic of await directory.log.topics()) {
      const { low, high } = await directory.log.marks(topic, 0);
      days[topic] = high - low;
    }
    return days;
  }

  const all = { [raw]: 60, signals: 60, friction: 60, alerts: 60, deliveries: 60, commands: 60, 'dead-letters': 60 };

  it('keeps what somebody still has to read', async () => {
    expect(await kept(archived)).toEqual(all);
    await read(taggerOf(raw), 60);
    expect(await kept(archived)).toEqual(all);
  });

  it('lets go what has outlived its retention: payloads after a week, what is counted from where the archive has it', async () => {
    await readAll();
    expect(await kept(archived)).toEqual({ ...all, [raw]: 8, 'dead-letters': 31 });
    await keep(topicNames.signals, 0, 9);
    await keep(topicNames.signals, 10, 59);
    await keep(topicNames.friction, 0, 9);
    await keep(topicNames.friction, 11, 59);
    expect(await kept(archived)).toEqual({ ...all, [raw]: 8, 'dead-letters': 31, signals: 36, friction: 50 });
    const { low } = await directory.history.marks(topicNames.signals, 0);
    expect(low).toBe(0);
    expect((await directory.history.read(topicNames.signals, 0, 0, 10)).records).toHaveLength(10);
  });

  it('lets go no more than was archived', async () => {
    await read(taggerOf(raw), 60);
    await read(archiverOf(raw), 5);
    expect(await kept(archived)).toMatchObject({ [raw]: 55 });
  });

  it('keeps what is counted from without an archive, and payloads no longer', async () => {
    await readAll();
    expect(await kept(unarchived)).toEqual({ ...all, [raw]: 8, 'dead-letters': 31 });
  });

  it('takes the topic that a source names for payloads, whether it is configured or not, and keeps its newest record', async () => {
    await directory.log.createTopic('shop.events', 1);
    const old = { topic: 'shop.events', partition: 0, key: null, value: '{}', time: now - 50 * day };
    await directory.log.append([old, old, old]);
    expect(await kept(unarchived)).toMatchObject({ 'shop.events': 3 });
    await read(taggerOf('shop.events'), 3);
    expect(await kept(unarchived)).toMatchObject({ 'shop.events': 1 });
  });
});
