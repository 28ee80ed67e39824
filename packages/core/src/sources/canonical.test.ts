import { limits } from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.ts';
import type { Outcome } from './define.ts';

const mapping = canonical.create({});
const context = { sourceId: 'canonical', receivedAt: 0 };
const least = { kind: 'review', subject: 'review:1', occurredAt: '2026-03-04T05:06:07Z' };

function map(value: unknown): Outcome {
  const [outcome] = mapping({ value, headers: {} }, context);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}
function mapText(text: string): Outcome {
  return map(new TextEncoder().encode(text));
}

const faults: readonly (readonly [name: string, change: object, message: string])[] = [
  ['no kind', { kind: undefined }, 'kind: missing; say what it is: feedback, ticket, review, belief, lifecycle'],
  [
    'another kind',
    { kind: 'Review' },
    'kind: "Review" is not taken; write one of feedback, ticket, review, belief, lifecycle',
  ],
  ['no subject', { subject: undefined }, 'subject: missing; name what a later version replaces, such as "review:77"'],
  ['an empty subject', { subject: '' }, 'subject: "" is not taken; at least 1 character'],
  ['a number as subject', { subject: 77 }, 'subject: 77 is not taken; ids are text: write "77" with quotes'],
  [
    'a number beyond 2^53',
    { customer: 2 ** 60 },
    'customer: 1152921504606847000 is not taken; ids are text: write it with quotes',
  ],
  [
    'a date without a time',
    { occurredAt: '2026-03-04' },
    'occurredAt: "2026-03-04" is not taken; write a time that exists, with its offset',
  ],
  [
    'a time without an offset',
    { occurredAt: '2026-03-04T05:06:07' },
    'occurredAt: "2026-03-04T05:06:07" is not taken; write a time that exists',
  ],
  [
    'the 29th of a February that has 28',
    { occurredAt: '2026-02-29T05:06:07Z' },
    'occurredAt: "2026-02-29T05:06:07Z" is not taken; write a time that exists',
  ],
  ['a month 13', { occurredAt: '2014-13-45T00:00:00Z' }, 'is not taken; write a time that exists'],
  [
    'a time that UTC moves out of the calendar',
    { occurredAt: '9999-12-31T23:59:59-01:00' },
    'a time lies outside the years 0000 to 9999 in UTC',
  ],
  ['a negative version', { version: -1 }, 'version: -1 is not taken; at least 0'],
  ['a version with a fraction', { version: 1.5 }, 'version: 1.5 is not taken; write a whole number'],
  ['a version in quotes', { version: '3' }, 'version: "3" is not taken; write the number without quotes'],
  ['a rating that is a number', { rating: 4 }, 'rating: 4 is not taken; write {"value": 4, "min": 1, "max": 5}'],
  ['a rating off its scale', { rating: { value: 7, min: 1, max: 5 } }, 'rating: value must lie between min and max'],
  ['a scale upside down', { rating: { value: 3, min: 5, max: 1 } }, 'rating: min must be below max'],
  [
    'a scale that no number is as wide as',
    { rating: { value: -1e308, min: -1e308, max: 1e308 } },
    'rating: no number says how wide this scale is',
  ],
  [
    'a link that is no https',
    { url: 'http://example.com' },
    'url: "http://example.com" is not taken; only links that begin with https:// are kept',
  ],
  [
    'an attribute that is an object',
    { attributes: { a: {} } },
    'attributes.a: an object is not taken; write text, a number, or true or false',
  ],
  ['a segment that is a number', { segment: { plan: 3 } }, 'segment.plan: 3 is not taken; write it as text, in quotes'],
  [
    'words that are too many',
    { text: 'x'.repeat(limits.textCharacters + 1) },
    'text: this is not taken; at most 100000 characters are taken: cut it or split it',
  ],
  [
    'a share above one',
    { belief: { share: 93, from: least.occurredAt, to: least.occurredAt, what: 'kpi' } },
    'belief.share: 93 is not taken; at most 1',
  ],
  ['a truth in quotes', { solicited: 'true' }, 'solicited: "true" is not taken; write true or false, without quotes'],
  ['many faults', { kind: 1, subject: 2, version: 'a', customer: 3, text: 4 }, '; and 2 more'],
];

describe('a canonical payload', () => {
  it.each(faults)('is rejected for %s, with the remedy', (_name, change, message) => {
    const outcome = map({ ...least, ...change });
    expect(outcome).toMatchObject({ kind: 'reject', code: 'invalid' });
    expect((outcome as { message: string }).message).toContain(message);
  });

  it.each([
    ['no JSON', '{"kind":', 'not-json'],
    ['an array', '[]', 'not-object'],
    ['null', 'null', 'not-object'],
    ['text', '"a"', 'not-object'],
    ['too deep', `{"attributes":${'['.repeat(40)}${']'.repeat(40)}}`, 'too-deep'],
    ['too large', `"${'x'.repeat(limits.recordBytes)}"`, 'too-large'],
  ])('is rejected when it is %s', (_name, text, code) => {
    expect(mapText(text)).toMatchObject({ kind: 'reject', code });
  });

  it('is read behind the frame of a schema registry, and what is no JSON there says what it is', () => {
    const framed = (...bytes: number[]) => map(Uint8Array.of(0, 0, 0, 0, 42, ...bytes));
    const json = new TextEncoder().encode(JSON.stringify(least));
    expect(framed(...json)).toMatchObject({ kind: 'signal', signal: { subject: 'review:1' } });
    for (const avro of [[0x0c, 0x41], [0x0c, 0xff], []])
      expect(framed(...avro)).toMatchObject({ kind: 'reject', message: expect.stringContaining('schema registry') });
  });

  it('is rejected when it is not UTF-8', () => {
    expect(map(Uint8Array.of(0x7b, 0xff, 0x7d))).toMatchObject({ kind: 'reject', code: 'not-utf8' });
  });

  it('keeps an absent observedAt absent, and customer null', () => {
    const outcome = map({ ...least, customer: null });
    expect(outcome).toEqual({
      kind: 'signal',
      signal: {
        ...least,
        occurredAt: '2026-03-04T05:06:07.000Z',
        source: 'canonical',
        version: 0,
        op: 'upsert',
        customer: null,
      },
    });
  });

  it('keeps the source that the signal names', () => {
    expect(map({ ...least, source: 'shop' })).toMatchObject({ signal: { source: 'shop' } });
  });

  it('takes keys of prototypes as plain unknown names', () => {
    const outcome = mapText(
      '{"kind":"review","subject":"r","occurredAt":"2026-03-04T05:06:07Z","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"attributes":{"__proto__":"a","constructor":"b"},"segment":{"__proto__":"x"}}',
    );
    expect(outcome).toMatchObject({
      kind: 'signal',
      warnings: [/"__proto__"/, /"constructor"/].map((name) => expect.stringMatching(name)),
    });
    expect((outcome as unknown as { signal: { admin?: boolean } }).signal.admin).toBeUndefined();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('names at most twenty unknown fields', () => {
    const strange = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`strange${index}`, 1]));
    expect((map({ ...strange, ...least }) as unknown as { warnings: string[] }).warnings).toHaveLength(20);
  });

  it('gives every time as UTC with milliseconds and the same instant', () => {
    const instant = fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(instant, offset, fc.integer({ min: 0, max: 9 }), (date, minutes, places) => {
        const time = withOffset(date, minutes, places);
        const observedAt = withOffset(date, -minutes, 3);
        const outcome = map({ ...least, occurredAt: time, observedAt });
        const whole =
          places >= 3 ? date.getTime() : Math.trunc(date.getTime() / 10 ** (3 - places)) * 10 ** (3 - places);
        expect(outcome).toMatchObject({
          signal: { occurredAt: new Date(whole).toISOString(), observedAt: date.toISOString() },
        });
      }),
    );
  });

  it('gives back what it gave', () => {
    const first = map({ ...least, customer: 'c', rating: { value: 2, min: 1, max: 5 }, strange: 1 });
    const again = map((first as { signal: object }).signal);
    expect(again).toEqual({ kind: 'signal', signal: (first as { signal: object }).signal });
  });
});

function withOffset(date: Date, minutes: number, places: number): string {
  const local = new Date(date.getTime() + minutes * 60_000).toISOString();
  const fraction = `${local.slice(20, 23)}000000`.slice(0, places);
  const two = (value: number) => String(value).padStart(2, '0');
  const absolute = Math.abs(minutes);
  const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
  return `${local.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}
