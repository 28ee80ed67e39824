// The tokens of programs: `[name=]role:token` or `[name=]role:sha256:HEX`, comma separated.
// Only digests are kept. A token that could be guessed is refused before anything starts, and no message repeats one.
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../clock.ts';

export const roles = ['read', 'operate', 'ingest', 'admin'] as const;
export type Role = (typeof roles)[number];

/** `name` is what records call the bearer; `digest` is the SHA-256 of the token. */
export type Token = { readonly name: string | null; readonly role: Role; readonly digest: Buffer };

/** The tokens that hold now. */
export type Tokens = { current(): readonly Token[] };

/** Which roles a role includes: whoever operates may read, whoever administers may do all. */
const includes: Readonly<Record<Role, ReadonlySet<Role>>> = {
  read: new Set(['read']),
  operate: new Set(['read', 'operate']),
  ingest: new Set(['ingest']),
  admin: new Set(roles),
};

export function mayAct(held: Role, needed: Role): boolean {
  return includes[held].has(needed);
}

/** Bits that a token must have at least, by its length and the characters it is made of. */
const leastBits = 128;
/** Random text of 128 bits shows more distinct characters than this but once in many millions. */
const leastDistinct = 8;

/** Bits of a random text that looks like this one: hexadecimal digits carry four each, letters and digits up to six. */
function tokenBits(token: string): number {
  if (new Set(token).size < leastDistinct) return 0;
  const alphabet = /^\d+$/.test(token) ? 10 : /^[\da-f]+$/i.test(token) ? 16 : /^[\da-z]+$/.test(token) ? 36 : 64;
  return token.length * Math.log2(alphabet);
}

const howToMake = 'make one with: openssl rand -hex 32';

function parseEntry(entry: string, place: string): Token | string {
  const [, name = null, role = '', secret = ''] = /^(?:([^=:]+)=)?([^:]*):(.*)$/s.exec(entry) ?? [];
  if (!roles.includes(role as Role)) return `${place}: write [name=]role:token with a role of ${roles.join(', ')}`;
  if (!secret.startsWith('sha256:')) {
    if (!/^[\x21-\x7e]+$/.test(secret)) return `${place}: a token is made of printable characters without blanks`;
    if (tokenBits(secret) < leastBits) return `${place}: the token is too easy to guess; ${howToMake}`;
    return { name, role: role as Role, digest: digestOf(secret) };
  }
  const hex = secret.slice('sha256:'.length);
  if (!/^[\da-f]{64}$/i.test(hex)) return `${place}: after sha256: come 64 hexadecimal digits`;
  return { name, role: role as Role, digest: Buffer.from(hex, 'hex') };
}

function parseEntries(text: string): { tokens: Token[]; faults: string[] } {
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  const parsed = entries.flatMap((entry, index) => (entry === '' ? [] : [parseEntry(entry, `token ${index + 1}`)]));
  return {
    tokens: parsed.filter((one) => typeof one !== 'string'),
    faults: parsed.filter((one) => typeof one === 'string'),
  };
}

/** @throws RangeError naming every entry that cannot be taken, by its place and never by its content */
export function parseTokens(text: string): readonly Token[] {
  const { tokens, faults } = parseEntries(text);
  if (faults.length > 0) throw new RangeError(faults.join('; '));
  return tokens;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The token that was presented, or null. Every held token is compared, each in constant time. */
export function findToken(presented: string, tokens: readonly Token[]): Token | null {
  const digest = digestOf(presented);
  let found: Token | null = null;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found ??= token;
  return found;
}

/** How old the reading of a tokens file may be. */
const freshMs = 2_000;

/**
 * Tokens of a file that is read again when it changes. A token taken out of the file is refused within two seconds.
 * Later faults drop the entry they stand in and are told to `onFault`; without a readable file nobody is let in.
 * @throws RangeError if the file cannot be taken at the start
 */
export function watchTokens(path: string, clock: Clock, onFault: (message: string) => void): Tokens {
  let tokens = parseTokens(readFileSync(path, 'utf8'));
  let seen = versionOf(path);
  let readAt = clock.now();
  const refresh = () => {
    const version = versionOf(path);
    if (version === seen) return;
    seen = version;
    const read =
      version === null ? { tokens: [], faults: ['the file is gone'] } : parseEntries(readFileSync(path, 'utf8'));
    tokens = read.tokens;
    for (const fault of read.faults) onFault(`GAPWATCH_TOKENS_FILE: ${fault}`);
  };
  const current = () => {
    const now = clock.now();
    if (now - readAt < freshMs && now >= readAt) return tokens;
    readAt = now;
    refresh();
    return tokens;
  };
  return { current };
}

function versionOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
