import { type DeadLetter, deadLetterSchema, type LogRecord, type Rejection } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { deadLettersOf } from './dead-letters.ts';

const mostRecordBytes = 4 * 1_048_576;

function recordOf(value: Uint8Array | null, offset = 0): LogRecord {
  return { topic: 'raw.shop', partition: 0, offset, time: 0, key: null, value, headers: {} };
}

function lettersOf(...rejections: readonly Rejection[]): DeadLetter[] {
  return deadLettersOf('tagger', rejections, 0).map(({ value }) => {
    expect(Buffer.byteLength(String(value))).toBeLessThan(mostRecordBytes);
    return deadLetterSchema.parse(JSON.parse(String(value)));
  });
}

function faultOf(value: Uint8Array | null): Rejection {
  return { record: recordOf(value), code: 'schema', message: 'no' };
}

describe('a dead letter', () => {
  it('is one for each record, whatever is wrong in how many of its statements', () => {
    const [one, other] = [recordOf(Buffer.from('[1, 2]')), recordOf(Buffer.from('{}'), 1)];
    const faults = Array.from({ length: 7 }, (_, index) => ({
      record: one,
      code: `code-${index}`,
      message: `no ${index}`,
    }));
    const letters = lettersOf(...faults, { record: other, code: 'schema', message: 'no' });
    expect(letters.map(({ id, reason }) => [id, reason])).toEqual([
      ['tagger:raw.shop/0/0', { code: 'code-0', message: 'no 0; no 1; no 2; and 4 more faults in the same payload' }],
      ['tagger:raw.shop/0/1', { code: 'schema', message: 'no' }],
    ]);
  });

  it.each([
    ['text', Buffer.from('{"a":"é"}'), { payload: '{"a":"é"}' }],
    ['no text', Uint8Array.of(0xff, 0x7b), { payloadBase64: '/3s=' }],
    ['a tombstone', null, {}],
  ])('has the payload as it came: %s', (_, value, wanted) => {
    const [letter] = lettersOf(faultOf(value));
    expect(letter).toMatchObject(wanted);
    expect(Object.keys(letter!).filter((name) => name.startsWith('payload'))).toEqual(Object.keys(wanted));
  });

  it('fits into a record though JSON makes six characters of each of its bytes', () => {
    const value = Buffer.alloc(1_048_576, 1);
    const [letter] = lettersOf(faultOf(value));
    expect(Buffer.from(letter!.payloadBase64!, 'base64')).toEqual(value);
  });

  it('leaves out what no letter has room for, and says how much there was', () => {
    const value = Buffer.alloc(3 * 1_048_576, 'x');
    const [letter] = lettersOf(faultOf(value));
    expect(letter).toMatchObject({
      leftOutBytes: value.length,
      origin: { topic: 'raw.shop', partition: 0, offset: 0 },
    });
    expect(letter).not.toHaveProperty('payload');
    expect(letter).not.toHaveProperty('payloadBase64');
  });
});
