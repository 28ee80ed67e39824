import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Progress } from './open.ts';
import type { FileItem, FileOptions } from './payloads.ts';
import { guessFormat, readPayloads } from './payloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'gapwatch-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += sizeBytes) yield Buffer.from(bytes.subarray(from, from + sizeBytes));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function readAll(
  content: string | Uint8Array,
  options: FileOptions = {},
  sizeBytes = 65_536,
): Promise<FileItem[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return collect(readPayloads('-', { stdin: chunksOf(bytes, sizeBytes), ...options }));
}

/** Items in short: the text of a payload, the code of a fault, each behind its line. */
function inShort(items: readonly FileItem[]): string[] {
  return items.map((item) => `${item.line} ${'fault' in item ? `!${item.fault.code}` : item.bytes.toString()}`);
}
const rowsOf = (items: readonly FileItem[]) =>
  items.map((item) => ('fault' in item ? item.fault : JSON.parse(item.bytes.toString())));

describe('NDJSON', () => {
  it.each([
    ['lines, blank lines, CRLF and a last line without an end', '{"a":1}\r\n\n  \n{"b":2}', ['1 {"a":1}', '4 {"b":2}']],
    ['a mark of byte order', '\ufeff{"a":1}\n', ['1 {"a":1}']],
    ['a broken line in its place', '{"a":1}\n{"b":\n{"c":3}\n', ['1 {"a":1}', '2 {"b":', '3 {"c":3}']],
    ['nothing', '', []],
  ])('gives %s', async (_name, content, expected) => {
    expect(inShort(await readAll(content))).toEqual(expected);
  });

  it('leaves out a line that is too large and reads on', async () => {
    const content = `{"a":1}\n{"text":"${'x'.repeat(10_000_000)}"}\n{"b":2}\n`;
    const items = await readAll(content);
    expect(inShort(items)).toEqual(['1 {"a":1}', '2 !too-large', '3 {"b":2}']);
    expect(items[1]).toMatchObject({
      fault: { message: '10000011 bytes in one line; at most 1048576 are taken: split it' },
    });
  });

  it('is the same however the bytes arrive', async () => {
    const lines = fc.array(
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text })),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        async (texts, sizeBytes, end) => {
          const items = await readAll(texts.join(end), { format: 'ndjson' }, sizeBytes);
          expect(inShort(items)).toEqual(texts.map((text, index) => `${index + 1} ${Buffer.from(text).toString()}`));
        },
      ),
    );
  });
});

describe('a JSON array', () => {
  it.each([
    ['elements of any kind', '[\n{"a":[1,2]},\n "x,]", 3 ]\n', ['2 {"a":[1,2]}', '3 "x,]"', '3 3 ']],
    ['an empty one', ' [ ] ', []],
    ['a comma at its end', '[{"a":1},\n]', ['1 {"a":1}']],
    ['one object over several lines', '{\n "a": 1\n}\n', ['1 {\n "a": 1\n}\n']],
    ['a bracket of the wrong kind', '[{"a":1],{"b":2}]', ['1 {"a":1]', '1 {"b":2}']],
    ['no comma between two', '[{"a":1} {"b":2}]', ['1 {"a":1} {"b":2}']],
    ['an end in the middle', '[{"a":1},\n{"b":', ['1 {"a":1}', '2 !cut-off']],
    ['no end', '[{"a":1},', ['1 {"a":1}', '1 !cut-off']],
    ['an open text', '["a', ['1 !cut-off']],
    ['two arrays', '[{"a":1}]\n[{"b":2}]', ['1 {"a":1}', '2 !not-json']],
  ])('with %s', async (_name, content, expected) => {
    expect(inShort(await readAll(content))).toEqual(expected);
  });

  it('leaves out an element that is too large and reads on', async () => {
    const items = await readAll(`[1,\n{"text":"${'x'.repeat(3_000_000)}"},2]`);
    expect(inShort(items)).toEqual(['1 1', '2 !too-large', '2 2']);
  });

  it('is the same however it is written and its bytes arrive', async () => {
    const layout = fc.constantFrom(undefined, 1, 2, '\t');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        layout,
        fc.integer({ min: 1, max: 40 }),
        async (values, space, sizeBytes) => {
          const items = await readAll(JSON.stringify(values, null, space), { format: 'json' }, sizeBytes);
          expect(rowsOf(items)).toEqual(JSON.parse(JSON.stringify(values)));
        },
      ),
    );
  });
});

describe('CSV', () => {
  it.each([
    ['commas', 'a,b\n1,2\n', ['2 {"a":"1","b":"2"}']],
    ['semicolons and commas in numbers', 'a;b\r\n1,5;2\r\n', ['2 {"a":"1,5","b":"2"}']],
    ['tabs', 'a\tb\n1\t\n', ['2 {"a":"1","b":""}']],
    ['bars', 'a|b\n1|2', ['2 {"a":"1","b":"2"}']],
    ['a line that names the separator', 'sep=;\na;b,c\n1;2\n', ['3 {"a":"1","b,c":"2"}']],
    ['separators in a quoted header', '"a;b;c",d\n1,2\n', ['2 {"a;b;c":"1","d":"2"}']],
    ['one column', 'text\nGood.\n', ['2 {"text":"Good."}']],
    ['quotes, quoted quotes, quoted separators', 'a,b\n"1,1","say ""no"""\n', ['2 {"a":"1,1","b":"say \\"no\\""}']],
    ['a quote inside a cell without quotes', 'a,b\n5" pipe,2\n', ['2 {"a":"5\\" pipe","b":"2"}']],
    ['line breaks in cells', 'a,b\r\n"1\r\n\r\n1",2\r\n3,4\r\n', ['2 {"a":"1\\n\\n1","b":"2"}', '5 {"a":"3","b":"4"}']],
    ['line ends of old computers', 'a,b\r1,2\r3,4', ['2 {"a":"1","b":"2"}', '3 {"a":"3","b":"4"}']],
    ['empty lines and empty cells at the end', 'a,b\n\n1,2,,\n\n', ['3 {"a":"1","b":"2"}']],
    ['a row that stops half-way', 'a,b,c\n1,2,3\n4,5', ['2 {"a":"1","b":"2","c":"3"}', '3 !wrong-columns']],
    ['a row with a cell too many', 'a,b\n1,2,3\n4,5', ['2 !wrong-columns', '3 {"a":"4","b":"5"}']],
    ['words after a closing quote', 'a,b\n"1" x,2\n3,4', ['2 !stray-quote', '3 {"a":"3","b":"4"}']],
    [
      'a quote that is never closed',
      'a,b\n"1,2\n3,4\n5,6\n',
      ['2 !quote-not-closed', '3 {"a":"3","b":"4"}', '4 {"a":"5","b":"6"}'],
    ],
    [
      'a quote that the next quoted row closes',
      'a,b\n"1,2\n"3",4\n5,6\n',
      ['2 !stray-quote', '3 {"a":"3","b":"4"}', '4 {"a":"5","b":"6"}'],
    ],
    ['a header alone', 'a,b\n', []],
    ['a name of prototypes', '__proto__,constructor\n1,2\n', ['2 {"__proto__":"1","constructor":"2"}']],
  ])('with %s', async (_name, content, expected) => {
    expect(inShort(await readAll(content, { format: 'csv' }))).toEqual(expected);
    expect(inShort(await readAll(content.replaceAll('\r\n', '\n'), { format: 'csv' }, 3))).toEqual(expected);
  });

  it('gives each row its line, and the count of equal rows before it', async () => {
    const items = await readAll('a,b\n1,2\n3,4\n1,2\n1,2\n');
    expect(items.map((item) => ('headers' in item ? item.headers : null))).toEqual([
      { line: '2' },
      { line: '3' },
      { line: '4', 'gapwatch-occurrence': '2' },
      { line: '5', 'gapwatch-occurrence': '3' },
    ]);
  });

  it('names columns without a name or with the name of another, and says so', async () => {
    const notes: string[] = [];
    const items = await readAll('a,,a, ,a (2)\n1,2,3,4,5\n', { format: 'csv', onNote: (note) => notes.push(note) });
    expect(rowsOf(items)).toEqual([{ a: '1', 'column 2': '2', 'a (2)': '3', 'column 4': '4', 'a (2) (2)': '5' }]);
    expect(notes).toEqual([
      'column 2 of the header is empty: it is called "column 2"',
      'column 3 of the header is a repeat: it is called "a (2)"',
      'column 4 of the header is empty: it is called "column 4"',
      'column 5 of the header is a repeat: it is called "a (2) (2)"',
    ]);
  });

  it('reads lines that are not UTF-8 as Windows-1252, the others as they are, and says so once', async () => {
    const notes: string[] = [];
    const content = Buffer.concat([
      Buffer.from('text,b\ncafé,1\n'),
      Buffer.from('caf\xe9 \x80,2\n', 'latin1'),
      Buffer.from('na\xefve,3\n', 'latin1'),
    ]);
    const items = await readAll(content, { format: 'csv', onNote: (note) => notes.push(note) });
    expect(rowsOf(items).map((row) => row.text)).toEqual(['café', 'café €', 'naïve']);
    expect(notes).toEqual(['line 3 is not UTF-8: such lines are read as Windows-1252']);
  });

  it.each(['utf16le', 'swapped'])('reads UTF-16 (%s)', async (order) => {
    const bytes = Buffer.from('\ufefftext\tb\n☃ é\t1\n', 'utf16le');
    const items = await readAll(order === 'swapped' ? bytes.swap16() : bytes, { format: 'csv' }, 5);
    expect(rowsOf(items)).toEqual([{ text: '☃ é', b: '1' }]);
  });

  it('leaves out a line that is too large, in a quoted cell or out of it, and reads on', async () => {
    const large = 'x'.repeat(2_000_000);
    const content = `a,b\n1,${large}\n"2\n${large}\n3,4\n5,6\n`;
    const items = await readAll(content, { format: 'csv' });
    expect(inShort(items)).toEqual([
      '2 !too-large',
      '3 !quote-not-closed',
      '4 !too-large',
      '5 {"a":"3","b":"4"}',
      '6 {"a":"5","b":"6"}',
    ]);
  });

  it('gives up a quote that is still open after the limit, and reads its lines as rows', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `${index},x`).join('\n');
    const items = await readAll(`a,b\n"0,x\n${rows}`, { format: 'csv', maxBytes: 1_000 });
    expect(inShort(items).slice(0, 2)).toEqual(['2 !quote-not-closed', '3 {"a":"0","b":"x"}']);
    expect(items).toHaveLength(401);
  });

  it('reads a row of more cells than a call has room for', async () => {
    const items = await readAll(`a,b\n${','.repeat(300_000)}\n1,2\n`, { format: 'csv' });
    expect(items).toHaveLength(2);
    expect(inShort(items).at(-1)).toBe('3 {"a":"1","b":"2"}');
  });

  it('stays linear on rows that each open a quote and close the one before', async () => {
    const rows = 'a","b\n'.repeat(60_000);
    const items = await readAll(`a,b\n${rows}`, { format: 'csv' });
    const faults = items.filter((item) => 'fault' in item);
    expect(faults.length).toBe(items.length);
    expect(faults.at(-1)).toMatchObject({ fault: { code: 'quote-not-closed' } });
  });

  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', ' ', 'a', '|', '\t') }),
  );
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1 }));

  it('comes back as it was written, however its bytes arrive, and as another reader reads it', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.integer({ min: 1, max: 50 }),
        async (rows, separator, sizeBytes) => {
          const names = (rows[0] ?? []).map((_, index) => `name ${index}`);
          const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(separator));
          const content = [names.join(separator), ...quoted].join('\n');
          const items = await readAll(content, { format: 'csv' }, sizeBytes);
          const values = rowsOf(items).map((row) => names.map((name) => row[name]));
          expect(values).toEqual(rows);
          if (names.length === 1) return;
          expect(parse(content, { delimiter: separator, from_line: 2, record_delimiter: '\n' })).toEqual(values);
        },
      ),
    );
  });

  it('accounts for every line of whatever comes', async () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ') }));
    await fc.assert(
      fc.asyncProperty(lines, async (texts) => {
        const items = await readAll(['a,b', ...texts].join('\n'), { format: 'csv' });
        const starts = items.map(({ line }) => line);
        expect(starts.toSorted((left, right) => left - right)).toEqual(
          [...new Set(starts)].toSorted((left, right) => left - right),
        );
        const [first] = texts.flatMap((text, index) => (text === '' ? [] : [index + 2]));
        expect(starts.length === 0 ? undefined : Math.min(...starts)).toBe(first);
      }),
    );
  });
});

describe('an archive', () => {
  const lines = Array.from(
    { length: 5_000 },
    (_, index) => `{"index":${index},"text":"${'word '.repeat(index % 50)}"}`,
  );
  const plain = `${lines.join('\n')}\n`;
  const half = plain.length / 2;
  const skippable = Buffer.from([0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

  it.each([
    ['gzip', gzipSync(plain)],
    ['gzip of several members', Buffer.concat([gzipSync(plain.slice(0, half)), gzipSync(plain.slice(half))])],
    ['zstd', zstdCompressSync(plain)],
    [
      'zstd of several frames',
      Buffer.concat([zstdCompressSync(plain.slice(0, half)), skippable, zstdCompressSync(plain.slice(half))]),
    ],
    ['zstd of an empty frame', Buffer.concat([zstdCompressSync(''), zstdCompressSync(plain)])],
    ['none', Buffer.from(plain)],
  ])('(%s) is known by its bytes and read to its end', async (_name, bytes) => {
    for (const sizeBytes of [7, 100_000]) {
      expect(inShort(await readAll(bytes, {}, sizeBytes))).toEqual(lines.map((line, index) => `${index + 1} ${line}`));
    }
  });

  it.each([
    ['gzip', gzipSync(plain)],
    ['zstd', zstdCompressSync(plain)],
  ])('(%s) that is cut off gives what it holds and then a fault', async (_name, bytes) => {
    const items = await readAll(bytes.subarray(0, bytes.length - 2_000));
    expect(inShort(items).at(-1)).toMatch(/!broken-archive$/);
    expect(items.filter((item) => 'fault' in item)).toHaveLength(1);
  });

  it('that is damaged gives a fault', async () => {
    const withChecksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
    for (const bytes of [gzipSync(plain), zstdCompressSync(plain, withChecksum)]) {
      bytes.fill(0xff, 60, 200);
      expect(inShort(await readAll(bytes, { format: 'ndjson' })).at(-1)).toMatch(/!broken-archive$/);
    }
  });

  it('followed by something else gives a fault', async () => {
    const items = await readAll(Buffer.concat([zstdCompressSync('{"a":1}\n'), Buffer.from('what is this')]));
    expect(inShort(items)).toEqual(['1 {"a":1}', '2 !broken-archive']);
  });

  it('of a kind that is not read is refused with what to do', async () => {
    await expect(readAll(Buffer.from('PK\x03\x04....'))).rejects.toThrow(
      '- is a zip or Excel file: unpack it, or save the sheet as CSV',
    );
    expect((await readAll(brotliCompressSync(plain), { format: 'ndjson' })).length).toBeGreaterThan(0);
  });
});

describe('a file', () => {
  const path = join(folder, 'three.ndjson.gz');
  writeFileSync(path, gzipSync('{"a":1}\n{"b":2}\n{"c":3}\n'));

  it('is read by its path, with its progress', async () => {
    const steps: Progress[] = [];
    const items = await collect(readPayloads(path, { onProgress: (progress) => steps.push(progress) }));
    expect(inShort(items)).toEqual(['1 {"a":1}', '2 {"b":2}', '3 {"c":3}']);
    expect(steps.at(-1)?.bytesRead).toBe(steps.at(-1)?.totalBytes);
    expect(steps.at(-1)?.totalBytes).toBeGreaterThan(20);
  });

  it('may be left early', async () => {
    const [first] = await collect(take(readPayloads(path), 1));
    expect(first).toMatchObject({ line: 1 });
  });

  it.each([
    ['that is not there', join(folder, 'nothing.csv'), 'no-file', 'there is no file'],
    ['that is a folder', folder, 'is-folder', 'is a folder: name the files in it'],
    ['under a file', join(path, 'x.csv'), 'no-file', 'there is no file'],
  ])('%s is an error that says so', async (_name, wrong, code, message) => {
    const reading = collect(readPayloads(wrong));
    await expect(reading).rejects.toMatchObject({ name: 'FileError', code });
    await expect(reading).rejects.toThrow(message);
  });

  it('is no further ahead than its reader', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given += 1;
        yield Buffer.from('{"a":1}\n'.repeat(100));
      }
    }
    await collect(take(readPayloads('-', { stdin: endless() }), 250));
    expect(given).toBe(3);
  });

  it.each([
    ['a.ndjson', 'x,y', 'ndjson'],
    ['a.JSONL.zst', '', 'ndjson'],
    ['a.csv.gz', '[1]', 'csv'],
    ['a.tsv', '', 'csv'],
    ['a.json', ' [ {', 'json'],
    ['a.json', '{"a":1}\n{"b":2}', 'ndjson'],
    ['a.json', '{\n"a":1}', 'json'],
    ['a.json', '{"rows": [\n{"a":1},\n', 'json'],
    ['a.json', '{"a":\n{"b":2}\n', 'ndjson'],
    ['-', '[{"a":1}]', 'json'],
    ['-', '{"a":\n', 'ndjson'],
    ['-', 'a,b\n1,2', 'csv'],
    ['export.txt', 'a;b\n1;2', 'csv'],
    ['export.constructor', '{}', 'ndjson'],
  ])('%s with %j is %s', (name, head, format) => {
    expect(guessFormat(name, Buffer.from(head))).toBe(format);
  });
});

it.each([
  ['an object a line', '{"a":1}\n{"a":2}\n', 2],
  ['a list', '[{"a":1},\n{"a":2}]', 2],
  ['one object', '{"a":1,\n"b":2}', 1],
])('a file of JSON may hold %s', async (_, text, count) => {
  const items = await collect(readPayloads('-', { format: 'json', stdin: chunksOf(Buffer.from(text), 65_536) }));
  expect(items.map((item) => 'fault' in item)).toEqual(Array(count).fill(false));
});

async function* take<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    taken += 1;
    if (taken === count) return;
  }
}
