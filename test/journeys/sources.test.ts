// Sources as a data engineer meets them: looked at, tried on files as people have them, written, and run through the pipeline.
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import {
  end,
  gapwatch,
  gapwatchIn,
  getJson,
  readyAddress,
  spawnGapwatch,
  temporaryFolder,
} from './gapwatch.fixture.ts';

/** A folder with files in it, by their names. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const review = (subject: string, fields: object = {}) =>
  JSON.stringify({ kind: 'review', subject, occurredAt: '2026-03-04T05:06:07Z', text: 'Good.', ...fields });

describe('gapwatch sources list', () => {
  it('shows what is configured, and what there is beside it', async () => {
    const configuration =
      'sources:\n  - { id: reviews, type: csv }\n  - { id: shop, type: shop, topic: shop.answers }\n';
    const folder = folderWith({ 'gapwatch.yaml': configuration });
    await gapwatchIn(folder, ['sources', 'new', 'shop']);
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'list', '--json']);
    const rows = JSON.parse(stdout) as { id: string | null; type: string; topic: string | null; from: string }[];
    expect(rows.slice(0, 2)).toMatchObject([
      { id: 'reviews', type: 'csv', topic: 'raw.reviews', from: 'built in' },
      { id: 'shop', type: 'shop', topic: 'shop.answers', from: 'sources/shop.ts' },
    ]);
    expect(rows.slice(2).map(({ type }) => type)).toEqual(expect.arrayContaining(['canonical', 'ndjson', 'json']));
    expect(status).toBe(0);
    const shown = await gapwatchIn(folder, ['sources', 'list']);
    expect(shown.stdout.split('\n')[2]).toMatch(/^shop\s+shop\s+shop\.answers\s+Answers .*sources\/shop\.ts$/);
  });
});

describe('gapwatch sources test', () => {
  it('answers payload for payload, a broken line in its place', async () => {
    const lines = [review('r1'), '{"kind":', review('r2', { customer: 7 }), review('r3', { stars: 4, stage: 'moon' })];
    const folder = folderWith({ 'a.ndjson': lines.join('\n'), 'gapwatch.yaml': 'stages: [{ id: shop }]\n' });
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'test', 'canonical', 'a.ndjson', '--json']);
    const answers = JSON.parse(stdout);
    expect(answers).toMatchObject([
      { index: 0, signals: [{ subject: 'r1', stage: 'unknown' }], skipped: null, rejected: null },
      { index: 1, signals: [], skipped: null, rejected: { code: 'not-json' } },
      {
        index: 2,
        signals: [],
        skipped: null,
        rejected: { code: 'invalid', message: expect.stringContaining('customer') },
      },
      { index: 3, signals: [{ subject: 'r3', stage: 'unknown' }], notes: [expect.stringContaining('"stars"')] },
    ]);
    expect(answers).toHaveLength(4);
    expect(status).toBe(1);
  });

  it.each([
    ['a.json', `[${review('r1')},\n${review('r2')}]`, 'json', 2, 0],
    ['a.json', review('r1'), 'json', 1, 0],
    ['a.json', `[${review('r1')},\n{"kind":]`, 'json', 2, 1],
    ['a.csv', 'kind,occurredAt,text\nreview,2026-03-04,Good.\nreview,2026-03-04\n', 'csv', 2, 1],
    ['a.form', 'Topic=survey&MSG=%7B%7D', 'canonical', 1, 1],
    ['a.ndjson', '', 'canonical', 0, 0],
  ])('reads %s: %s', async (name, content, type, payloads, status) => {
    const folder = folderWith({ [name]: content });
    const ended = await gapwatchIn(folder, ['sources', 'test', type, name, '--json']);
    const answers = JSON.parse(ended.stdout) as { index: number }[];
    expect(answers.map(({ index }) => index)).toEqual(Array.from({ length: payloads }, (_, index) => index));
    expect(ended.status).toBe(status);
  });

  it('runs the samples of a source where no file is named', async () => {
    const folder = temporaryFolder();
    for (const type of ['canonical', 'csv', 'ndjson', 'json']) {
      const { stdout, status } = await gapwatchIn(folder, ['sources', 'test', type, '--json']);
      const answers = JSON.parse(stdout) as { sample: { isAsSaid: boolean } }[];
      expect(answers.map(({ sample }) => sample.isAsSaid)).not.toContain(false);
      expect(answers.length).toBeGreaterThan(2);
      expect(status).toBe(0);
    }
  });

  it('names what there is where the source is none', async () => {
    const { status, stderr } = await gapwatchIn(temporaryFolder(), ['sources', 'test', 'cvs', 'a.csv']);
    expect(stderr).toContain('no source cvs is configured; there are canonical');
    expect(status).toBe(2);
  });

  it('counts a million rows and shows the first, in little memory', { timeout: 240_000 }, async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'large.csv');
    const rows = 1_000_000;
    const blockRows = 10_000;
    function* blocks() {
      yield 'kind,occurredAt,text,id\n';
      for (let row = 0; row < rows; row += blockRows) {
        yield Array.from({ length: blockRows }, (_, at) => `review,2026-03-04,Still waiting.,${row + at}\n`).join('');
      }
    }
    await pipeline(Readable.from(blocks()), createWriteStream(file));
    const heap = { NODE_OPTIONS: '--max-old-space-size=96' };
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'test', 'csv', file], heap);
    expect(stdout).toContain(`read ${rows} payloads: ${rows} signals, skipped 0, rejected 0`);
    expect(stdout.split('\n').length).toBeLessThan(30);
    expect(status).toBe(0);
  });
});

const ticketsConfiguration = `
sources:
  - id: tickets
    type: csv
    columns:
      kind: { constant: ticket }
      subject: id
      customer: { column: mail, as: email }
      stage: { constant: desk }
    statements:
      - columns: { occurredAt: created, text: words, status: { constant: new } }
      - name: solved
        columns: { occurredAt: solved, author: { constant: staff }, status: { constant: solved } }
  - { id: canonical, type: canonical }
`;

/** Each row a ticket a day; every third is solved, one row in ten says nothing, and the last has no day that there is. */
function ticketRows(count: number): string[] {
  const day = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);
  const rows = Array.from({ length: count }, (_, index) => {
    const solved = index % 3 === 0 ? day(index + 2) : '';
    return `${index},c${index}@example.org,${day(index)},${index % 10 === 9 ? '' : 'Still waiting.'},${solved}`;
  });
  return [...rows, `${count},c@example.org,2026-02-30,Late.,`];
}

type Signals = {
  read: number;
  accepted: number;
  repeated: number;
  skipped: Record<string, number>;
  rejected: Record<string, number>;
};
const sum = ({ accepted, repeated, skipped, rejected }: Signals) =>
  [accepted, repeated, ...Object.values(skipped), ...Object.values(rejected)].reduce((total, one) => total + one, 0);

describe('rows that are several statements', () => {
  const header = 'id,mail,created,words,solved';
  const rows = ticketRows(60);
  const file = [header, ...rows, rows[0]].join('\n');
  const expected = {
    read: 124,
    accepted: 80,
    repeated: 2,
    skipped: { 'no-time': 41 },
    rejected: { invalid: 1 },
  };

  it('are counted one by one: by a backtest, by ingest alone and beside a running start, whose windows are verified', {
    timeout: 120_000,
  }, async () => {
    const folder = folderWith({ 'gapwatch.yaml': ticketsConfiguration, 'tickets.csv': file });
    const tested = JSON.parse((await gapwatchIn(folder, ['backtest', 'tickets.csv', '--json'])).stdout).signals;
    expect(tested).toEqual(expected);
    const words = ['ingest', 'tickets.csv', '--backfill', '--json', '--data-dir', 'data'];
    const alone = JSON.parse((await gapwatchIn(folder, words)).stdout);
    expect(alone).toEqual(expected);
    const running = spawnGapwatch(['start', '--data-dir', 'data'], {}, 'test', folder);
    await readyAddress(running);
    const beside = JSON.parse((await gapwatchIn(folder, words)).stdout);
    expect(beside).toEqual({ ...expected, accepted: 0, repeated: 82 });
    expect([sum(tested), sum(alone), sum(beside)]).toEqual([124, 124, 124]);
    await end(running);
    const verified = JSON.parse((await gapwatchIn(folder, ['verify', '--json', '--data-dir', 'data'])).stdout);
    expect(verified).toMatchObject({ wrong: 0, missing: 0, extra: 0, behind: 0 });
  });

  it('give the same backtest when the year is shuffled', async () => {
    const shuffled = [header, ...rows.toReversed().toSorted((one, other) => one.length - other.length), rows[0]].join(
      '\n',
    );
    const folder = folderWith({ 'gapwatch.yaml': ticketsConfiguration, 'a.csv': file, 'b.csv': shuffled });
    const [one, other] = await Promise.all(
      ['a.csv', 'b.csv'].map((name) => gapwatchIn(folder, ['backtest', name, '--json', '--windows', '1d'])),
    );
    expect(other?.stdout).toBe(one?.stdout);
  });

  it('name customers by a key of one’s own, from a file too, and warn once without', async () => {
    const folder = folderWith({ 'gapwatch.yaml': ticketsConfiguration, 'tickets.csv': file, key: 'secret\n' });
    const customerUnder = async (environment: Record<string, string>) => {
      const words = ['sources', 'test', 'tickets', 'tickets.csv', '--json'];
      const [first] = JSON.parse((await gapwatchIn(folder, words, environment)).stdout);
      return first.signals[0].customer as string;
    };
    const open = await customerUnder({});
    const keyed = await customerUnder({ GAPWATCH_CUSTOMER_KEY: 'secret' });
    expect(keyed).toMatch(/^email:[0-9a-f]{32}$/);
    expect(keyed).not.toBe(open);
    expect(await customerUnder({ GAPWATCH_CUSTOMER_KEY_FILE: 'key' })).toBe(keyed);
    const { stderr } = await gapwatchIn(folder, ['backtest', 'tickets.csv']);
    expect(stderr.match(/set GAPWATCH_CUSTOMER_KEY/g)).toHaveLength(1);
    const kept = await gapwatchIn(folder, ['backtest', 'tickets.csv'], { GAPWATCH_CUSTOMER_KEY: 'secret' });
    expect(kept.stderr).not.toContain('GAPWATCH_CUSTOMER_KEY');
  });
});

describe('a table as people have it', () => {
  const columns = 'columns: { kind: { constant: review }, occurredAt: { column: Tag, format: DD.MM.YY }, text: Text }';
  const configuration = `sources:\n  - { id: reviews, type: csv, ${columns} }\n`;

  it('is read, and everything in it accounted for and named', async () => {
    const lines = [
      'Tag;Text;;Text',
      '04.03.26;"Schön; wirklich";;',
      '05.03.26;Ärger;x;',
      'Tag;Text;;Text',
      '06.03.26;halb',
    ];
    const latin = Buffer.from(`${lines.join('\r\n')}\r\n;;;\r\n07.03.26;Gut;;\r\n`, 'latin1');
    const folder = folderWith({ 'gapwatch.yaml': configuration, 'export.csv': latin });
    const { stdout, stderr } = await gapwatchIn(folder, ['backtest', 'export.csv', '--json']);
    expect(JSON.parse(stdout).signals).toEqual({
      read: 6,
      accepted: 3,
      repeated: 0,
      skipped: { 'header-again': 1, 'empty-row': 1 },
      rejected: { 'wrong-columns': 1 },
    });
    expect(stderr).toContain('export.csv: line 2 is not UTF-8: such lines are read as Windows-1252');
    expect(stderr).toContain('column 3 of the header is empty: it is called "column 3"');
    expect(stderr).toContain('column 4 of the header is a repeat: it is called "Text (2)"');
    expect(stderr).toContain('export.csv:5: 2 cells under a header of 4: the row stops half-way');
  });

  it('with a mark of byte order is the same', async () => {
    const text = 'Tag;Text\n04.03.26;Schön\n';
    const folder = folderWith({ 'gapwatch.yaml': configuration, 'a.csv': text, 'b.csv': `\ufeff${text}` });
    const [one, other] = await Promise.all(
      ['a.csv', 'b.csv'].map((name) => gapwatchIn(folder, ['sources', 'test', 'reviews', name, '--json'])),
    );
    expect(JSON.parse(one?.stdout ?? '')).toMatchObject([{ signals: [{ text: 'Schön' }], rejected: null }]);
    expect(other?.stdout).toBe(one?.stdout);
  });

  it('with a column that is not there is told the columns that are', async () => {
    const folder = folderWith({ 'gapwatch.yaml': configuration, 'a.csv': 'Datum;Text\n04.03.26;Gut\n' });
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'test', 'reviews', 'a.csv']);
    expect(stdout).toContain('the file has no column "Tag"; its columns are "Datum", "Text"');
    expect(status).toBe(1);
  });
});

describe('files of several sources', () => {
  it('are tested back and replayed together, each through the source that is called like it', async () => {
    const desk = Array.from({ length: 20 }, (_, at) => `${at},2026-03-04 10:00,2026-03-06 09:00,c${at},No parcel.`);
    const left = Array.from({ length: 5 }, (_, at) => `c${at},2026-04-0${at + 1}`);
    const folder = folderWith({
      'desk.csv': ['Ticket ID,Opened,Closed,Client,Description', ...desk].join('\n'),
      'left.csv': ['Client,Cancelled', ...left].join('\n'),
    });
    const proposals = ['desk.csv', 'left.csv'].map((file) => gapwatchIn(folder, ['sources', 'suggest', file]));
    const texts = (await Promise.all(proposals)).map(({ stdout }) => stdout.slice(stdout.indexOf('  - id:')));
    writeFileSync(join(folder, 'gapwatch.yaml'), `sources:\n${texts.join('')}`);

    const tested = await gapwatchIn(folder, ['backtest', 'left.csv', 'desk.csv', '--json']);
    const { signals, shows } = JSON.parse(tested.stdout);
    expect(signals).toMatchObject({ read: 45, accepted: 45, rejected: {} });
    const found = (gap: string) => shows.gaps.find((one: { gap: string }) => one.gap === gap).found;
    expect([found('resolution'), found('churn')]).toEqual(['20 conversations called solved', '5 customers who left']);

    const running = spawnGapwatch(['start', '--replay', 'left.csv', 'desk.csv'], {}, 'test', folder);
    const { items } = await getJson<{ items: { id: string; accepted: number }[] }>(
      `${await readyAddress(running)}/v1/sources`,
    );
    expect(items.map(({ id, accepted }) => [id, accepted])).toEqual([
      ['desk', 40],
      ['left', 5],
    ]);
    await end(running);

    const kept = await gapwatchIn(folder, ['ingest', 'left.csv', 'desk.csv', '--data-dir', 'other']);
    expect([kept.status, kept.stderr]).toEqual([2, expect.stringContaining('belong to several sources (left, desk)')]);
  });
});

describe('lines without ids', () => {
  it('that are equal stay apart, and a second reading finds them again', async () => {
    const line = '{"at":"2026-03-04","stars":5}\n';
    const columns = 'kind: { constant: review }, occurredAt: at, rating: { column: stars, scale: { min: 1, max: 5 } }';
    const folder = folderWith({
      'gapwatch.yaml': `sources:\n  - { id: stars, type: ndjson, columns: { ${columns} } }\n`,
      'a.ndjson': line.repeat(3),
    });
    const { stdout } = await gapwatchIn(folder, ['backtest', 'a.ndjson', 'a.ndjson', '--json']);
    expect(JSON.parse(stdout).signals).toMatchObject({ read: 6, accepted: 3, repeated: 3 });
  });
});

describe('gapwatch sources suggest', () => {
  it('leads from an export whose columns nobody knows to one that is read', async () => {
    const rows = [
      'Response ID,Submitted,NPS,Why?,E-mail',
      '1,14/03/2026,9,"Fast, and friendly",ann@example.org',
      '2,02/03/2026,3,Late,',
    ];
    const folder = folderWith({ 'nps.csv': rows.join('\r\n') });
    const unknown = await gapwatchIn(folder, ['sources', 'test', 'csv', 'nps.csv']);
    expect(unknown.stderr).toContain('gapwatch sources suggest FILE proposes which column is what');
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'suggest', 'nps.csv']);
    expect(status).toBe(0);
    writeFileSync(join(folder, 'gapwatch.yaml'), stdout);
    const known = await gapwatchIn(folder, ['sources', 'test', 'nps', 'nps.csv', '--json']);
    expect(JSON.parse(known.stdout)).toMatchObject([
      {
        signals: [
          {
            kind: 'feedback',
            subject: '1',
            customer: expect.stringMatching(/^email:/),
            occurredAt: '2026-03-14T00:00:00.000Z',
            text: 'Fast, and friendly',
          },
        ],
      },
      { signals: [{ subject: '2', customer: null, rating: { value: 3, min: 0, max: 10 }, text: 'Late' }] },
    ]);
    expect(known.status).toBe(0);
  });

  it('leads from a table of which nothing is taken to tickets whose end is held against their customers', async () => {
    const rows = [
      'Ticket ID,Opened,Closed,Client,Description',
      ...Array.from({ length: 30 }, (_, at) => `${at},2026-03-04 10:00,2026-03-06 09:00,c${at},No parcel.`),
    ];
    const folder = folderWith({ 'desk.csv': rows.join('\n') });
    const unknown = await gapwatchIn(folder, ['backtest', 'desk.csv']);
    expect(unknown.stderr).toMatch(/^desk\.csv:2: kind: .* \(and 29 more like it\)\ngapwatch sources suggest/);
    expect(unknown.stdout).toContain('Nothing of it was taken, so that there is nothing to show.');
    expect(unknown.status).toBe(1);
    writeFileSync(join(folder, 'gapwatch.yaml'), (await gapwatchIn(folder, ['sources', 'suggest', 'desk.csv'])).stdout);
    const known = await gapwatchIn(folder, ['backtest', 'desk.csv']);
    expect(known.stdout).toContain('Solved, customers say not: 30 conversations');
    expect(known.status).toBe(0);
  });

  it('reads objects by their paths, from stdin too', async () => {
    const object = { id: 'a1', created_at: 1_772_600_000, user: { email: 'ann@example.org' }, rating: { score: 4 } };
    const { stdout, status } = await gapwatch(['sources', 'suggest', '-'], JSON.stringify(object));
    expect(stdout).toContain('type: ndjson');
    expect(stdout).toContain('customer: { column: user.email, as: email }');
    expect(stdout).toContain('occurredAt: { column: created_at, format: unix }');
    expect(status).toBe(0);
  });

  it('says what is missing where no column holds a time', async () => {
    const folder = folderWith({ 'a.csv': 'when,text\nyesterday,Late\n', 'head.csv': 'date,text\n' });
    const { stdout: ofHead } = await gapwatchIn(folder, ['sources', 'suggest', 'head.csv']);
    expect(ofHead).toBe('# nothing can be proposed for head.csv\n# there is no row in it that can be read\n');
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'suggest', 'a.csv']);
    expect(stdout).toMatch(/^# nothing can be proposed for a\.csv\n# no column holds times/);
    expect(status).toBe(1);
  });
});

describe('gapwatch sources new', () => {
  it('writes a source that runs at once, is tested, and goes through the pipeline', async () => {
    const folder = temporaryFolder();
    const written = await gapwatchIn(folder, ['sources', 'new', 'shop']);
    expect([written.status, written.stdout]).toEqual([0, 'sources/shop.ts\n']);
    const again = await gapwatchIn(folder, ['sources', 'new', 'shop']);
    expect([again.status, again.stderr]).toEqual([
      2,
      'gapwatch: sources/shop.ts cannot be written: it is there already\n',
    ]);
    expect((await gapwatchIn(folder, ['sources', 'test', 'shop'])).status).toBe(0);

    const answers = [
      { id: '1', answeredAt: '2026-03-04T05:06:07Z', email: 'ann@example.org', stars: 1 },
      { id: '2', answeredAt: '2026-03-04T05:06:07Z' },
      { id: '3', answeredAt: 'yesterday', stars: 1 },
    ];
    writeFileSync(join(folder, 'answers.ndjson'), answers.map((answer) => JSON.stringify(answer)).join('\n'));
    const words = ['backtest', 'answers.ndjson', '--source', 'shop', '--json'];
    const counted = { read: 3, accepted: 1, skipped: { 'nothing-said': 1 }, rejected: { invalid: 1 } };
    expect(JSON.parse((await gapwatchIn(folder, words)).stdout).signals).toMatchObject(counted);

    // in a configuration it is a source like any other, also for a running start
    writeFileSync(join(folder, 'gapwatch.yaml'), 'sources: [{ id: answers, type: shop }]\n');
    expect(
      JSON.parse((await gapwatchIn(folder, ['backtest', 'answers.ndjson', '--json'])).stdout).signals,
    ).toMatchObject(counted);
    const running = spawnGapwatch(['start', '--data-dir', 'data'], {}, 'test', folder);
    const address = await readyAddress(running);
    const posted = await fetch(`${address}/v1/sources/answers/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(answers),
    });
    expect(await posted.json()).toMatchObject({ accepted: 2, repeated: 0, rejected: [{ index: 2, code: 'invalid' }] });
    expect(await end(running)).toBe(0);
  });

  it.each([
    ['csv', 'a source called csv is built in'],
    ['../shop', '"../shop" is no id'],
  ])('refuses the name %s', async (id, message) => {
    const { status, stderr } = await gapwatchIn(temporaryFolder(), ['sources', 'new', id]);
    expect([status, stderr.includes(message)]).toEqual([2, true]);
  });
});

describe('a file in sources/', () => {
  const good = '({ signal, z }) => ({ title: "a", payload: z.object({}), map: () => [], samples: [] })';
  it.each([
    ['with an error of syntax', 'a.ts', 'export default (', 'cannot be loaded: SyntaxError'],
    ['that throws', 'a.ts', 'throw new Error("no queue")', 'cannot be loaded: Error: no queue'],
    [
      'whose function throws',
      'a.ts',
      'export default () => { throw new RangeError("no queue") }',
      'is no source: RangeError: no queue',
    ],
    ['with what cannot be stripped', 'a.ts', 'enum A { b }\nexport default A', 'cannot be loaded'],
    ['without a function', 'a.ts', 'export default {}', 'is no source: its default export is no function'],
    ['of the wrong shape', 'a.ts', `export default ${good}`, 'is no source: samples: at least one is needed'],
    ['called as one that is built in', 'csv.ts', 'export default {}', 'a source called csv is built in'],
  ])('%s is named, with status 2', async (_name, name, content, message) => {
    const folder = folderWith({ 'gapwatch.yaml': '{}', [`sources/${name}`]: content });
    const { status, stderr } = await gapwatchIn(folder, ['backtest', 'none.ndjson']);
    expect(stderr).toContain(`sources/${name}`);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
  });

  it('is nobody’s business where no configuration lies, unless it is asked for', async () => {
    const folder = folderWith({ 'sources/a.ts': 'throw new Error("not ours")', 'b.ndjson': review('r1') });
    expect((await gapwatchIn(folder, ['backtest', 'b.ndjson'])).status).toBe(0);
    expect((await gapwatchIn(folder, ['sources', 'test', 'a'])).status).toBe(2);
    expect(readFileSync(join(folder, 'b.ndjson'), 'utf8')).toBe(review('r1'));
  });
});
