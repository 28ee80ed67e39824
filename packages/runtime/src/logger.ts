// What a process says of itself: one JSON object a line on stderr, so that stdout carries data alone.
// Words and ids of customers are never logged; what names a place in the log is enough to find them.
import pino, { type Logger } from 'pino';
import type { LogLevel } from './configuration/index.ts';

export type { Logger } from 'pino';

export function createLogger(level: LogLevel): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, pino.destination({ dest: 2, sync: true }));
}
