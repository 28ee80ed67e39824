// What an HTTP answer, or none, means for a message: the one table of all receivers that are reached by HTTP.
//   2xx delivered | 410 the receiver is gone | 429, 5xx, no answer: later | a refused address, anything else: failed
import { type OutgoingAnswer, OutgoingFault } from '@gapwatch/runtime';
import type { Answer } from './define.ts';

/** Nobody is asked to wait longer than a message is kept. */
const mostRetryMs = 86_400_000;

export function answerOfStatus({ status, retryAfter }: OutgoingAnswer, nowMs: number): Answer {
  const reason = `status-${status}`;
  const detail = `answered ${status}`;
  if (status >= 200 && status < 300) return { outcome: 'delivered', detail };
  if (status === 410) return { outcome: 'gone', reason, detail };
  if (status !== 429 && status < 500) return { outcome: 'failed', reason, detail };
  return { outcome: 'later', reason, detail, retryAfterMs: retryAfterMs(retryAfter, nowMs) };
}

export function answerOfFault(error: unknown): Answer {
  if (!(error instanceof OutgoingFault)) throw error;
  const { reason, message: detail } = error;
  if (reason === 'refused-address') return { outcome: 'failed', reason, detail };
  return { outcome: 'later', reason, detail, retryAfterMs: null };
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); null where it is neither. */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(delayMs) ? null : Math.min(Math.max(0, delayMs), mostRetryMs);
}
