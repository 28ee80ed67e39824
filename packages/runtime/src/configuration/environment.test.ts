import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';
import { EnvironmentError, readSecret } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'gapwatch-environment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const token = '9f86d081884c7d659a2feaa0c55ad015';

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
      tokens: null,
      tokensFile: null,
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
      GAPWATCH_TOKENS: `read:${token}`,
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
        GAPWATCH_TOKENS: 'root:s3cret',
      }),
    );
    expect(faults).toEqual([
      'GAPWATCH_HTTP_PORT: "80800" is no whole number from 0 to 65535',
      'GAPWATCH_LOG_LEVEL: "loud" is none of trace, debug, info, warn, error, fatal, silent',
      'GAPWATCH_PARTITIONS: "1e3" is no whole number from 1 to 1024',
      'GAPWATCH_TOKENS: token 1: write [name=]role:token with a role of read, operate, ingest, admin',
    ]);
  });

  it('is warned of names that are mistyped', () => {
    const { warnings } = readEnvironment({
      GAPWATCH_HTP_PORT: '1',
      GAPWATCH_ZZZZZZZZZZZZ: '1',
      GAPWATCH_SOURCE_SHOP_SECRET: 'a',
      GAPWATCH_RECEIVER_DESK_SECRET_FILE: 'a',
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
  it('are read from the variable, or checked in the file that is named', () => {
    expect(readEnvironment({ GAPWATCH_TOKENS: `desk=read:${token}` }).tokens).toMatchObject([{ name: 'desk' }]);
    const path = file('tokens', `admin:${token}\n`);
    expect(readEnvironment({ GAPWATCH_TOKENS_FILE: path })).toMatchObject({ tokens: null, tokensFile: path });
  });

  it.each([
    [
      'both forms',
      { GAPWATCH_TOKENS: `read:${token}`, GAPWATCH_TOKENS_FILE: file('other', `read:${token}`) },
      'both set',
    ],
    ['a wrong entry', { GAPWATCH_TOKENS: 'read:s3cret' }, 'GAPWATCH_TOKENS: token 1'],
    [
      'a wrong entry in the file',
      { GAPWATCH_TOKENS_FILE: file('wrong', 'read:s3cret') },
      'GAPWATCH_TOKENS_FILE: token 1',
    ],
    ['a file that is not there', { GAPWATCH_TOKENS_FILE: join(folder, 'none') }, 'GAPWATCH_TOKENS_FILE: ENOENT'],
  ])('are refused: %s', (_name, environment, fault) => {
    const faults = faultsOf(() => readEnvironment(environment));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
    expect(faults[0]).not.toContain('s3cret');
  });
});
