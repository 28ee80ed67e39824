// The rules of the house that no compiler knows: who may import whom, how long a file may be, where a link leads.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, temporaryFolder } from '../journeys/gapwatch.fixture.ts';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: repository,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(repository, path)));
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

/** Files longer than the rest, and why. */
const longFiles: ReadonlyMap<string, string> = new Map([
  ['services/local/src/simulate/words/english.ts', 'a table of words'],
]);

describe('a file', () => {
  const sources = tracked.filter((path) => /\.tsx?$/.test(path) && !/\.(test|fixture)\.ts$|\.generated\./.test(path));

  it('has at most 300 lines, or a reason', () => {
    const long = sources.filter((path) => read(path).split('\n').length > 301);
    expect(long.filter((path) => !longFiles.has(path))).toEqual([]);
    expect([...longFiles.keys()].filter((path) => !long.includes(path))).toEqual([]);
  });

  it('of code begins by saying what it is for', () => {
    const silent = sources.filter((path) => !path.endsWith('/index.ts') && !/^(\/\/|\/\*\*)/.test(read(path)));
    expect(silent).toEqual([]);
  });
});

describe('the import rules', () => {
  const depcruise = join(repository, 'node_modules/.bin/depcruise');

  /** Runs the rules over a small house with one offence in it. */
  function offend(path: string, text: string): string {
    const folder = temporaryFolder();
    for (const [file, content] of [
      ['packages/core/src/index.ts', 'export const core = 1;\n'],
      ['services/gateway/src/index.ts', 'export const gateway = 1;\n'],
      [path, text],
    ] as const) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const config = join(repository, '.dependency-cruiser.cjs');
    return spawnSync(depcruise, ['--config', config, 'packages', 'services'], { cwd: folder, encoding: 'utf8' }).stdout;
  }

  const offences: [string, string, string, string][] = [
    [
      'contracts import core',
      'packages/contracts/src/a.ts',
      "import '../../core/src/index.ts';\n",
      'contracts-may-import-nothing',
    ],
    ['core reads a file', 'packages/core/src/a.ts', "import 'node:fs';\n", 'what-we-decide-is-pure'],
    [
      'a service imports another',
      'services/tagger/src/a.ts',
      "import '../../gateway/src/index.ts';\n",
      'services-import-packages-never-another-service',
    ],
    [
      'a package imports a service',
      'packages/storage/src/a.ts',
      "import '../../../services/gateway/src/index.ts';\n",
      'storage-may-import',
    ],
    ['two files import each other', 'services/gateway/src/a.ts', "import './a.ts';\n", 'no-circles'],
  ];
  it.each(offences)('are broken when %s', (_name, path, text, rule) => {
    expect(offend(path, text)).toContain(rule);
  });

  it('hold where nothing is wrong', () => {
    expect(offend('packages/core/src/b.ts', "export { core } from './index.ts';\n")).toContain(
      'no dependency violations',
    );
  });
});

describe('a link in the documents', () => {
  const documents = tracked.filter((path) => path.endsWith('.md'));
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
  const anchors = (path: string) => [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));

  it('leads to a file of the repository, and to a heading in it', () => {
    const broken: string[] = [];
    for (const document of documents) {
      for (const [, target = ''] of read(document).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?|mailto):/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? document : join(dirname(document), path);
        if (!existsSync(resolve(repository, file))) broken.push(`${document}: ${target}`);
        else if (anchor !== undefined && !anchors(file).includes(anchor)) broken.push(`${document}: ${target}`);
      }
    }
    expect(documents.length).toBeGreaterThan(3);
    expect(broken).toEqual([]);
  });

  it('to a command of npm names a script that exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the table of commands in the README', () => {
  /** Words after `gapwatch` in the first column, with the commands that follow in the same cell. */
  const named = [...read('README.md').matchAll(/^\| (`gapwatch .*?) \| /gm)].map(([, cell = '']) => cell);

  it('names every command of `gapwatch --help`, and no other', () => {
    const help = spawnSync(join(repository, 'node_modules/.bin/gapwatch'), ['--help'], { encoding: 'utf8' }).stdout;
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*)(?= )/gm)].map(([, name = '']) => name);
    const words = (cell: string) => [...cell.matchAll(/`(?:gapwatch )?([a-z-]+)/g)].map(([, word = '']) => word);
    const first = (cell: string) => words(cell)[0] ?? '';
    expect(commands.length).toBeGreaterThan(5);
    const inTable = named.flatMap(words);
    expect(commands.filter((name) => name !== 'help' && !inTable.includes(name))).toEqual([]);
    expect(named.map(first).filter((name) => !commands.includes(name))).toEqual([]);
  });
});
