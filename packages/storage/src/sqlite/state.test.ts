import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateContract } from '../contract.ts';
import { openSqliteState } from './state.ts';

function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'gapwatch-state-'));
}

stateContract('SQLite', async () => {
  const directory = temporaryDirectory();
  return {
    durable: true,
    open: async () => openSqliteState(join(directory, 'state.db')),
    destroy: async () => rmSync(directory, { recursive: true }),
  };
});

describe('the file of the state', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = temporaryDirectory();
    file = join(directory, 'state.db');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('names a missing directory', () => {
    const missing = join(directory, 'missing', 'state.db');
    expect(() => openSqliteState(missing)).toThrow(expect.objectContaining({ code: 'missing-directory' }));
  });

  it('names a file that is no database', () => {
    writeFileSync(file, 'x'.repeat(20_000));
    expect(() => openSqliteState(file)).toThrow(expect.objectContaining({ code: 'corrupted' }));
  });

  it('names a directory in the place of the file', () => {
    expect(() => openSqliteState(directory)).toThrow(expect.objectContaining({ code: 'cannot-open' }));
  });

  it('sweeps away what a dropped namespace held', async () => {
    const store = openSqliteState(file);
    const documents = [{ key: 'a', value: '1', due: 1 }];
    await store.partition('old', 0).apply({ expected: 0, next: 1, documents, cells: new Map([['w', [1]]]) });
    await store.drop('old');
    await store.close();
    const raw = new DatabaseSync(file);
    for (const table of ['partitions', 'documents', 'cells']) {
      expect(raw.prepare(`SELECT count(*) AS rows FROM ${table}`).get()).toEqual({ rows: 0 });
    }
    raw.close();
  });
});
