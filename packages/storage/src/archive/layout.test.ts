import type { LogRecord } from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archivedHour, decodeLine, encodeLine, objectKey, parseObjectKey, topicPrefix } from './layout.ts';
import { isKey } from './port.ts';

const record: LogRecord = {
  topic: 'raw.reviews',
  partition: 2,
  offset: 17,
  time: Date.UTC(2026, 2, 5, 10, 59, 59, 999),
  key: 'c1',
  value: Buffer.from('{"text":"très bien"}'),
  headers: { schema: 'x' },
};

const place = { topic: 'raw.reviews', partition: 2, hour: archivedHour(record.time), first: 0, last: 17 };

describe('a key', () => {
  it('says topic, hour, partition and offsets, in an order that is that of the hours', () => {
    expect(objectKey(place)).toBe(
      'topic=raw.reviews/dt=2026-03-05/hr=10/part=2/0000000000000000-0000000000000017.ndjson.zst',
    );
    const next = objectKey({ ...place, hour: place.hour + 14, first: 18, last: 18 });
    expect(next > objectKey(place)).toBe(true);
    expect(next.startsWith(topicPrefix('raw.reviews'))).toBe(true);
  });

  it('is one whatever the topic is called, and is read back', () => {
    // as long as Kafka lets a topic be
    const isNamed = (name: string) => encodeURIComponent(name).length <= 249;
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(isNamed);
    const topics = fc.oneof(
      names,
      fc.constantFrom('..', '.', '../..', 'a/b', "it's*", 'a%2Fb', '\0', ' ', 'x'.repeat(249)),
    );
    const hours = fc.integer({
      min: archivedHour(Number.MIN_SAFE_INTEGER),
      max: archivedHour(Number.MAX_SAFE_INTEGER),
    });
    const offsets = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(topics, hours, fc.nat(1_000), offsets, offsets, (topic, hour, partition, first, last) => {
        const key = objectKey({ topic, hour, partition, first, last });
        expect(isKey(key)).toBe(true);
        expect(parseObjectKey(key)).toEqual({ topic, hour, partition, first, last });
      }),
    );
  });

  it.each([
    'topic=a/dt=2026-03-05/hr=10/part=2/1-2.ndjson.zst',
    'topic=a/dt=2026-13-05/hr=10/part=2/0000000000000000-0000000000000017.ndjson.zst',
    'topic=a/dt=2026-03-05/hr=24/part=2/0000000000000000-0000000000000017.ndjson.zst',
    'topic=%/dt=2026-03-05/hr=10/part=2/0000000000000000-0000000000000017.ndjson.zst',
    'readme.md',
    '',
  ])('of something else is none of ours: %s', (key) => {
    expect(parseObjectKey(key)).toBeNull();
  });
});

describe('a line', () => {
  it('is one JSON object with the fields of the record', () => {
    expect(encodeLine(record)).toBe(
      '{"topic":"raw.reviews","partition":2,"offset":17,"timestamp":"2026-03-05T10:59:59.999Z","key":"c1","value":"{\\"text\\":\\"très bien\\"}","headers":{"schema":"x"}}\n',
    );
  });

  it('keeps a tombstone, and bytes that are no text, as what they are', () => {
    expect(JSON.parse(encodeLine({ ...record, value: null })).value).toBeNull();
    const bytes = JSON.parse(encodeLine({ ...record, value: new Uint8Array([0xff, 0xfe]) }));
    expect(bytes).toMatchObject({ valueBase64: '//4=' });
    expect(bytes).not.toHaveProperty('value');
  });

  it('gives back the record, whatever is in it', () => {
    const text = fc.string({ unit: 'binary' }).map((each) => each.toWellFormed());
    const values = fc.oneof(
      fc.uint8Array(),
      text.map((each) => new TextEncoder().encode(each)),
      fc.constantFrom(null, new TextEncoder().encode('\ufeffa\n\u2028\0')),
    );
    // V8 13.6 may read a key with an escape as another of the same length that it has read at that place before
    const names = text.filter((each) => JSON.stringify(each).length === each.length + 2);
    const times = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(
        text,
        fc.option(text),
        values,
        times,
        fc.oneof(fc.dictionary(names, text), fc.constant(JSON.parse('{"__proto__":"a"}'))),
        (topic, key, value, time, headers) => {
          const line = encodeLine({ topic, partition: 3, offset: 2 ** 53 - 1, time, key, value, headers });
          expect(line.indexOf('\n')).toBe(line.length - 1);
          const back = decodeLine(line);
          expect({ ...back, value: back.value && Uint8Array.from(back.value), headers: { ...back.headers } }).toEqual({
            ...{ topic, partition: 3, offset: 2 ** 53 - 1, time, key, headers: { ...headers } },
            value: value && Uint8Array.from(value),
          });
        },
      ),
    );
  });

  it.each([-1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('is written even where the time is %d', (time) => {
    const kept = decodeLine(encodeLine({ ...record, time }));
    expect(archivedHour(kept.time)).toBe(archivedHour(time));
  });

  it.each(['', '[]', '{}', '{"topic":"a"}', encodeLine(record).replace('"value"', '"values"')])(
    'that is no record is refused: %s',
    (line) => {
      expect(() => decodeLine(line)).toThrow(/./);
    },
  );
});
