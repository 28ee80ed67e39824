import type { Signal } from '@gapwatch/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byArrival, knownMs } from './arrival.ts';

const fromMs = Date.UTC(2025, 0, 6);
const stamp = (minute: number): string => new Date(fromMs + minute * 60_000).toISOString();
const signalOf = (minute: number, lateness: number): Signal => ({
  kind: 'feedback',
  subject: `answer:${minute}`,
  occurredAt: stamp(minute),
  ...(lateness > 0 ? { observedAt: stamp(minute + lateness) } : {}),
});

it('orders by the time at which signals became known, and loses none', () => {
  const times = fc.array(fc.tuple(fc.nat(300), fc.nat(50)));
  fc.assert(
    fc.property(times, (pairs) => {
      const signals = pairs
        .sort(([one], [other]) => one - other)
        .map(([minute, lateness]) => signalOf(minute, lateness));
      const sorted = [...signals].sort((one, other) => knownMs(one) - knownMs(other));
      expect([...byArrival(signals)]).toEqual(sorted);
    }),
  );
});

it('asks for no more than it needs', () => {
  let asked = 0;
  function* endless(): Generator<Signal> {
    for (;;) yield signalOf(asked++, 0);
  }
  const arriving = byArrival(endless());
  for (let taken = 0; taken < 10; taken++) arriving.next();
  expect(asked).toBeLessThanOrEqual(12);
});
