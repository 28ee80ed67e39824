import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';
import { EnvironmentError, readSecret } from './secrets.ts';
import { parseTokens } from './tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'gapwatch-environment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
}

describe('the environment', () => {
  it('has defaults for everything', () => {
    expect(readEnvironment({ PATH: '/bin', GAPWATCH_HTTP_PORT: '' })).toEqual({
      dataDirectory: '.gapwatch',
      httpHost: '127.0.0.1',
      httpPort: 8_080,
      configurationFile: null,
      logLevel: 'info',
      partitions: null,
      tokens: [],
      warnings: [],
    });
  });

  it('is read by name', () => {
    const settings = readEnvironment({
      GAPWATCH_DATA_DIR: '/data',
      GAPWATCH_HTTP_HOST: '::1',
      GAPWATCH_HTTP_PORT: '0',
      GAPWATCH_CONFIG: 'own.yaml',
      GAPWATCH_LOG_LEVEL: 'WARN',
      GAPWATCH_PARTITIONS: '12',
      GAPWATCH_TOKENS: 'read:abc',
    });
    expect(settings).toMatchObject({
      dataDirectory: '/data',
      httpHost: '::1',
      httpPort: 0,
      configurationFile: 'own.yaml',
    });
    expect(settings).toMatchObject({ logLevel: 'warn', partitions: 12, tokens: [{ role: 'read' }] });
  });

  it('is told every mistake at once, and no secret', () => {
    const faults = faultsOf(() =>
      readEnvironment({
        GAPWATCH_HTTP_PORT: '80800',
        GAPWATCH_PARTITIONS: '1e3',
        GAPWATCH_LOG_LEVEL: 'loud',
        GAPWATCH_TOKENS: 'root:s3cret,read:fine',
      }),
    );
    expect(faults).toEqual([
      'GAPWATCH_HTTP_PORT: "80800" is no whole number from 0 to 65535',
      'GAPWATCH_LOG_LEVEL: "loud" is none of trace, debug, info, warn, error, fatal, silent',
      'GAPWATCH_PARTITIONS: "1e3" is no whole number from 1 to 1024',
      'GAPWATCH_TOKENS: entry 1 has a role that is none of read, operate, ingest, admin',
    ]);
  });

  it('is warned of names that are mistyped', () => {
    const { warnings } = readEnvironment({
      GAPWATCH_HTP_PORT: '1',
      GAPWATCH_ZZZZZZZZZZZZ: '1',
      GAPWATCH_SOURCE_SHOP_SECRET: 'a',
      GAPWATCH_KAFKA_SASL_USERNAME: 'b',
    });
    expect(warnings).toEqual([
      'GAPWATCH_HTP_PORT is no setting; did you mean GAPWATCH_HTTP_PORT?',
      'GAPWATCH_ZZZZZZZZZZZZ is no setting',
    ]);
  });
});

describe('a secret', () => {
  it.each([
    ['is taken as it is', { X: ' a b ' }, ' a b '],
    [
      'may be in a file, whose last line end is not part of it',
      { X_FILE: file('secret', 'line one\nline two\r\n') },
      'line one\nline two',
    ],
    ['may be absent', { X: '', X_FILE: '' }, null],
  ])('%s', (_name, environment, secret) => {
    expect(readSecret(environment, 'X')).toBe(secret);
  });

  it.each([
    ['set twice', { X: 'hush', X_FILE: 'a' }, 'X and X_FILE are both set: set one of them'],
    ['in a file that is empty', { X_FILE: file('empty', '\n') }, `X_FILE: ${join(folder, 'empty')} is empty`],
    [
      'in a file that is not there',
      { X_FILE: join(folder, 'none') },
      `X_FILE: ${join(folder, 'none')} cannot be read (ENOENT)`,
    ],
  ])('is refused when %s', (_name, environment, fault) => {
    expect(faultsOf(() => readSecret(environment, 'X'))).toEqual([fault]);
  });
});

describe('tokens', () => {
  it('carry a role and perhaps a name, and are kept as hashes', () => {
    expect(parseTokens(`read:abc, desk=operate:a:b=c,\nadmin:sha256:${sha256('x').toUpperCase()}\n`)).toEqual([
      { name: null, role: 'read', sha256: sha256('abc') },
      { name: 'desk', role: 'operate', sha256: sha256('a:b=c') },
      { name: null, role: 'admin', sha256: sha256('x') },
    ]);
    expect(parseTokens('')).toEqual([]);
  });

  it.each([
    ['s3cret', 'entry 1 is not written as role:token or name=role:token'],
    ['read:', 'entry 1 is not written as role:token or name=role:token'],
    ['read:fine,owner:s3cret', 'entry 2 has a role that is none of read, operate, ingest, admin'],
    ['read:sha256:s3cret', 'entry 1 has a sha256 that is not 64 hexadecimal digits'],
  ])('written as %j are refused without being repeated', (text, fault) => {
    const faults = faultsOf(() => parseTokens(text));
    expect(faults).toEqual([`GAPWATCH_TOKENS: ${fault}`]);
    expect(faults.join()).not.toContain('s3cret');
  });
});
