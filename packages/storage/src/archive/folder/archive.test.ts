import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveContract } from '../contract.ts';
import { openFolderArchive } from './archive.ts';

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'gapwatch-archive-'));
}

archiveContract('folder', async () => {
  const folder = temporaryFolder();
  return {
    durable: true,
    open: async () => openFolderArchive(folder),
    destroy: async () => rmSync(folder, { recursive: true }),
  };
});

describe('the folder of an archive', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const bytes = new Uint8Array([1, 2, 3]);

  it('holds each object as a file under its key, for the eyes of its owner alone', async () => {
    const root = join(folder, 'made', 'for', 'it');
    await openFolderArchive(root).put('topic=a/1.z', bytes);
    expect(statSync(join(root, 'topic=a/1.z')).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'topic=a')).mode & 0o777).toBe(0o700);
  });

  it('shows nothing half-written, nor what somebody else put there, and clears the former away', async () => {
    const archive = openFolderArchive(folder);
    await archive.put('topic=a/1.z', bytes);
    writeFileSync(join(folder, '.unfinished', 'half'), 'ha');
    writeFileSync(join(folder, 'topic=a', '.DS_Store'), '');
    mkdirSync(join(folder, 'not a key'));
    writeFileSync(join(folder, 'not a key', 'x'), '');
    const again = openFolderArchive(folder);
    expect(await Array.fromAsync(again.list(''))).toEqual(['topic=a/1.z']);
    expect(readdirSync(join(folder, '.unfinished'))).toEqual([]);
  });

  it('leaves no directory behind an object that was deleted, and makes one that is gone anew', async () => {
    const archive = openFolderArchive(folder);
    await archive.put('a/b/1.z', bytes);
    await archive.delete('a/b/1.z');
    expect(readdirSync(folder)).toEqual(['.unfinished']);
    await archive.put('a/b/1.z', bytes);
    rmSync(join(folder, 'a'), { recursive: true });
    expect(await archive.put('a/b/2.z', bytes)).toBe('stored');
  });

  it('names a folder that cannot be', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openFolderArchive(join(folder, 'file', 'archive'))).toThrow(
      expect.objectContaining({ name: 'StorageError', message: expect.stringContaining(join(folder, 'file')) }),
    );
  });

  it('says so when it was taken away', async () => {
    const archive = openFolderArchive(folder);
    rmSync(folder, { recursive: true });
    await expect(archive.put('a/1.z', bytes)).rejects.toMatchObject({ code: 'missing-directory', transient: false });
  });

  it('says so when a file stands in the way of a folder', async () => {
    const archive = openFolderArchive(folder);
    await archive.put('a', bytes);
    await expect(archive.put('a/1.z', bytes)).rejects.toMatchObject({ code: 'cannot-open' });
  });
});
