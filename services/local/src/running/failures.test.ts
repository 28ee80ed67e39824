import { Problem } from '@gapwatch/runtime';
import { expect, it } from 'vitest';
import { logFailures } from './failures.ts';

const away = () => new Problem(503, 'away', 'Try again later.', { cause: new Error('Kafka is away') });

it('says a cause with every request, and of a flood how many were left out', () => {
  const lines: { id: string; leftOut?: number }[] = [];
  let now = 0;
  const fail = logFailures({ error: (facts: object) => lines.push(facts as { id: string }) }, { now: () => now });
  for (let count = 0; count < 500; count += 1) fail({ id: `away-${count}`, url: '/v1/events', error: away() });
  fail({ id: 'other', url: '/v1/stages', error: new Error('no such column') });
  now = 60_000;
  for (let count = 500; count < 502; count += 1) fail({ id: `away-${count}`, url: '/v1/events', error: away() });
  expect(lines).toHaveLength(103);
  expect(lines[0]).toEqual({ id: 'away-0', url: '/v1/events', error: 'Error: Kafka is away' });
  expect(lines.slice(99)).toEqual([
    { id: 'away-99', url: '/v1/events', error: 'Error: Kafka is away' },
    { id: 'other', url: '/v1/stages', error: 'Error: no such column' },
    { id: 'away-500', url: '/v1/events', error: 'Error: Kafka is away', leftOut: 400 },
    { id: 'away-501', url: '/v1/events', error: 'Error: Kafka is away' },
  ]);
});

it('leaves to itself what is not ready yet', () => {
  const lines: object[] = [];
  const fail = logFailures({ error: (facts: object) => lines.push(facts) }, { now: () => 0 });
  fail({ id: 'probe', url: '/readyz', error: new Problem(503, 'not-ready', 'Not ready: redis.') });
  expect(lines).toEqual([]);
});
