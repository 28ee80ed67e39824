// Whether a transition of an alert, or the end of its snooze, is told to a receiver: one pure decision with a named reason.
import type { AlertRecord } from '@gapwatch/contracts';
import { dayMs } from '../friction/time.ts';

/** What is told; a reminder is for the person who snoozed the alert. */
export const newsKinds = ['opened', 'worsened', 'closed', 'reminder'] as const;
export type News = (typeof newsKinds)[number];

/** Why something is not told. */
export const silences = ['already-delivered', 'reversed', 'stale', 'escalated', 'snoozed', 'no-news'] as const;

export type DeliveryDecision =
  | { readonly action: 'deliver'; readonly reason: News }
  | { readonly action: 'skip'; readonly reason: (typeof silences)[number] };

/** What there may be to tell: a transition that came, or the end of a snooze that the newest record of the alert names. */
export type Occasion = { readonly kind: 'transition' | 'snooze-ended'; readonly alert: AlertRecord };

/** What is known of the alert before. */
export type Known = {
  /** the highest sequence that was decided on, 0 where there is none */
  readonly sequence: number;
  /** whether `deliveries` of an earlier life says what became of this occasion for the receiver */
  readonly isRecorded: boolean;
};

/** Older than this, by log time, a transition is history and pages nobody. */
export const staleMs = dayMs;

/** `logTime`: milliseconds UTC. */
export function decideDelivery(occasion: Occasion, known: Known, logTime: number): DeliveryDecision {
  const { kind, alert } = occasion;
  if (known.isRecorded || (kind === 'transition' && alert.sequence <= known.sequence)) return skip('already-delivered');
  if (alert.reversed) return skip('reversed');
  if (Date.parse(occasionTime(occasion)) < logTime - staleMs) return skip('stale');
  if (kind === 'snooze-ended') return alert.state === 'open' ? deliver('reminder') : skip('no-news');
  if (alert.event === 'opened') return deliver('opened');
  // the alert that goes on from an escalated one is told by its own opening
  if (alert.event === 'closed') return alert.outcome === 'escalated' ? skip('escalated') : deliver('closed');
  if (alert.reason !== 'worsened') return skip('no-news');
  return isSnoozed(alert, logTime) ? skip('snoozed') : deliver('worsened');
}

/** When it happened, RFC 3339. */
export function occasionTime({ kind, alert }: Occasion): string {
  return kind === 'snooze-ended' ? (alert.people?.snoozed?.until ?? alert.at) : alert.at;
}

/** The end of the snooze of an alert, milliseconds UTC; null where nobody snoozed it. */
export function snoozedUntil({ people }: AlertRecord): number | null {
  return people?.snoozed === undefined ? null : Date.parse(people.snoozed.until);
}

function isSnoozed(alert: AlertRecord, logTime: number): boolean {
  return (snoozedUntil(alert) ?? 0) > logTime;
}

function deliver(reason: News): DeliveryDecision {
  return { action: 'deliver', reason };
}

function skip(reason: (typeof silences)[number]): DeliveryDecision {
  return { action: 'skip', reason };
}
