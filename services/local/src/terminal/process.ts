// What commands that go on until somebody ends them have in common.
import { type Logger, type Settings, systemClock, type Tokens, watchTokens } from '@gapwatch/runtime';
import { UsageError } from './output.ts';

export function tokensOf({ tokens, tokensFile }: Settings, logger: Logger): Tokens | null {
  if (tokensFile !== null) return watchTokens(tokensFile, systemClock, (message) => logger.error(message));
  return tokens === null ? null : { current: () => tokens };
}

/** @throws UsageError with what the check threw */
export function refuse(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port: ${JSON.stringify(text)} is no whole number from 0 to 65535`);
}

export type Ending = { readonly signal: AbortSignal; readonly ended: Promise<void>; readonly end: () => void };

/** SIGTERM and SIGINT end the process in order; a second one ends it at once, which loses nothing either. */
export function endOnSignals(): Ending {
  const controller = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const end = () => {
    if (controller.signal.aborted) process.exit();
    controller.abort();
    resolve();
    setTimeout(() => process.exit(), stopWithinMs).unref();
  };
  process.on('SIGTERM', end).on('SIGINT', end);
  return { signal: controller.signal, ended, end };
}

/** Whatever hangs then has acknowledged nothing that is not durable. */
const stopWithinMs = 8_000;
