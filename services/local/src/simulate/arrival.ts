// From the order in which things happened to the order in which they became known, as a log receives them.
import type { Signal } from '@gapwatch/contracts';
import { Agenda } from './agenda.ts';

/** When this version became known, in milliseconds. */
export function knownMs(signal: Signal): number {
  return Date.parse(signal.observedAt ?? signal.occurredAt);
}

/**
 * Signals in order of `observedAt` (default `occurredAt`), from signals in order of `occurredAt`. It holds back only
 * what became known later than what is asked for now; equal times keep their order.
 */
export function* byArrival(signals: Iterable<Signal>): Generator<Signal, void, undefined> {
  const waiting = new Agenda<Signal>();
  for (const signal of signals) {
    const nowMs = Date.parse(signal.occurredAt);
    while (waiting.nextAt < nowMs) yield waiting.take();
    waiting.add(knownMs(signal), signal);
  }
  while (waiting.size > 0) yield waiting.take();
}
