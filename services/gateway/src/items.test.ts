import { describe, expect, it } from 'vitest';
import { itemsOf } from './items.ts';

/** The texts of the items, each behind its number. */
function textsOf(body: string, isLines: boolean): string[] {
  const read = itemsOf(Buffer.from(body), isLines);
  if ('fault' in read) return [`!${read.fault.code}`];
  return read.items.map((item) => `${item.index} ${'bytes' in item ? Buffer.from(item.bytes) : item.fault.code}`);
}

describe('a body of events', () => {
  it.each([
    ['an object', '{"a": 1}', false, ['0 {"a": 1}']],
    ['a list', '[{"a": 1}, 2]', false, ['0 {"a":1}', '1 2']],
    ['an empty list', '[]', false, []],
    ['lines, some of them blank or broken', '{"a":1}\r\n\n {"b":\n2', true, ['0 {"a":1}\r', '1  {"b":', '2 2']],
    ['no JSON', '{"a":', false, ['!not-json']],
    ['nested beyond reason', '['.repeat(40), false, ['!too-deep']],
  ])('is read: %s', (_, body, isLines, wanted) => {
    expect(textsOf(body, isLines)).toEqual(wanted);
  });

  it.each([
    ['a list', `[${new Array(20_001).fill('{}').join()}]`, false],
    ['lines', '1\n'.repeat(20_001), true],
  ])('is refused where its answer would be many times as long as itself: %s', (_, body, isLines) => {
    expect(textsOf(body, isLines)).toEqual(['!too-many']);
  });
});
