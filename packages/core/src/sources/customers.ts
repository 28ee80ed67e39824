// Who the customer is, where a source knows an e-mail address: a keyed hash of it, so that sources which share the address
// meet in one customer and nothing behind the source can read it.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The key where none is set. It is the same for everybody: whoever guesses an address can tell its id. */
export const openCustomerKey = 'gapwatch';

export const openKeyWarning =
  'customers are named by hashes of their e-mail addresses without a key of your own: whoever guesses an address can tell its id; set GAPWATCH_CUSTOMER_KEY before data is kept';

const hexDigits = 32;

/** One sign between something and something: what is more is for the mail server to say. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}

/** `email:` and the first 128 bits of HMAC-SHA-256 (RFC 2104) of the trimmed address in lower case. */
export function emailId(address: string, key: string = openCustomerKey): string {
  const mac = hmac(sha256, utf8ToBytes(key), utf8ToBytes(address.trim().toLowerCase()));
  return `email:${bytesToHex(mac).slice(0, hexDigits)}`;
}
