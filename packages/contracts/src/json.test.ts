import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDepth, readJson } from './json.ts';
import { limits } from './signal.ts';

const encoder = new TextEncoder();

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('reading JSON of a stranger', () => {
  it('counts the nesting of any value, whatever stands in its texts', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '{', '[', ']', '}', 'a', 'é') });
    // V8 13.6 may read a key with an escape as another of the same length that it has read at that place before
    const key = fc.string({ unit: fc.constantFrom('{', '[', ']', '}', 'a', 'é') });
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'medium' }, text, fc.integer(), fc.array(tie('any')), fc.dictionary(key, tie('any'))),
    })).any;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (found, space) => {
        const bytes = encoder.encode(JSON.stringify(found, null, space));
        expect(jsonDepth(bytes)).toBe(depthOf(found));
        expect(readJson(bytes).value).toEqual(JSON.parse(JSON.stringify(found)));
      }),
    );
  });

  it('takes what is at the limit of depth and refuses what is one deeper', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 * limits.jsonDepth }), fc.boolean(), (depth, isArray) => {
        const [open, close] = isArray ? ['[', ']'] : ['{"a":', '}'];
        const reading = readJson(encoder.encode(`${open.repeat(depth)}1${close.repeat(depth)}`));
        expect(reading.fault?.code).toBe(depth > limits.jsonDepth ? 'too-deep' : undefined);
      }),
    );
  });

  it('refuses a depth that would break the parser, and a size above the limit, before parsing', () => {
    expect(readJson(encoder.encode('['.repeat(1_000_000))).fault?.code).toBe('too-deep');
    expect(readJson(new Uint8Array(limits.recordBytes + 1)).fault?.code).toBe('too-large');
  });

  it('never throws, and gives either a value or a fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((text) => encoder.encode(text)),
        ),
        (bytes) => {
          const reading = readJson(bytes);
          expect(reading.fault === undefined ? 'value' in reading : reading.fault.message.length > 0).toBe(true);
        },
      ),
    );
  });

  it('leaves a mark of byte order out', () => {
    expect(readJson(encoder.encode('\ufeff{"a":1}')).value).toEqual({ a: 1 });
  });
});
