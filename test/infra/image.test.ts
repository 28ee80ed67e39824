// infra/Dockerfile: its rules by text, and its build steps in a folder, as no Docker engine runs them here.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, temporaryFolder } from '../journeys/gapwatch.fixture.ts';

const dockerfile = readFileSync(join(repository, 'infra/Dockerfile'), 'utf8');
const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};

describe('the image', () => {
  it('has node as process 1, is not root, and stops by SIGTERM', () => {
    expect(last).toMatch(/^ENTRYPOINT \["node", "services\/local\/bin\/gapwatch\.js"\]$/m);
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(last).not.toMatch(/^RUN .*npm/m);
  });

  it('copies nothing that .dockerignore keeps out', () => {
    const allowed = readFileSync(join(repository, 'infra/Dockerfile.dockerignore'), 'utf8').match(/(?<=^!)\S+/gm) ?? [];
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(copied.sort()).toEqual(allowed.toSorted());
  });

  it('is built by steps that leave a working command and no development tools', { timeout: 300_000 }, () => {
    const folder = temporaryFolder();
    const kept = (path: string) => !/\/(node_modules|dist)(\/|$)|\.test\.ts$/.test(path.slice(repository.length));
    for (const name of ['package.json', 'package-lock.json', 'packages', 'services']) {
      cpSync(join(repository, name), join(folder, name), { recursive: true, filter: kept });
    }
    // `npm ci` of this lock file is what made the repository's own packages: not fetched a second time
    cpSync(join(repository, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    const [install, ...steps] = /^RUN (npm ci.+)$/m.exec(dockerfile)![1]!.split(' && ');
    expect(install).toBe('npm ci --no-audit --no-fund');
    execFileSync('sh', ['-c', ['npm run prepare', ...steps].join(' && ')], { cwd: folder, stdio: 'pipe' });
    const run = (...words: string[]) =>
      spawnSync(process.execPath, ['services/local/bin/gapwatch.js', ...words], { cwd: folder, encoding: 'utf8' });
    expect(run('--help').status).toBe(0);
    expect(run('work', 'tagger').status).toBe(2);
    expect(existsSync(join(folder, 'services/console/dist'))).toBe(true);
    const tools = ['vitest', 'typescript', '@biomejs/biome', 'knip', 'turbo', 'playwright-core', 'kubernetes-models'];
    expect(tools.filter((name) => !(name in manifest.devDependencies))).toEqual([]);
    expect(tools.filter((name) => existsSync(join(folder, 'node_modules', name)))).toEqual([]);
  });
});
