import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from './define.ts';
import { json, ndjson } from './json.ts';

const context = { sourceId: 'desk', receivedAt: 0 };
const shared = { kind: { constant: 'review' }, occurredAt: { constant: '2026-03-04' } };

function map(value: unknown, settings: unknown = {}, source = ndjson): readonly Outcome[] {
  return source.create(settings)({ value, headers: {} }, context);
}
function only(outcomes: readonly Outcome[]): Outcome {
  const [outcome, more] = outcomes;
  if (outcome === undefined || more !== undefined) throw new Error(`${outcomes.length} outcomes`);
  return outcome;
}
const signalsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((outcome) => (outcome.kind === 'signal' ? [outcome.signal] : []));

describe('a path', () => {
  const read = (value: object, path: string) =>
    only(map(value, { columns: { ...shared, text: 'text', 'attributes.a': path } }));

  it.each([
    ['a key', { a: 'x' }, 'a'],
    ['a key in an object', { a: { b: { c: 'x' } } }, 'a.b.c'],
    ['an element of a list', { a: [{ b: 'y' }, { b: 'x' }] }, 'a.1.b'],
    ['a key that is called like the path', { 'a.b': 'x', a: { b: 'y' } }, 'a.b'],
    ['a key in an object that is called like the rest', { a: { 'b.c': 'x', b: { c: 'y' } } }, 'a.b.c'],
    ['the same with its mark for outside', { a: { b: 'x' } }, '$.a.b'],
    ['a name of prototypes', JSON.parse('{"a":{"__proto__":"x"}}'), 'a.__proto__'],
  ])('finds %s', (_name, value, path) => {
    expect(read({ text: 'Good.', ...value }, path)).toMatchObject({ signal: { attributes: { a: 'x' } } });
  });

  it.each([
    ['nowhere', { a: 1 }, 'b'],
    ['into a text', { a: 'x' }, 'a.length'],
    ['into null', { a: null }, 'a.b'],
    ['to a method', { a: {} }, 'a.constructor'],
    ['beyond a list', { a: [] }, 'a.0'],
    ['to nothing', { a: null }, 'a'],
  ])('that leads %s finds nothing', (_name, value, path) => {
    const outcome = read({ text: 'Good.', ...value }, path);
    expect((outcome as { signal: object }).signal).not.toHaveProperty('attributes');
  });

  it('finds every value of every object', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '_', '0'), minLength: 1 });
    const leaf = fc.constantFrom('x', 'y');
    const objectOf = <T>(value: fc.Arbitrary<T>) => fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 });
    const object = objectOf(fc.oneof(leaf, objectOf(fc.oneof(leaf, objectOf(leaf)))));
    fc.assert(
      fc.property(object, (value) => {
        const leaves = leavesOf(value);
        const columns = Object.fromEntries(leaves.map(([path], index) => [`attributes.${index}`, path]));
        const [signal] = signalsOf(map(value, { columns: { ...shared, text: { constant: 'Good.' }, ...columns } }));
        expect(Object.values(signal?.attributes ?? {})).toEqual(leaves.map(([, text]) => text));
      }),
    );
  });

  it('that was in no object is told in the end, with the keys that are there', () => {
    const statements = [{ columns: { text: 'words' } }, { each: 'comments', columns: { text: 'body' } }];
    const mapping = ndjson.create({ columns: { ...shared, customer: 'who.mail' }, statements });
    for (const value of [
      { words: 'a', who: { email: 'b' } },
      { words: 'a', comments: [{ bdy: 'c' }] },
    ]) {
      mapping({ value, headers: {} }, context);
    }
    expect(mapping.absent?.()).toEqual([
      'customer (path "who.mail") was found in none of the objects: there is no "who.mail"; the keys of "who" are "email"',
      'text (path "body") was found in none of the objects: there is no "body"; the keys here are "bdy"',
    ]);
    mapping({ value: { words: 'a', who: { mail: null }, comments: [{}, { body: 'd' }] }, headers: {} }, context);
    expect(mapping.absent?.()).toEqual([]);
  });
});

function leavesOf(object: object, before = ''): [string, string][] {
  return Object.entries(object).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value] as [string, string]] : leavesOf(value, `${before}${key}.`),
  );
}

describe('the elements of a list', () => {
  const settings = {
    columns: { ...shared, subject: 'id' },
    statements: [{ each: 'answers', columns: { text: 'value', 'attributes.form': '$.form' } }],
  };

  it('are named by their place, or by their key', () => {
    const value = {
      id: 'r',
      form: 'f',
      answers: [
        { value: 'a', no: 7 },
        { value: 'b', no: 'x/y' },
      ],
    };
    expect(signalsOf(map(value, settings)).map(({ subject }) => subject)).toEqual(['r/answers/1', 'r/answers/2']);
    const keyed = { ...settings, statements: [{ ...settings.statements[0], name: 'a', key: ['no'] }] };
    expect(signalsOf(map(value, keyed)).map(({ subject }) => subject)).toEqual(['r/a/7', 'r/a/x%2Fy']);
  });

  it('may name themselves', () => {
    const own = [{ each: 'answers', columns: { text: 'value', subject: 'id' } }];
    const value = { id: 'r', answers: [{ id: 'a1', value: 'a' }] };
    expect(signalsOf(map(value, { ...settings, statements: own })).map(({ subject }) => subject)).toEqual(['a1']);
  });

  it('that are no objects, and what is no list, are refused in their place', () => {
    expect(map({ id: 'r', answers: [{ value: 'a' }, 'b', null] }, settings)).toMatchObject([
      { kind: 'signal', signal: { text: 'a' } },
      { kind: 'reject', code: 'not-object', message: 'answers: element 2 is no object' },
      { kind: 'reject', code: 'not-object' },
    ]);
    expect(map({ id: 'r', answers: 'none' }, settings)).toMatchObject([{ kind: 'reject', code: 'not-list' }]);
  });

  it('count: one outcome for each, and one for an object without any', () => {
    const element = fc.record({ value: fc.constantFrom('', 'a', 'b') });
    fc.assert(
      fc.property(fc.option(fc.array(element), { nil: undefined }), (answers) => {
        const outcomes = map({ id: 'r', answers }, settings);
        expect(outcomes).toHaveLength(Math.max(1, answers?.length ?? 0));
      }),
    );
  });
});

const inShort = (outcome: Outcome) => (outcome.kind === 'signal' ? JSON.stringify(outcome.signal) : outcome.code);

describe('a batch', () => {
  it('gives what its elements give one by one', () => {
    const settings = { columns: { ...shared, subject: 'id', text: 'text' } };
    const row = fc.record({ id: fc.uuid(), text: fc.constantFrom('', 'Good.') });
    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.jsonValue()), { minLength: 1 }), (rows) => {
        const mapping = json.create(settings);
        // a list in a batch is no batch, and null in it no tombstone
        const single = rows.flatMap((value) =>
          Array.isArray(value) || value === null
            ? ['not-object']
            : mapping({ value, headers: {} }, context).map(inShort),
        );
        expect(map(rows, settings, json).map(inShort)).toEqual(single);
      }),
    );
  });
});

describe('settings', () => {
  const statements = (...list: object[]) => ({ columns: shared, statements: list });

  it.each([
    ['two statements without a name', statements({}, {}), 'a second statement without a name'],
    ['two statements of one name', statements({ name: 'a' }, { name: 'a' }), '"a" stands above already'],
    ['a name that is the list of another', statements({ each: 'a' }, { name: 'a' }), '"a" stands above already'],
    ['a name with a blank', statements({ name: 'a b' }), 'use letters'],
    ['no statement', statements(), 'Too small'],
    ['a condition that says nothing', { when: { column: 'a' } }, 'say is: … or isNot: …'],
    ['a rating made of an e-mail address', { columns: { rating: { column: 'a', as: 'email' } } }, 'only ids of people'],
  ])('are refused for %s', (_name, settings, message) => {
    const parsed = ndjson.settings.safeParse(settings);
    expect(JSON.stringify(parsed.error?.issues)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('of a statement go before the shared ones', () => {
    const settings = {
      columns: { ...shared, text: 'a', language: { constant: 'de' } },
      statements: [{ columns: { text: 'b', language: { constant: 'en' } } }],
    };
    expect(signalsOf(map({ a: 'no', b: 'yes' }, settings))).toMatchObject([{ text: 'yes', language: 'en' }]);
  });
});
