// The commands as people type them: what they say, what they count, how they end.
import { readFileSync, writeFileSync } from 'node:fs';
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

const commands = [
  'start',
  'ingest',
  'tag',
  'backtest',
  'simulate',
  'verify',
  'alerts',
  'alerts list',
  'alerts show',
  'alerts acknowledge',
  'alerts snooze',
  'alerts assign',
  'alerts fix',
  'alerts verdict',
  'alerts accept',
  'belief',
  'note',
  'dead-letters list',
  'dead-letters show',
  'dead-letters replay',
  'alerts test',
  'config schema',
  'config plan',
  'doctor',
  'rebuild',
  'sources list',
  'sources test',
  'sources suggest',
  'sources new',
];

describe('every command', () => {
  it('says which version it is', async () => {
    const { status, stdout } = await gapwatch(['--version']);
    const { version } = JSON.parse(readFileSync(join(repository, 'services/local/package.json'), 'utf8'));
    expect([status, stdout]).toEqual([0, `${version}\n`]);
  });

  it.each(commands)('%s has --help', async (command) => {
    const { status, stdout } = await gapwatch([...command.split(' '), '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: gapwatch');
  });

  it('that does not exist is named, with status 2', async () => {
    const { status, stderr, stdout } = await gapwatch(['ingets']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("unknown command 'ingets'");
  });

  it.each([
    ['simulate', '--days', '400'],
    ['config', 'schema'],
  ])('ends quietly when its reader goes away: %s', async (...words) => {
    const child = spawnGapwatch(words);
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const status = new Promise((resolve) => child.on('exit', resolve));
    if (words[0] === 'simulate') child.stdout?.once('data', () => child.stdout?.destroy());
    else child.stdout?.destroy();
    expect(await status).toBe(0);
    expect(stderr).toBe('');
  });
});

// once for all: two lines that should repeat each other must not differ by the tick of a clock
const occurredAt = new Date(Date.now() - 3_600_000).toISOString();

function signal(subject: string, fields: object = {}): object {
  return {
    kind: 'feedback',
    subject,
    customer: 'c1',
    occurredAt,
    stage: 'shop',
    rating: { value: 1, min: 1, max: 5 },
    ...fields,
  };
}

const mixed = [
  signal('feedback:1'),
  signal('feedback:1'),
  signal('feedback:2', { version: 3, customer: '12345678901234567890' }),
  signal('feedback:2', { version: 2 }),
  signal('feedback:2', { version: 3, customer: '12345678901234567890', rating: { value: 2, min: 1, max: 5 } }),
  signal('feedback:3', { occurredAt: '2001-01-01T00:00:00Z' }),
  signal('feedback:4', { occurredAt: '2901-01-01T00:00:00Z' }),
  signal('feedback:5', { customer: 7 }),
].map((line) => JSON.stringify(line));

const account = {
  read: 9,
  accepted: 2,
  repeated: 1,
  skipped: { 'older-version': 1, conflicting: 1, 'too-late': 1 },
};

type Account = {
  read: number;
  accepted: number;
  repeated: number;
  skipped: Record<string, number>;
  rejected: Record<string, number>;
};

function sum({ read, accepted, repeated, skipped, rejected }: Account): [number, number] {
  const all = (counts: Record<string, number>) => Object.values(counts).reduce((total, one) => total + one, 0);
  return [read, accepted + repeated + all(skipped) + all(rejected)];
}

describe('gapwatch ingest', () => {
  it('accounts for every line, alone and beside a running start', async () => {
    const folder = join(temporaryFolder(), 'data');
    const file = join(temporaryFolder(), 'mixed.ndjson');
    writeFileSync(file, `${mixed.join('\n')}\nnot json\n`);
    const alone = await gapwatch(['ingest', file, '--source', 'canonical', '--json', '--data-dir', folder]);
    expect(alone.status).toBe(1);
    expect(alone.stderr).toContain(`${file}:8: customer: `);
    expect(alone.stderr).toContain(`${file}:9: `);
    const told = JSON.parse(alone.stdout);
    expect(told).toMatchObject(account);
    expect(told.rejected['in-the-future']).toBe(1);
    expect(sum(told)).toEqual([9, 9]);

    const running = spawnGapwatch(['start', '--data-dir', folder]);
    const address = await readyAddress(running);
    const beside = await gapwatch(['ingest', file, '--source', 'canonical', '--json', '--data-dir', folder]);
    expect(JSON.parse(beside.stdout)).toMatchObject({ read: 9, accepted: 0, repeated: 3 });
    const { items } = await getJson<{ items: { statements: number }[] }>(`${address}/v1/stages/shop/windows?step=7d`);
    expect(items.map(({ statements }) => statements)).toEqual([2]);
    await end(running);
    const verified = await gapwatch(['verify', '--json', '--data-dir', folder]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ wrong: 0, missing: 0, extra: 0, behind: 0 });
  });

  it('names --backfill where most of a file is too old', async () => {
    const old = Array.from({ length: 5 }, (_, index) => signal(`old:${index}`, { occurredAt: '2020-01-01T00:00:00Z' }));
    const input = old.map((line) => JSON.stringify(line)).join('\n');
    const { stdout, stderr } = await gapwatch(
      ['ingest', '-', '--json', '--data-dir', join(temporaryFolder(), 'data')],
      input,
    );
    expect(JSON.parse(stdout)).toMatchObject({ read: 5, accepted: 0, skipped: { 'too-late': 5 } });
    expect(stderr).toContain('--backfill');
  });
});

describe('gapwatch belief', () => {
  const claim = (folder: string, ...words: string[]) =>
    gapwatch(['belief', 'shop', ...words, '--from', '2026-01-01', '--to', '2099-12-31', '--data-dir', folder]);

  it('is taken like any signal, and a later claim replaces it', async () => {
    const folder = join(temporaryFolder(), 'data');
    expect((await claim(folder, '0.9')).stdout).toBe('accepted shop: 0.9 kpi\n');
    expect((await claim(folder, '0.8')).status).toBe(0);
    await gapwatch(['ingest', '-', '--data-dir', folder], JSON.stringify(signal('feedback:1')));
    const running = spawnGapwatch(['start', '--data-dir', folder]);
    const { items } = await getJson<{ items: { belief: number }[] }>(
      `${await readyAddress(running)}/v1/stages/shop/windows?step=7d`,
    );
    expect(items.map(({ belief }) => belief)).toEqual([0.8]);
    await end(running);
  });

  it.each([
    ['a share above one', ['1.2'], 'share: '],
    ['a share that is none', ['most'], 'share: '],
    ['a time that is none', ['0.9', '--from', 'spring'], 'from: '],
    ['a time that ends before it begins', ['0.9', '--to', '2025-01-01'], 'to: it must be later than from'],
  ])('with %s is refused with status 2', async (_, words, message) => {
    const [share = '', ...others] = words;
    const folder = join(temporaryFolder(), 'data');
    const times = ['--from', '2026-01-01', '--to', '2099-12-31'];
    const { status, stderr } = await gapwatch(['belief', 'shop', share, ...times, ...others, '--data-dir', folder]);
    expect([status, stderr.includes(message)], stderr).toEqual([2, true]);
  });
});

describe('gapwatch verify', () => {
  it('tells a directory that is none from one that is', async () => {
    const { status, stderr } = await gapwatch(['verify', '--data-dir', join(temporaryFolder(), 'none')]);
    expect(status).toBe(2);
    expect(stderr).toContain('no data directory');
  });
});

describe('gapwatch tag', () => {
  it('answers line for line, faults in their place', async () => {
    const lines = [
      '{"id":"1","text":"Still waiting for my parcel. This is the third time I write.","kind":"ticket"}',
      'oops',
      '[1]',
      '{"id":"4","text":7}',
      '{"id":5,"text":"Thank you, everything was great!"}',
    ];
    const { status, stdout } = await gapwatch(['tag'], lines.join('\n'));
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ id }) => id)).toEqual(['1', null, null, '4', 5]);
    expect(answers[0]).toMatchObject({
      language: 'en',
      sentiment: { label: 'negative' },
      issue: { state: 'unresolved' },
    });
    expect(answers.slice(1, 4).map(({ error }) => error.code)).toEqual(['not-json', 'not-json', 'schema']);
    expect(answers.slice(1, 4).map(({ error }) => error.line)).toEqual([2, 3, 4]);
    expect(answers[4]).toMatchObject({ sentiment: { label: 'positive' }, issue: { state: 'none' } });
    expect(status).toBe(1);
  });

  it('reads a thread as one conversation', async () => {
    const lines = [
      { thread: 't1', text: 'My card does not work in the shop.', occurredAt: '2026-01-01T10:00:00Z' },
      { thread: 't2', text: 'How do I change my address?', occurredAt: '2026-01-01T10:00:00Z' },
      {
        thread: 't1',
        author: 'staff',
        status: 'solved',
        text: 'It should work now.',
        occurredAt: '2026-01-01T11:00:00Z',
      },
      { thread: 't1', text: 'No, it is still not working.', occurredAt: '2026-01-01T12:00:00Z' },
    ];
    const { stdout, status } = await gapwatch(
      ['tag', '--threads'],
      lines.map((line) => JSON.stringify(line)).join('\n'),
    );
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ thread }) => thread)).toEqual(['t1', 't2']);
    expect(answers[0].issue.state).toBe('unresolved');
    expect(status).toBe(0);
  });
});

describe('gapwatch config schema', () => {
  it('is JSON Schema that names the built-in sources', async () => {
    const { stdout } = await gapwatch(['config', 'schema']);
    const schema = JSON.parse(stdout);
    expect(schema.$schema).toContain('2020-12');
    expect(JSON.stringify(schema.properties.sources)).toContain('"csv"');
  });
});

describe('gapwatch start --replay', () => {
  it('plays a file as if each record had arrived in its time, and shows what a backtest shows', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'year.ndjson');
    const words = [
      'simulate',
      '--days',
      '150',
      '--customers',
      '700',
      '--stages',
      'shop,delivery',
      '--seed',
      '3',
      '--ratings-only',
    ];
    const { stdout } = await gapwatch([...words, '--plant', 'delivery:0.3@110']);
    writeFileSync(file, stdout);
    const tested = JSON.parse((await gapwatch(['backtest', file, '--json'])).stdout);
    const running = spawnGapwatch(['start', '--replay', file, '--data-dir', join(folder, 'data')]);
    const address = await readyAddress(running);
    const { items } = await getJson<{ items: { stage: string; openedAt: string; onset: string }[] }>(
      `${address}/v1/alerts`,
    );
    const shape = ({ stage, openedAt, onset }: (typeof items)[number]) => `${stage} ${openedAt} ${onset}`;
    expect(items.map(shape).sort()).toEqual(tested.alerts.map(shape).sort());
    expect(items.map(({ stage }) => stage)).toContain('delivery');
    await end(running);
  });
});

describe('the examples', () => {
  it('of the README are read', async () => {
    const { status, stdout } = await gapwatch([
      'backtest',
      join(repository, 'examples/own.ndjson'),
      '--config',
      join(repository, 'examples/own.yaml'),
      '--json',
    ]);
    const report = JSON.parse(stdout);
    expect(report.signals.read).toBe(
      readFileSync(join(repository, 'examples/own.ndjson'), 'utf8').trim().split('\n').length,
    );
    expect(status).toBe(0);
  });
});
