// What is said of requests that failed: with a part away all of them fail alike, a thousand a second.
import { type Clock, type HttpSettings, type Logger, Problem } from '@gapwatch/runtime';

const minuteMs = 60_000;
/** So often a cause is said in a minute, each time with the id of its request. */
const mostAMinute = 100;
/** Causes that are told apart; of more at once each is said as if it were new. */
const mostCauses = 100;

type Said = { minute: number; count: number };

/** Logs a cause with the id of each request; once it has been said often enough in a minute, how many were left out comes with the next. */
export function logFailures(logger: Pick<Logger, 'error'>, clock: Clock): NonNullable<HttpSettings['onFailure']> {
  const causes = new Map<string, Said>();
  return ({ id, url, error }) => {
    // whoever probes is told why; what is not ready has said so itself
    if (error instanceof Problem && error.code === 'not-ready') return;
    const cause = String((error as Error).cause ?? error);
    const minute = Math.floor(clock.now() / minuteMs);
    if (causes.size >= mostCauses) causes.clear();
    const said = causes.get(cause) ?? { minute, count: 0 };
    causes.set(cause, said);
    const leftOut = said.minute === minute ? 0 : Math.max(0, said.count - mostAMinute);
    if (said.minute !== minute) Object.assign(said, { minute, count: 0 });
    said.count += 1;
    if (said.count > mostAMinute) return;
    logger.error({ id, url, error: cause, ...(leftOut > 0 && { leftOut }) }, 'a request failed');
  };
}
