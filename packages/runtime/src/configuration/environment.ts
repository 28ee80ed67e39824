// The settings of a process that stand in its environment, typed and checked; every mistake at once.
import { readFileSync } from 'node:fs';
import { parseTokens, type Token } from '../http/tokens.ts';
import { nearest } from './nearest.ts';
import type { Environment } from './secrets.ts';
import { EnvironmentError } from './secrets.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Settings = {
  /** folder of the embedded log, state and archive */
  readonly dataDirectory: string;
  readonly httpHost: string;
  /** 0 picks a free one */
  readonly httpPort: number;
  /** path of the configuration file; null: `gapwatch.yaml` where there is one */
  readonly configurationFile: string | null;
  readonly logLevel: LogLevel;
  /** at the creation of a topic; null: what the log does by default */
  readonly partitions: number | null;
  /** null: none are named here */
  readonly tokens: readonly Token[] | null;
  /** a file of tokens, to be read again when it changes; null where there is none */
  readonly tokensFile: string | null;
  /** settings that look like ours and are not, with what may have been meant */
  readonly warnings: readonly string[];
};

export const knownSettings: readonly string[] = [
  ['CONFIG', 'DATA_DIR', 'HTTP_HOST', 'HTTP_PORT', 'LOG_LEVEL', 'PARTITIONS', 'TOKENS', 'TOKENS_FILE', 'TOPIC_PREFIX'],
  ['KAFKA_BROKERS', 'KAFKA_TLS', 'KAFKA_SESSION_TIMEOUT_MS', 'REDIS_URL', 'REDIS_URL_FILE', 'S3_BUCKET', 'S3_ENDPOINT'],
  ['REDIS_PLAINTEXT', 'CUSTOMER_KEY', 'CUSTOMER_KEY_FILE'],
].flatMap((names) => names.map((name) => `GAPWATCH_${name}`));
export const knownPrefixes = ['GAPWATCH_SOURCE_', 'GAPWATCH_RECEIVER_', 'GAPWATCH_KAFKA_SASL_'];

/** Reads the settings of the embedded form. Throws EnvironmentError with all mistakes; secrets are in no message. */
export function readEnvironment(environment: Environment): Settings {
  const faults: string[] = [];
  const text = (name: string) => environment[`GAPWATCH_${name}`] || null;
  const settings = {
    dataDirectory: text('DATA_DIR') ?? '.gapwatch',
    httpHost: text('HTTP_HOST') ?? '127.0.0.1',
    httpPort: readWhole('GAPWATCH_HTTP_PORT', text('HTTP_PORT'), 0, 65_535, faults) ?? 8_080,
    configurationFile: text('CONFIG'),
    logLevel: readLevel(text('LOG_LEVEL'), faults),
    partitions: readWhole('GAPWATCH_PARTITIONS', text('PARTITIONS'), 1, 1_024, faults),
    tokens: readTokens('GAPWATCH_TOKENS', () => text('TOKENS'), faults),
    tokensFile: text('TOKENS_FILE'),
    warnings: unknownNames(environment),
  };
  checkTokensFile(settings.tokens, settings.tokensFile, faults);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return settings;
}

function readWhole(name: string, text: string | null, min: number, max: number, faults: string[]): number | null {
  if (text === null) return null;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  faults.push(`${name}: ${JSON.stringify(text)} is no whole number from ${min} to ${max}`);
  return null;
}

function readLevel(text: string | null, faults: string[]): LogLevel {
  const level = logLevels.find((each) => each === (text ?? 'info').toLowerCase());
  if (level === undefined)
    faults.push(`GAPWATCH_LOG_LEVEL: ${JSON.stringify(text)} is none of ${logLevels.join(', ')}`);
  return level ?? 'info';
}

function readTokens(name: string, read: () => string | null, faults: string[]): readonly Token[] | null {
  try {
    const text = read();
    return text === null ? null : parseTokens(text);
  } catch (error) {
    faults.push(`${name}: ${(error as Error).message}`);
    return null;
  }
}

/** The file is read where it is used; a start with one that is wrong is refused here. */
function checkTokensFile(tokens: readonly Token[] | null, file: string | null, faults: string[]): void {
  if (file === null) return;
  if (tokens !== null) faults.push('GAPWATCH_TOKENS and GAPWATCH_TOKENS_FILE are both set: set one of them');
  else readTokens('GAPWATCH_TOKENS_FILE', () => readFileSync(file, 'utf8'), faults);
}

function unknownNames(environment: Environment): readonly string[] {
  const strange = Object.keys(environment).filter((name) => name.startsWith('GAPWATCH_') && !isKnown(name));
  return strange.toSorted().map((name) => {
    const near = nearest(name, knownSettings);
    return `${name} is no setting${near === null ? '' : `; did you mean ${near}?`}`;
  });
}

function isKnown(name: string): boolean {
  return knownSettings.includes(name) || knownPrefixes.some((prefix) => name.startsWith(prefix));
}
