import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDirectory } from './lock.ts';

const lockModule = new URL('./lock.ts', import.meta.url).href;

/** Another process that takes the lock, says so, and holds it until it is killed. */
async function startHolder(directory: string) {
  const script = `
    import { lockDataDirectory } from ${JSON.stringify(lockModule)};
    // held: a lock that nobody holds on to is collected, and let go
    globalThis.lock = lockDataDirectory(${JSON.stringify(directory)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a data directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gapwatch-lock-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is had by one at a time, and again after it was let go', () => {
    const lock = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(
      expect.objectContaining({ code: 'locked', message: expect.stringContaining(`process ${process.pid} `) }),
    );
    lock.release();
    lock.release();
    lockDataDirectory(directory).release();
  });

  it('is held against other processes, names them, and goes with them when they are killed', async () => {
    const holder = await startHolder(directory);
    const exited = once(holder, 'exit');
    expect(() => lockDataDirectory(directory)).toThrow(`process ${holder.pid} works on this directory already`);
    holder.kill('SIGKILL');
    await exited;
    lockDataDirectory(directory).release();
  });

  it('names a directory that does not exist', () => {
    expect(() => lockDataDirectory(join(directory, 'missing'))).toThrow(
      expect.objectContaining({ code: 'missing-directory' }),
    );
  });
});
