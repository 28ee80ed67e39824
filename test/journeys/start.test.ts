// The first five minutes: a clone, one command, an alert; and what happens when it is stopped, killed or started twice.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

type Alert = { id: string; stage: string; state: string; sequence?: number; openedAt: string };
type Alerts = { items: Alert[]; next: string | null };

function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

// a year of an example company is played and folded: half a minute on an idle machine
describe('gapwatch start --demo', { timeout: 180_000 }, () => {
  it('shows the stage that widens and no other, ends in order, and tells the same when npm starts it again', async () => {
    const folder = join(temporaryFolder(), 'data');
    const first = spawnGapwatch(['start', '--demo', '--data-dir', folder]);
    const address = await readyAddress(first);
    const alerts = await getJson<Alerts>(`${address}/v1/alerts`);
    expect(alerts.items.filter(({ state }) => state === 'open').map(({ stage }) => stage)).toEqual(['delivery']);
    expect(new Set(alerts.items.map(({ stage }) => stage))).toEqual(new Set(['delivery']));
    const concerned = await getJson<{ items: object[] }>(`${address}/v1/alerts/${alerts.items[0]?.id}/customers`);
    expect(concerned.items.length).toBeGreaterThan(0);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(residentBytes(first.pid!)).toBeLessThan(350 * 2 ** 20);
    expect(await end(first)).toBe(0);

    const listed = await gapwatch([
      'alerts',
      'customers',
      alerts.items[0]!.id.slice(0, 8),
      '--csv',
      '--data-dir',
      folder,
    ]);
    expect(listed.status).toBe(0);
    expect(listed.stdout).toMatch(/^customer,segment,issue,reasons,since,lastAt,contacts,claimedAt,threads,url\r\n\S/);
    const verified = await gapwatch(['verify', '--json', '--data-dir', folder]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
    expect(verified.status).toBe(0);

    // again, as a reader of the README starts it: a signal to npm ends it within ten seconds, with all that it started
    const env = { ...process.env, GAPWATCH_DATA_DIR: folder, GAPWATCH_HTTP_PORT: '0' };
    const npm = spawn('npm', ['start'], { cwd: repository, env, detached: true });
    try {
      const again = await getJson<Alerts>(`${await readyAddress(npm)}/v1/alerts`);
      expect(again.items.map(({ id }) => id)).toEqual(alerts.items.map(({ id }) => id));
      const exited = once(npm, 'exit');
      npm.kill('SIGTERM');
      const deadline = AbortSignal.timeout(10_000);
      const [status, signal] = await Promise.race([
        exited,
        once(deadline, 'abort').then(() => ['still running', null]),
      ]);
      expect([status, signal]).toEqual([0, null]);
      // nobody is left in its group
      await expect.poll(() => isAlive(-npm.pid!), { timeout: 5_000 }).toBe(false);
    } finally {
      if (isAlive(-npm.pid!)) process.kill(-npm.pid!, 'SIGKILL');
    }
  });
});

describe('a play that was cut off', () => {
  it('is played anew by the next start, and ends in order on an interrupt', async () => {
    const folder = join(temporaryFolder(), 'data');
    const past = join(temporaryFolder(), 'past.ndjson');
    const company = ['--days', '40', '--customers', '200', '--stages', 'shop', '--seed', '3'];
    writeFileSync(past, (await gapwatch(['simulate', ...company])).stdout);
    const words = ['start', '--replay', past, '--data-dir', folder];
    const first = spawnGapwatch(words);
    // the marker says that a play was begun: it is the first thing that appears
    const marker = join(folder, 'play.json');
    await expect.poll(() => readIfThere(marker), { timeout: 30_000, interval: 5 }).toContain('"written":false');
    await end(first, 'SIGKILL');
    const second = spawnGapwatch(words);
    await readyAddress(second);
    expect(await end(second, 'SIGINT')).toBe(0);
    expect(readFileSync(marker, 'utf8')).toContain('"written":true');
    const verified = await gapwatch(['verify', '--json', '--data-dir', folder]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0 });
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a start that cannot be', () => {
  it('is refused while another works on the directory, naming it', async () => {
    const folder = join(temporaryFolder(), 'data');
    const first = spawnGapwatch(['start', '--data-dir', folder]);
    await readyAddress(first);
    const second = await gapwatch(['start', '--data-dir', folder]);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain(`process ${first.pid} works on this directory already`);
    const verified = await gapwatch(['verify', '--data-dir', folder]);
    expect(verified.status).toBe(2);
    await end(first);
  });

  it('is refused where the port is taken', async () => {
    const first = spawnGapwatch(['start', '--data-dir', join(temporaryFolder(), 'data')]);
    const { port } = new URL(await readyAddress(first));
    const second = await gapwatch(['start', '--port', port, '--data-dir', join(temporaryFolder(), 'data')]);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain(`127.0.0.1:${port} is taken`);
    await end(first);
  });

  const refused: [string, string[], Record<string, string>, string][] = [
    ['a port that is none', ['--port', '80800'], {}, '--port: "80800"'],
    ['two pasts', ['--demo', '--replay', 'x.csv'], {}, 'choose one'],
    ['a configuration that is not there', ['--config', 'none.yaml'], {}, 'none.yaml'],
    ['a file that is not there', ['--replay', 'none.csv'], {}, 'none.csv'],
    ['strangers without tokens', [], { GAPWATCH_HTTP_HOST: '0.0.0.0' }, 'GAPWATCH_TOKENS'],
    ['a token that is easy to guess', [], { GAPWATCH_TOKENS: 'read:secret' }, 'too easy to guess'],
  ];
  it.each(refused)('is refused with %s', async (_name, words, environment, message) => {
    const folder = join(temporaryFolder(), 'data');
    const ended = await gapwatch(['start', '--data-dir', folder, ...words], '', environment);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.status).toBe(2);
  });

  it('is refused by a directory of a later version, or one that is none', async () => {
    const folder = join(temporaryFolder(), 'data');
    mkdirSync(folder);
    writeFileSync(join(folder, 'log.db'), 'no database at all, but long enough to be looked at'.repeat(50));
    const ended = await gapwatch(['start', '--data-dir', folder]);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('log.db');
  });
});
