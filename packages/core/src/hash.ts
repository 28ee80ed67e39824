// Hashes that are the same on every machine and in every run: short ones for spreading, a long one for naming.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;
/** Where 32 bits are too few to tell texts apart: the seed of a second hash beside the first. */
export const otherSeed = 0x9747b28c;

/** FNV-1a over UTF-16 units with a final mix, 32 bits, not negative. For spreading, not for secrets. */
export function hash32(text: string, seed = offsetBasis): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  }
  return mixed(hash);
}

function mixed(state: number): number {
  let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * 64 bits as 16 hexadecimal digits: tells repeats from conflicts of one subject, where a chance hit is harmless. Takes a
 * text in pieces, so that a long one need not be put together first.
 */
export class ContentHash {
  #one = offsetBasis;
  #other = otherSeed;

  add(text: string): void {
    let one = this.#one;
    let other = this.#other;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      one = Math.imul(one ^ unit, prime);
      other = Math.imul(other ^ unit, prime);
    }
    this.#one = one;
    this.#other = other;
  }

  digest(): string {
    return hex(mixed(this.#one)) + hex(mixed(this.#other));
  }
}

/** Two digits of each byte. */
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(hash: number): string {
  return (
    (hexOfByte[hash >>> 24] as string) +
    (hexOfByte[(hash >>> 16) & 255] as string) +
    (hexOfByte[(hash >>> 8) & 255] as string) +
    (hexOfByte[hash & 255] as string)
  );
}

/** SHA-256 as hexadecimal digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
