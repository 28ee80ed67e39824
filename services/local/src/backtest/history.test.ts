import { type AcceptedSignal, configurationSchema } from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scratch } from '../files/order.ts';
import { simulate } from '../simulate/index.ts';
import { foldHistory } from './history.ts';
import { Partitions } from './partitions.ts';

const configuration = configurationSchema.parse({});
const inMemory = 2 ** 20;
/** so that nothing fits, and some partitions lie in several runs */
const onDisk = 1_600;

async function fold(signals: readonly AcceptedSignal[], sizeBytes: number, threads = 1) {
  const scratch = new Scratch();
  const turns: number[] = [];
  try {
    const partitions = new Partitions({ scratch, partitions: 16, sizeBytes });
    for (const signal of signals) partitions.add(signal, Date.parse(signal.observedAt ?? signal.occurredAt));
    const { cells, claims, alerts, counts, heard } = await foldHistory(partitions.end(), {
      configuration,
      hash: 'hash',
      fixed: new Set(['fixed']),
      step: '1h',
      ticks: partitions.ticks(),
      scratch,
      threads,
      onFold: (statements) => turns.push(statements),
    });
    return {
      cells: new Map([...cells].filter(([, fields]) => fields.some((field) => field !== 0)).toSorted()),
      claims: new Map([...claims].toSorted()),
      alerts: [...alerts.values()],
      counts,
      heard: { ...heard, stages: new Map([...heard.stages].toSorted()), solved: heard.solved },
      folded: turns.reduce((sum, statements) => sum + statements, 0),
    };
  } finally {
    scratch.remove();
  }
}

const minute = 60_000;
const begin = Date.parse('2026-01-05T00:00:00Z');
const times = fc.integer({ min: 0, max: 60 * 24 * 60 }).map((at) => new Date(begin + at * minute).toISOString());
const share = fc.integer({ min: 0, max: 10 });
const common = fc.record(
  {
    source: fc.constantFrom('survey', 'fixed'),
    subject: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    customer: fc.constantFrom(null, 'ann', 'bob', 'cem', 'dana', 'eve'),
    version: fc.integer({ min: 0, max: 3 }),
    occurredAt: times,
    observedAt: times,
    op: fc.constantFrom('upsert', 'upsert', 'upsert', 'delete'),
    stage: fc.constantFrom('billing', 'delivery'),
  },
  { requiredKeys: ['source', 'subject', 'customer', 'version', 'occurredAt', 'op', 'stage'] },
);
const kind = fc.oneof(
  share.map((value) => ({ kind: 'feedback', rating: { value, min: 0, max: 10 } })),
  fc.constant({ kind: 'ticket', status: 'open', thread: 't1', text: 'still not solved, third time I ask' }),
  share.map((value) => ({
    kind: 'belief',
    belief: { what: 'kpi', share: value / 10, from: '2026-01-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
  })),
);
const signal = fc.tuple(common, kind).map((parts) => Object.assign({}, ...parts) as AcceptedSignal);

describe('a history that does not fit into memory', () => {
  it('gives what it would give if it did, whatever changes its customer, is deleted or comes again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(signal, { minLength: 30, maxLength: 80 }), async (signals) => {
        expect(await fold(signals, onDisk)).toEqual(await fold(signals, inMemory));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same alerts, in whatever order it is read, and on however many threads it is folded', async () => {
    const plants = [{ stage: 'delivery', step: 0.3, day: 80, rampDays: 0 }];
    const options = { days: 110, customers: 300, stages: 4, seed: 5, plants, ratingsOnly: true, signalsPerDay: 30 };
    const signals = [...simulate({ ...options, from: '2026-01-01' })] as AcceptedSignal[];
    const whole = await fold(signals, 64 * inMemory);
    expect(whole.alerts.length).toBeGreaterThan(0);
    expect(whole.folded).toBe(signals.length);
    expect(await fold(signals.toReversed(), inMemory)).toEqual(whole);
    expect(await fold(signals, inMemory, 2)).toEqual(whole);
  });
});
