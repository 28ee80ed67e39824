// What is said of requests that failed: with a part away all of them fail alike, a thousand a second.
import { type Clock, type HttpSettings, type Logger, Problem } from '@gapwatch/runtime';

const everyMs = 60_000;
/** Causes that are told apart; of more at once each is said again. */
const mostCauses = 100;

/** Logs each cause with the id of its first request, and no more often than once a minute with how many came since. */
export function logFailures(logger: Pick<Logger, 'error'>, clock: Clock): NonNullable<HttpSettings['onFailure']> {
  const said = new Map<string, { readonly at: number; since: number }>();
  return ({ id, url, error }) => {
    // whoever probes is told why; what is not ready has said so itself
    if (error instanceof Problem && error.code === 'not-ready') return;
    const cause = String((error as Error).cause ?? error);
    const last = said.get(cause);
    const now = clock.now();
    if (last !== undefined && now < last.at + everyMs) {
      last.since += 1;
      return;
    }
    if (said.size >= mostCauses) said.clear();
    said.set(cause, { at: now, since: 0 });
    const since = last?.since ?? 0;
    logger.error({ id, url, error: cause, ...(since > 0 && { since }) }, 'a request failed');
  };
}
