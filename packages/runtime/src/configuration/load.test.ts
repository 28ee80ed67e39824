import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { canonicalJson, configurationHash } from './canonical-json.ts';
import { ConfigurationError } from './faults.ts';
import { loadConfiguration, parseConfiguration } from './load.ts';

const rule = z.union([
  z.strictObject({ field: z.string(), is: z.array(z.string()).min(1) }),
  z.strictObject({ words: z.array(z.string()).min(1) }),
]);
const schema = z.strictObject({
  stages: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z]+$/, 'use small letters'),
        target: z.number().min(0).max(1).optional(),
        match: z.array(rule).optional(),
      }),
    )
    .optional(),
  sources: z.array(z.looseObject({ id: z.string(), type: z.string() })).default([{ id: 'a', type: 'canonical' }]),
  columns: z
    .record(
      z.string().regex(/^[a-z]+$/, 'no such field'),
      z.union([z.string(), z.strictObject({ column: z.string(), format: z.string().optional() })]),
    )
    .optional(),
  level: z.enum(['low', 'high']).default('low'),
  alerts: z
    .strictObject({
      falseAlarms: z
        .strictObject({ count: z.number().positive().default(1), perDays: z.number().int().default(90) })
        .prefault({}),
    })
    .prefault({}),
});

function faultsIn(text: string, parts?: Parameters<typeof parseConfiguration<typeof schema>>[3]): string[] {
  try {
    parseConfiguration(text, 'file.yaml', schema, parts);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
}

describe('a configuration file', () => {
  it.each([
    ['an unknown key', 'stagess: []\n', ['1:1 stagess: unknown key; did you mean stages?']],
    [
      'an unknown key far from any',
      'zebra: 1\n',
      ['1:1 zebra: unknown key; known here are stages, sources, columns, level, alerts'],
    ],
    [
      'a key inside a list',
      'stages:\n  - id: a\n    traget: 0.9\n',
      ['3:5 stages[0].traget: unknown key; did you mean target?'],
    ],
    [
      'a value that is too large',
      'stages:\n  - id: a\n    target: 90\n',
      ['3:13 stages[0].target: 90 is too large: at most 1'],
    ],
    [
      'a value that must be more than zero',
      'alerts:\n  falseAlarms: { count: 0 }\n',
      ['2:25 alerts.falseAlarms.count: 0 is too small: more than 0'],
    ],
    [
      'text for a number',
      'alerts: { falseAlarms: { perDays: often } }\n',
      ['1:35 alerts.falseAlarms.perDays: "often" is not a number'],
    ],
    [
      'a fraction for a whole number',
      'alerts: { falseAlarms: { perDays: 1.5 } }\n',
      ['1:35 alerts.falseAlarms.perDays: 1.5 is not a whole number'],
    ],
    ['a missing key', 'stages:\n  - id: a\n  - target: 0.5\n', ['3:5 stages[1].id: missing: text is needed']],
    ['an empty key', 'stages:\nlevel: low\n', ['1:8 stages: empty: a list is needed; write it, or take the line out']],
    ['a group for a list', 'stages: { id: a }\n', ['1:9 stages: a group of keys is not a list']],
    ['a number where text is needed', 'stages:\n  - id: 12\n', ['2:9 stages[0].id: 12 is not text']],
    ['a word that breaks a rule', 'stages:\n  - id: A-B\n', ['2:9 stages[0].id: use small letters']],
    ['a choice that is none', 'level: hihg\n', ['1:8 level: "hihg" is none of low, high; did you mean high?']],
    [
      'a mistyped key in a union',
      'stages:\n  - id: a\n    match:\n      - { field: queue, iss: [a] }\n',
      [
        '4:9 stages[0].match[0].is: missing: a list is needed',
        '4:25 stages[0].match[0].iss: unknown key; did you mean is?',
      ],
    ],
    [
      'an empty list in a union',
      'stages:\n  - id: a\n    match:\n      - { words: [] }\n',
      ['4:18 stages[0].match[0].words: at least 1 is needed'],
    ],
    [
      'what is of no kind of a union',
      'columns: { text: 5 }\n',
      ['1:18 columns.text: 5 is not text or a group of keys'],
    ],
    [
      'a part of a union that is wrong',
      'columns: { text: { colum: a } }\n',
      [
        '1:12 columns.text.column: missing: text is needed',
        '1:20 columns.text.colum: unknown key; did you mean column?',
      ],
    ],
    ['a name of a record that is wrong', 'columns: { TEXT: a }\n', ['1:12 columns.TEXT: no such field']],
    [
      'a key that stands twice',
      'level: low\nlevel: high\n',
      ['2:1 this key stands twice: the second would hide the first'],
    ],
    [
      'a key that stands twice and other mistakes',
      'level: low\nlevel: hi\n',
      ['2:1 this key stands twice: the second would hide the first', '2:8 level: "hi" is none of low, high'],
    ],
    ['a tab', 'alerts:\n\tfalseAlarms: {}\n', ['2:1 a tab: YAML is indented with blanks only']],
    ['a list as the whole', '- a\n', ['1:1 the file must hold keys with values, such as `sources:`']],
    ['a word as the whole', 'hello\n', ['1:1 the file must hold keys with values, such as `sources:`']],
    [
      'two documents',
      'level: low\n---\nlevel: high\n',
      ['2:1 a second document begins here: one file holds one configuration'],
    ],
    ['an open bracket', 'stages: [a\n', [expect.stringMatching(/^\d+:\d+ .*sequence/)]],
    [
      'a key of prototypes',
      '__proto__: { level: high }\n',
      ['1:1 __proto__: unknown key; known here are stages, sources, columns, level, alerts'],
    ],
    [
      'a mistake behind an alias',
      'stages:\n  - &first { id: A }\n  - *first\n',
      ['2:18 stages[0].id: use small letters', '2:18 stages[1].id: use small letters'],
    ],
    ['a tag that is not known', 'level: !js low\n', [expect.stringContaining('1:8 ')]],
  ])('names %s with its line, column and path', (_name, text, expected) => {
    const faults = faultsIn(text).map((fault) => fault.replace(/^file\.yaml:/, ''));
    expect(faults).toEqual(expected);
  });

  it('names all mistakes at once, in the order of the lines', () => {
    const text = 'level: mid\nstages:\n  - id: A\n    target: 2\n  - { ids: b, id: b }\nalert: {}\n';
    expect(faultsIn(text).map((fault) => Number(fault.split(':')[1]))).toEqual([1, 3, 4, 5, 6]);
  });

  it('lets parts be checked by schemas of their own', () => {
    const own = z.strictObject({ id: z.string(), type: z.string(), zone: z.enum(['UTC']).optional() });
    const parts = { parts: () => [{ path: ['sources', 1], schema: own }] };
    const text = 'sources:\n  - { id: a, type: b, zonne: 1 }\n  - id: c\n    type: d\n    zonne: UTC\n';
    expect(faultsIn(text, parts)).toEqual(['file.yaml:5:5 sources[1].zonne: unknown key; did you mean zone?']);
  });

  it.each(['', '# nothing yet\n', '---\n', '{}'])('stands for all defaults when it says nothing: %j', (text) => {
    const { configuration } = parseConfiguration(text, 'file.yaml', schema);
    expect(configuration).toEqual(schema.parse({}));
  });

  it('may be JSON', () => {
    expect(parseConfiguration('{"level":\n\t"high"}', 'file.json', schema).configuration.level).toBe('high');
  });

  it('refuses a file that unfolds without end', () => {
    const bomb = [
      'a: &a [x, x]',
      ...Array.from(
        { length: 30 },
        (_, index) => `b${index}: &b${index} [${`*${index === 0 ? 'a' : `b${index - 1}`}, `.repeat(9)}x]`,
      ),
    ];
    expect(faultsIn(bomb.join('\n'))).toEqual([expect.stringContaining('cannot be read: Excessive alias count')]);
  });
});

describe('the hash of a configuration', () => {
  const hashOf = (text: string) => parseConfiguration(text, 'file.yaml', schema).hash;

  it('is that of the meaning: comments, order, quotes and written defaults do not change it', () => {
    const hash = hashOf('level: high\nstages: [{ id: a, target: 0.5 }]\n');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(
      hashOf('# a note\nstages:\n  - target: 0.50\n    id: "a"\nlevel: high\nalerts: { falseAlarms: { count: 1 } }\n'),
    ).toBe(hash);
    expect(hashOf('level: high\nstages: [{ id: b, target: 0.5 }]\n')).not.toBe(hash);
  });

  it('is the same whatever the order of the keys, and another for another value', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, shuffled(member)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        expect(configurationHash(shuffled(left))).toBe(configurationHash(left));
        expect(JSON.parse(canonicalJson(left))).toEqual(JSON.parse(JSON.stringify(left)));
        if (canonicalJson(left) !== canonicalJson(right))
          expect(configurationHash(left)).not.toBe(configurationHash(right));
      }),
    );
  });
});

describe('loading', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-configuration-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a file from the disk', async () => {
    const file = join(folder, 'gapwatch.yaml');
    writeFileSync(file, 'level: high\n');
    await expect(loadConfiguration(file, schema)).resolves.toMatchObject({ file, configuration: { level: 'high' } });
  });

  it('says that there is no file, or that it cannot be read', async () => {
    const missing = join(folder, 'missing.yaml');
    await expect(loadConfiguration(missing, schema)).rejects.toThrow(`${missing}:1:1 there is no such file`);
    await expect(loadConfiguration(folder, schema)).rejects.toThrow(`${folder}:1:1 cannot be read`);
  });

  it('finds a mistake in whatever configuration it was put into', () => {
    const target = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
    const stages = fc.array(fc.record({ id: fc.stringMatching(/^[a-z]{1,9}$/), target }), { minLength: 1 });
    fc.assert(
      fc.property(stages, fc.nat(), (list, at) => {
        const index = at % list.length;
        const wrong = list.map((stage, place) => (place === index ? { ...stage, target: 7.25 } : stage));
        const text = stringify({ level: 'low', stages: wrong });
        const line = text.split('\n').findIndex((each) => each.includes('7.25')) + 1;
        expect(faultsIn(text)).toEqual([`file.yaml:${line}:13 stages[${index}].target: 7.25 is too large: at most 1`]);
      }),
    );
  });
});
