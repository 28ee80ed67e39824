// Bearer tokens and their roles: `[name=]role:token` or `[name=]role:sha256:HEX`, comma separated.
// Only hashes are kept, so that neither memory nor a log gives a token away.
import { createHash } from 'node:crypto';
import { EnvironmentError } from './secrets.ts';

export const tokenRoles = ['read', 'operate', 'ingest', 'admin'] as const;
export type TokenRole = (typeof tokenRoles)[number];

export type Token = {
  /** recorded as `by`; null where none was given */
  readonly name: string | null;
  readonly role: TokenRole;
  /** SHA-256 of the token, 64 hexadecimal digits in lower case */
  readonly sha256: string;
};

/** Throws EnvironmentError naming the place of each entry that is wrong, never its words. Line ends separate like commas. */
export function parseTokens(text: string): readonly Token[] {
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  const parsed = entries.filter((entry) => entry !== '').map(parseToken);
  const faults = parsed.flatMap((token, index) =>
    typeof token === 'string' ? [`GAPWATCH_TOKENS: entry ${index + 1} ${token}`] : [],
  );
  if (faults.length > 0) throw new EnvironmentError(faults);
  return parsed.filter((token) => typeof token !== 'string');
}

function parseToken(entry: string): Token | string {
  const match = /^(?:([^=:]+)=)?([a-z]+):(?:(sha256):)?(.+)$/.exec(entry);
  if (match === null) return 'is not written as role:token or name=role:token';
  const [, name = null, role, isHash, secret = ''] = match;
  if (!isRole(role)) return `has a role that is none of ${tokenRoles.join(', ')}`;
  if (isHash === undefined) return { name, role, sha256: createHash('sha256').update(secret).digest('hex') };
  if (!/^[0-9a-f]{64}$/i.test(secret)) return 'has a sha256 that is not 64 hexadecimal digits';
  return { name, role, sha256: secret.toLowerCase() };
}

function isRole(role: string | undefined): role is TokenRole {
  return tokenRoles.some((known) => known === role);
}
