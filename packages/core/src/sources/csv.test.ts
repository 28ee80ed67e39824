import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';
import type { Outcome } from './define.ts';

const context = { sourceId: 'export', receivedAt: 0 };
const named = { kind: 'kind', occurredAt: 'occurredAt', text: 'text' };
const row = { kind: 'review', occurredAt: '2026-03-04', text: 'Good.' };

function map(value: object, settings: unknown = {}, headers: Record<string, string> = {}): Outcome {
  const [outcome] = csv.create(settings)({ value, headers }, context);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}
function signalOf(outcome: Outcome) {
  if (outcome.kind !== 'signal') throw new Error(outcome.message);
  return outcome.signal;
}

describe('a cell', () => {
  it.each([
    ['version', '2.5', 'version: "2.5" is no whole number'],
    ['version', 'two', 'version: "two" is no number: translate it with map'],
    ['solicited', 'perhaps', 'solicited: "perhaps" is neither yes nor no'],
    ['rating', '4', 'rating: its scale is not known: add scale: { min: 1, max: 5 }'],
    ['rating.value', '1,000', 'rating.value: "1,000" may be thousands or a fraction'],
    ['rating.value', '4 or 5', 'rating.value: "4 or 5" is no number'],
    ['lifecycle.value', '9e999', 'lifecycle.value: "9e999" is too large'],
    ['status', 'Waiting', 'status: "waiting" is not taken; write one of new, open, pending, solved, closed'],
    ['url', 'example.com', 'only links that begin with https:// are kept'],
    ['occurredAt', 'soon', 'occurredAt: "soon" is no date that can be read without its format'],
    ['observedAt', '04.05.2026', 'observedAt: "04.05.2026" may begin with the day or with the month'],
  ])('%s of %j is refused', (column, text, message) => {
    const outcome = map({ ...row, [column]: text });
    expect(outcome).toMatchObject({ kind: 'reject', code: 'invalid' });
    expect((outcome as { message: string }).message).toContain(message);
  });

  it.each([
    ['solicited', 'YES', { solicited: true }],
    ['solicited', '0', { solicited: false }],
    ['status', 'Open', { status: 'open' }],
    ['version', '7', { version: 7 }],
    ['attributes.a.b', '0017', { attributes: { 'a.b': '0017' } }],
    ['observedAt', '', {}],
  ])('%s of %j is read', (column, text, fields) => {
    const signal = signalOf(map({ ...row, [column]: text }));
    expect(signal).toMatchObject(fields);
    expect('observedAt' in signal).toBe(false);
  });

  it('may hold a fraction with a comma', () => {
    const scale = { min: 0, max: 10 };
    expect(
      signalOf(map({ ...row, stars: '7,5' }, { columns: { ...named, rating: { column: 'stars', scale } } })).rating,
    ).toEqual({ value: 7.5, ...scale });
  });

  it('under a name of prototypes is harmless', () => {
    const value = JSON.parse(
      '{"kind":"review","occurredAt":"2026-03-04","text":"Good.","__proto__":"x","attributes.__proto__":"y","attributes.constructor":"z"}',
    );
    const signal = signalOf(map(value));
    expect(signal.attributes).toEqual({ constructor: 'z' });
    expect(Object.getPrototypeOf(signal.attributes)).toBe(Object.prototype);
  });
});

describe('settings of columns', () => {
  const rated = (map: object, scale: object = { min: 1, max: 5 }) => ({
    columns: { ...named, rating: { column: 'stars', scale, map } },
  });

  it('translate texts, drop what means nothing, and catch the rest', () => {
    const settings = rated({ good: 5, 'n/a': null, '*': 1 });
    expect(signalOf(map({ ...row, stars: 'good' }, settings)).rating?.value).toBe(5);
    expect(signalOf(map({ ...row, stars: 'so so' }, settings)).rating?.value).toBe(1);
    expect(signalOf(map({ ...row, stars: 'n/a' }, settings)).rating).toBeUndefined();
    expect(signalOf(map({ ...row, stars: 'constructor' }, settings)).rating?.value).toBe(1);
  });

  it('give a scale that changed its numbers by the day', () => {
    const settings = rated({}, [
      { before: '2015-06-09', min: 1, max: 5 },
      { min: 1, max: 10 },
    ] as object);
    const ratingOn = (day: string) => signalOf(map({ ...row, occurredAt: day, stars: '5' }, settings)).rating;
    expect(ratingOn('2015-06-08')).toEqual({ value: 5, min: 1, max: 5 });
    expect(ratingOn('2015-06-09')).toEqual({ value: 5, min: 1, max: 10 });
  });

  it.each([
    ['an unknown field', { columns: { txt: 'comment' } }, 'columns.txt'],
    ['neither column nor constant', { columns: { text: {} } }, 'columns.text'],
    ['both column and constant', { columns: { text: { column: 'a', constant: 'b' } } }, 'columns.text'],
    [
      'a format that is none',
      { columns: { occurredAt: { column: 'a', format: 'dd/mm/yyyy' } } },
      'columns.occurredAt.format',
    ],
    ['a zone that is none', { zone: 'Middle/Earth' }, 'zone'],
    [
      'a scale upside down',
      { columns: { rating: { column: 'a', scale: { min: 5, max: 1 } } } },
      'columns.rating.scale',
    ],
    [
      'scales without an end',
      {
        columns: {
          rating: {
            column: 'a',
            scale: [
              { min: 1, max: 5 },
              { min: 1, max: 10 },
            ],
          },
        },
      },
      'columns.rating.scale',
    ],
    ['an empty key', { key: [] }, 'key'],
  ])('are refused for %s', (_name, settings, path) => {
    const parsed = csv.settings.safeParse(settings);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error)).toContain(path.split('.').at(-1) ?? path);
  });

  it('are all that counts once there are any: a column that only looks like a field fills none', () => {
    const outcome = map({ ...row, subject: 'My order', source: 'web', version: '7' }, { columns: named });
    expect(signalOf(outcome)).toMatchObject({ subject: expect.stringMatching(/^row:/), source: 'export', version: 0 });
    expect(outcome).toMatchObject({ warnings: ['columns that no field takes: "subject", "source", "version"'] });
  });

  it.each([
    [{ text: 'Good.', occurredAt: '2026-03-04' }, 'kind: say it once for all rows'],
    [{ text: 'Good.', kind: 'review' }, 'occurredAt: say which column holds the time'],
  ])('are asked for where the file lacks what every signal needs', (value, message) => {
    expect(map(value)).toMatchObject({ kind: 'reject', code: 'no-column', message: expect.stringContaining(message) });
  });
});

describe('a row of several statements', () => {
  const settings = {
    columns: { kind: { constant: 'review' }, occurredAt: 'day' },
    statements: [{ columns: { text: 'words' } }, { name: 'food', columns: { text: 'food' } }],
  };
  const rowOf = (fields: object) => ({ day: '2026-03-04', words: 'Good.', food: 'Cold.', ...fields });
  const outcomesOf = (value: object, options: unknown = settings) =>
    csv.create(options)({ value, headers: { 'gapwatch-occurrence': '2' } }, context);
  const subjectsOf = (outcomes: readonly Outcome[]) => outcomes.map((outcome) => signalOf(outcome).subject);

  it('gives them one name, with their own behind it', () => {
    const [first = '', second = ''] = subjectsOf(outcomesOf(rowOf({})));
    expect(first).toMatch(/^row:[0-9a-f]{32}\/2$/);
    expect(second).toBe(`${first}/food`);
    expect(subjectsOf(outcomesOf(rowOf({ id: 'a/b' }), { ...settings, key: ['id'] }))).toEqual([
      'row:a%2Fb',
      'row:a%2Fb/food',
    ]);
  });

  it('lacks no column of any of them, nor of a condition', () => {
    const when = { column: 'state', is: 'open' };
    for (const each of [
      { ...settings, when },
      { ...settings, statements: [{ when }] },
    ]) {
      expect(outcomesOf(rowOf({}), each)).toMatchObject([{ kind: 'reject', code: 'no-column' }]);
    }
  });

  it('with a time that cannot be read is refused, not left out', () => {
    expect(outcomesOf(rowOf({ day: 'soon' }))).toMatchObject([{ code: 'invalid' }, { code: 'invalid' }]);
    expect(outcomesOf(rowOf({ day: '' }))).toMatchObject([{ code: 'no-time' }, { code: 'no-time' }]);
  });

  it('has no lists', () => {
    expect(csv.settings.safeParse({ statements: [{ each: 'comments' }] }).success).toBe(false);
  });
});

describe('the subject of a row without an id', () => {
  const subject = (value: object, settings: unknown = {}, headers = {}) =>
    signalOf(map(value, settings, headers)).subject;

  it('does not depend on the line, the order of columns, or a column that is empty', () => {
    const first = subject(row, {}, { line: '2' });
    expect(first).toMatch(/^row:[0-9a-f]{32}$/);
    expect(subject({ text: 'Good.', occurredAt: '2026-03-04', kind: 'review', segment: '' }, {}, { line: '99' })).toBe(
      first,
    );
  });

  it('differs where any cell differs, mapped or not, and where the same row stands again', () => {
    const subjects = [
      subject(row),
      subject({ ...row, text: 'Bad.' }),
      subject({ ...row, colour: 'red' }),
      subject(row, {}, { 'gapwatch-occurrence': '2' }),
      subject(row, {}, { 'gapwatch-occurrence': '3' }),
    ];
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('is made of its key columns, each apart', () => {
    const keyed = { ...row, a: 'x/y', b: 'z' };
    expect(subject(keyed, { key: ['a', 'b'] }, { 'gapwatch-occurrence': '2' })).toBe('row:x%2Fy/z');
    expect(subject({ ...keyed, a: 'x', b: 'y/z' }, { key: ['a', 'b'] })).toBe('row:x/y%2Fz');
    expect(subject({ ...keyed, a: '\ud800'.repeat(300) }, { key: ['a', 'b'] })).toMatch(/^row:[0-9a-f]{64}$/);
    expect(map({ ...keyed, a: '', b: ' ' }, { key: ['a', 'b'] })).toMatchObject({
      kind: 'reject',
      message: 'subject: the key columns a, b are all empty',
    });
  });

  it('never collapses two rows that differ', () => {
    const cell = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== '');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), cell), fc.dictionary(fc.string(), cell), (left, right) => {
        const filled = (cells: object) => JSON.stringify(Object.entries(cells).sort(([a], [b]) => (a < b ? -1 : 1)));
        const settings = {
          columns: {
            kind: { constant: 'belief' },
            occurredAt: { constant: '2026-01-01' },
            'attributes.x': { constant: 'y' },
          },
        };
        const outcomes = [left, right].map(
          (cells) => csv.create(settings)({ value: { 'own cell': 'a', ...cells }, headers: {} }, context)[0],
        );
        const subjects = outcomes.map((outcome) => (outcome?.kind === 'signal' ? outcome.signal.subject : null));
        if (subjects.includes(null)) return;
        expect(subjects[0] === subjects[1]).toBe(filled(left) === filled(right));
      }),
    );
  });
});
