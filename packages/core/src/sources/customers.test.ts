import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailId, isEmail, openCustomerKey } from './customers.ts';

describe('the id of an e-mail address', () => {
  it('is a keyed hash of the trimmed address in lower case, as any other HMAC-SHA-256 makes it', () => {
    const anything = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(anything, anything, (address, key) => {
        const mac = createHmac('sha256', key).update(address.trim().toLowerCase()).digest('hex');
        expect(emailId(address, key)).toBe(`email:${mac.slice(0, 32)}`);
      }),
    );
  });

  it('is the same however the address is written, and another under another key', () => {
    expect(emailId(' Ann@Example.ORG\n', 'k')).toBe(emailId('ann@example.org', 'k'));
    expect(emailId('ann@example.org', 'k')).not.toBe(emailId('ann@example.org', 'l'));
    expect(emailId('ann@example.org')).toBe(emailId('ann@example.org', openCustomerKey));
  });

  it.each([
    ['ann@example.org', true],
    [' ann@example.org ', true],
    ['ann', false],
    ['ann@', false],
    ['ann @example.org', false],
    ['a@b@c', false],
  ])('%j is an address: %s', (text, is) => {
    expect(isEmail(text)).toBe(is);
  });
});
