// Whether a transition of an alert is told to anybody: one pure decision with a named reason.
import type { AlertRecord } from '@gapwatch/contracts';
import { dayMs } from '../friction/time.ts';

export type DeliveryDecision = {
  readonly action: 'deliver' | 'skip';
  readonly reason: 'opened' | 'worsened' | 'closed' | 'no-news' | 'stale' | 'already-delivered';
};

/** What is known of the alert so far: the newest sequence that was decided on. */
export type Delivered = { readonly sequence: number };

/** Older than this, by log time, a transition is history and pages nobody. */
const staleMs = dayMs;

/** `logTime`: milliseconds UTC. */
export function decideDelivery(alert: AlertRecord, known: Delivered | undefined, logTime: number): DeliveryDecision {
  if (known !== undefined && alert.sequence <= known.sequence) return { action: 'skip', reason: 'already-delivered' };
  if (Date.parse(alert.at) < logTime - staleMs) return { action: 'skip', reason: 'stale' };
  if (alert.event === 'opened') return { action: 'deliver', reason: 'opened' };
  if (alert.event === 'closed') return { action: 'deliver', reason: 'closed' };
  return alert.reason === 'worsened'
    ? { action: 'deliver', reason: 'worsened' }
    : { action: 'skip', reason: 'no-news' };
}
