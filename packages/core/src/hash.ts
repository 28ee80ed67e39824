// Hashes that are the same on every machine and in every run: short ones for spreading, a long one for naming.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a over UTF-16 units with a final mix, 32 bits, not negative. For spreading, not for secrets. */
export function hash32(text: string, seed = offsetBasis): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 64 bits as 16 hexadecimal digits: tells repeats from conflicts of one subject, where a chance hit is harmless. */
export function contentHash(text: string): string {
  return hash32(text).toString(16).padStart(8, '0') + hash32(text, 0x9747b28c).toString(16).padStart(8, '0');
}

/** SHA-256 as hexadecimal digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
