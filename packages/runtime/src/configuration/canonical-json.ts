// One text for one value: JSON with its keys in order, so that two writings of the same configuration have the same hash.
import { createHash } from 'node:crypto';

/** JSON with the keys of every object sorted by code unit, without blanks; members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    const sorted = Object.entries(member).toSorted(([left], [right]) => (left < right ? -1 : 1));
    return Object.fromEntries(sorted);
  });
}

/** SHA-256 of the canonical JSON, as hexadecimal digits. */
export function configurationHash(configuration: unknown): string {
  return createHash('sha256').update(canonicalJson(configuration)).digest('hex');
}
