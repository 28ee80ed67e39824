import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { logContract } from '../contract.ts';
import { openEmbeddedLog } from './log.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-log-'));
  folders.push(folder);
  return folder;
}

logContract('embedded', async () => {
  let now = 0;
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-log-'));
  return {
    durable: true,
    keepsTime: true,
    setTime: (timeMs) => {
      now = timeMs;
    },
    open: async () => openEmbeddedLog(join(folder, 'log.db'), { clock: { now: () => now } }),
    destroy: async () => rmSync(folder, { recursive: true }),
  };
});

async function appendElsewhere(path: string, first: number, count: number): Promise<void> {
  const program = join(import.meta.dirname, 'append.fixture.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, path, String(first), String(count)], {
    stdio: 'inherit',
  });
  const [status] = await once(child, 'exit');
  expect(status).toBe(0);
}

describe('an embedded log', () => {
  it('is shared by processes: none loses a record, and a reader hears of them all', async () => {
    const path = join(temporaryFolder(), 'log.db');
    const log = openEmbeddedLog(path, { clock: { now: () => 0 } });
    await log.createTopic('signals', 1);
    const values = new Set<string>();
    const all = Promise.withResolvers<void>();
    const consumer = await log.consume(
      { group: 'group', topics: ['signals'], chunkRecords: 10 },
      {
        assigned: async () => 0,
        chunk: async ({ records, next }) => {
          for (const { value } of records) values.add(new TextDecoder().decode(value ?? undefined));
          if (values.size === 150) all.resolve();
          return next;
        },
        revoked: async () => {},
        failed: (_topic, _partition, error) => all.reject(error),
      },
    );
    const others = [appendElsewhere(path, 0, 50), appendElsewhere(path, 50, 50)];
    for (let number = 100; number < 150; number += 1) {
      await log.append([{ topic: 'signals', key: null, value: String(number), partition: 0 }]);
    }
    await Promise.all(others);
    await all.promise;
    expect((await log.marks('signals', 0)).high).toBe(150);
    await consumer.stop();
    await log.close();
  });

  it('gives a group to one member', async () => {
    const log = openEmbeddedLog(join(temporaryFolder(), 'log.db'), { clock: { now: () => 0 } });
    await log.createTopic('signals', 1);
    const handlers = { assigned: async () => 0, chunk: async () => 0, revoked: async () => {}, failed: () => {} };
    const consumer = await log.consume({ group: 'one', topics: ['signals'], chunkRecords: 1 }, handlers);
    await expect(log.consume({ group: 'one', topics: ['signals'], chunkRecords: 1 }, handlers)).rejects.toThrow(
      'one member',
    );
    await consumer.stop();
    await log.close();
  });

  it('says plainly what is wrong with its place', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'log.db');
    const clock = { now: () => 0 };
    expect(() => openEmbeddedLog(join(folder, 'none', 'log.db'), { clock })).toThrow('the directory does not exist');
    writeFileSync(path, 'no database, but long enough that somebody looks at it'.repeat(40));
    expect(() => openEmbeddedLog(path, { clock })).toThrow('the file is damaged, or no database');
  });
});
