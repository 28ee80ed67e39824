import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkBinding } from './auth.ts';
import { findToken, mayAct, parseTokens, roles, watchTokens } from './tokens.ts';

const hex = '9f86d081884c7d659a2feaa0c55ad015';
const sha = createHash('sha256').update(hex).digest('hex');

describe('tokens', () => {
  it('are taken plain or as a digest, with a name or without', () => {
    const tokens = parseTokens(` read:${hex}, grafana=operate:sha256:${sha.toUpperCase()},\n`);
    expect(tokens.map(({ name, role }) => [name, role])).toEqual([
      [null, 'read'],
      ['grafana', 'operate'],
    ]);
    expect(tokens[0]!.digest).toEqual(tokens[1]!.digest);
  });

  const refused: [string, string][] = [
    ['read:short', 'too easy to guess'],
    [`read:${'a1'.repeat(40)}`, 'too easy to guess'],
    ['read:1234567890123456789012345678', 'too easy to guess'],
    ['read:', 'printable'],
    [`read:${hex} ${hex}`, 'printable'],
    [`reader:${hex}`, 'with a role of read, operate, ingest, admin'],
    [hex, 'write [name=]role:token'],
    ['read:sha256:abc', '64 hexadecimal digits'],
  ];
  it.each(refused)('%s is refused', (text, message) => {
    expect(() => parseTokens(`ingest:${hex},${text}`)).toThrow(message);
    expect(() => parseTokens(`ingest:${hex},${text}`)).toThrow('token 2');
  });

  it('are never repeated by a message', () => {
    for (const text of [`read:hunter2`, `hunter2:${hex}`, `read:sha256:hunter2`]) {
      expect(() => parseTokens(text)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
      );
    }
  });

  it('are found by their content alone', () => {
    const tokens = parseTokens(`a=read:${hex}`);
    expect(findToken(hex, tokens)?.name).toBe('a');
    for (const other of ['', sha, hex.slice(1), hex.toUpperCase()]) expect(findToken(other, tokens)).toBeNull();
  });

  it('of a role include what the role includes', () => {
    const reach = roles.map((held) => roles.filter((needed) => mayAct(held, needed)).join(' '));
    expect(reach).toEqual(['read', 'read operate', 'ingest', 'read operate ingest admin']);
  });
});

describe('a tokens file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gapwatch-tokens-'));
  const path = join(directory, 'tokens');
  afterEach(() => rmSync(path, { force: true }));

  it('is read again within five seconds of a change', () => {
    let now = 0;
    const faults: string[] = [];
    writeFileSync(path, `read:${hex}\noperate:${hex}00\n`);
    const tokens = watchTokens(path, { now: () => now }, (message) => faults.push(message));
    expect(tokens.current()).toHaveLength(2);
    writeFileSync(path, `operate:${hex}00\nread:weak\n`);
    now = 5_000;
    expect(tokens.current().map(({ role }) => role)).toEqual(['operate']);
    expect(faults).toEqual([expect.stringContaining('token 2: the token is too easy to guess')]);
    rmSync(path);
    now = 10_000;
    expect(tokens.current()).toEqual([]);
    expect(faults[1]).toContain('the file is gone');
  });

  it('with a fault at the start starts nothing', () => {
    writeFileSync(path, 'read:weak');
    expect(() => watchTokens(path, { now: () => 0 }, () => {})).toThrow('too easy');
  });
});

describe('a binding that others can reach', () => {
  it.each(['0.0.0.0', '::', '10.0.0.4', 'gapwatch.example'])('%s needs tokens', (host) => {
    expect(() => checkBinding(host, null)).toThrow('GAPWATCH_TOKENS');
    expect(() => checkBinding(host, { current: () => [] })).not.toThrow();
  });
  it.each(['127.0.0.1', '::1', 'localhost', '127.8.8.8'])('%s does not', (host) => {
    expect(() => checkBinding(host, null)).not.toThrow();
  });
});
