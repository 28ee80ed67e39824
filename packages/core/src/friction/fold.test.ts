import { type AcceptedSignal, type LogRecord, type SignalsRecord, topicNames } from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce } from '../announce.ts';
import { hash32 } from '../hash.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { foldSignals } from './fold.ts';
import { readSignals } from './read.ts';
import { dayMs, hourMs } from './time.ts';

const start = Date.UTC(2026, 2, 2);

type Said = Partial<AcceptedSignal> & { subject: string; at?: number; happy?: number };

function signal({ at = start, happy = 1, ...said }: Said): AcceptedSignal {
  return {
    kind: 'feedback',
    source: 'canonical',
    version: 0,
    op: 'upsert',
    customer: 'ann',
    occurredAt: new Date(at).toISOString(),
    stage: 'delivery',
    rating: { value: happy, min: 0, max: 1 },
    ...said,
  };
}

/** Sends signals through announcing, partitioning and folding, each at the time given. */
function play(arrivals: readonly { said: AcceptedSignal; time: number }[], partitions = 1) {
  const workspaces = Array.from({ length: partitions }, (_, index) => new MemoryWorkspace(index, partitions));
  const offsets = new Array<number>(partitions).fill(0);
  const give = (partition: number, value: string | object, time: number) => {
    const bytes = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    const offset = offsets[partition]!;
    offsets[partition] = offset + 1;
    const headers = { schema: 'gapwatch.signals/1' };
    const record: LogRecord = { topic: topicNames.signals, partition, offset, time, key: null, value: bytes, headers };
    const reading = readSignals(record);
    if ('input' in reading) foldSignals([reading.input], workspaces[partition]!);
  };
  arrivals.forEach(({ said, time }, offset) => {
    const origin = { topic: 'raw.canonical', partition: 0, offset, index: 0 };
    for (const output of announce({ signal: said, tags: null, origin, customerMayChange: true }, partitions)) {
      give(output.partition ?? hash32(output.key ?? '') % partitions, output.value as string, time);
    }
  });
  const tick = (time: number) => {
    const record: SignalsRecord = { type: 'tick', at: new Date(time).toISOString() };
    for (let partition = 0; partition < partitions; partition += 1) give(partition, record, time);
  };
  return { workspaces, tick };
}

/** Cells over all partitions, without those that are zero. */
function cells(workspaces: readonly MemoryWorkspace[]): Record<string, number[]> {
  const sums: Record<string, number[]> = {};
  for (const workspace of workspaces) {
    for (const [key, fields] of workspace.cells)
      sums[key] = fields.map((field, index) => field + (sums[key]?.[index] ?? 0));
  }
  return Object.fromEntries(
    Object.entries(sums)
      .filter(([, fields]) => fields.some((field) => field !== 0))
      .sort(),
  );
}

/** Votes over all partitions and friction records, by hour and level. */
function votes(workspaces: readonly MemoryWorkspace[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { outputs } of workspaces) {
    for (const output of outputs) {
      for (const vote of JSON.parse(output.value as string).votes) {
        for (const [level, change] of vote.levels) {
          const key = [vote.hour, vote.stage, vote.segment, vote.source, level].join(' ');
          sums[key] = (sums[key] ?? 0) + change;
        }
      }
    }
  }
  return Object.fromEntries(
    Object.entries(sums)
      .filter(([, sum]) => sum !== 0)
      .sort(),
  );
}

const once = (said: Said[]) => said.map((one) => ({ said: signal(one), time: (one.at ?? start) + 1_000 }));
const week = `7d|delivery||${start / hourMs}`;
const counts = (said: Said[], partitions = 1) => cells(play(once(said), partitions).workspaces)[week];

describe('windows', () => {
  it.each<[string, Said[], number[] | undefined]>([
    [
      'count a customer once, at the highest friction',
      [
        { subject: 'a', happy: 1 },
        { subject: 'b', happy: 0 },
      ],
      [2, 1, 1, 0, 0, 1000, 1, 0],
    ],
    [
      'count each customer',
      [{ subject: 'a' }, { subject: 'b', customer: 'bob', happy: 0 }],
      [2, 2, 1, 0, 0, 1000, 2, 0],
    ],
    [
      'take the newer version',
      [
        { subject: 'a', happy: 0 },
        { subject: 'a', version: 1, happy: 1 },
      ],
      [1, 1, 0, 0, 0, 0, 1, 0],
    ],
    [
      'take the newer version when it comes first',
      [
        { subject: 'a', version: 1, happy: 1 },
        { subject: 'a', happy: 0 },
      ],
      [1, 1, 0, 0, 0, 0, 1, 0],
    ],
    [
      'follow a change of customer',
      [
        { subject: 'a', happy: 0 },
        { subject: 'a', version: 1, customer: 'bob', happy: 0 },
      ],
      [1, 1, 1, 0, 0, 1000, 1, 0],
    ],
    ['forget what was deleted', [{ subject: 'a' }, { subject: 'a', op: 'delete', version: 0 }], undefined],
    [
      'forget what was deleted before it came',
      [
        { subject: 'a', op: 'delete', version: null },
        { subject: 'a', version: 7 },
      ],
      undefined,
    ],
    [
      'forget what a delete without a customer names',
      [{ subject: 'a' }, { subject: 'a', op: 'delete', version: null, customer: null }],
      undefined,
    ],
    [
      'count anonymous voices apart',
      [
        { subject: 'a', customer: null, happy: 0 },
        { subject: 'b', customer: null },
      ],
      [2, 0, 0, 2, 1, 0, 0, 0],
    ],
    ['leave the words of staff out', [{ subject: 'a', author: 'staff', happy: 0 }], undefined],
    [
      'count who was there',
      [
        { subject: 'v', kind: 'lifecycle', lifecycle: { event: 'active' } },
        { subject: 'a', customer: 'bob' },
      ],
      [1, 1, 0, 0, 0, 0, 2, 1],
    ],
    [
      'take the mean over the contacts of a company',
      [
        { subject: 'a', contact: 'x', happy: 0 },
        { subject: 'b', contact: 'y', happy: 0.5 },
      ],
      [2, 1, 1, 0, 0, 750, 1, 0],
    ],
  ])('%s', (_, said, expected) => {
    expect(counts(said)).toEqual(expected);
    expect(counts(said, 4)).toEqual(expected);
  });

  it('keep segments apart once the configuration watches them', () => {
    const { workspaces, tick } = play([]);
    tick(start);
    const configuration = { segments: ['plan'] };
    const value = JSON.stringify({ type: 'configuration', hash: 'h', configuration });
    const record = {
      topic: 'signals',
      partition: 0,
      offset: 9,
      time: start,
      key: null,
      headers: {},
      value: new TextEncoder().encode(value),
    };
    const reading = readSignals(record);
    if (!('input' in reading)) throw new Error('a configuration record must be readable');
    foldSignals([reading.input], workspaces[0]!);
    const origin = { topic: 'raw.canonical', partition: 0, offset: 0, index: 0 };
    const said = signal({ subject: 'a', segment: { plan: 'pro', country: 'de' } });
    const [output] = announce({ signal: said, tags: null, origin, customerMayChange: true }, 1);
    const bytes = new TextEncoder().encode(output?.value as string);
    const next = readSignals({ ...record, offset: 10, value: bytes, headers: { schema: 'gapwatch.signals/1' } });
    if (!('input' in next)) throw new Error('a signal must be readable');
    foldSignals([next.input], workspaces[0]!);
    expect(Object.keys(cells(workspaces)).filter((key) => key.startsWith('7d'))).toEqual([
      `7d|delivery|plan:pro|${start / hourMs}`,
      week,
    ]);
  });
});

describe('outcomes', () => {
  const outcome = (said: Said[], time = start + 1_000) => {
    const { workspaces } = play(said.map((one) => ({ said: signal(one), time })));
    return workspaces[0]?.counts;
  };
  it.each<[string, Said[], number]>([
    ['repeated', [{ subject: 'a' }, { subject: 'a' }], 1],
    [
      'repeated',
      [
        { subject: 'a', op: 'delete', version: 3 },
        { subject: 'a', op: 'delete', version: 3 },
      ],
      1,
    ],
    ['conflicting', [{ subject: 'a' }, { subject: 'a', happy: 0 }], 1],
    [
      'older-version',
      [
        { subject: 'a', version: 2 },
        { subject: 'a', version: 1 },
      ],
      1,
    ],
    [
      'older-version',
      [
        { subject: 'a', op: 'delete', version: 2 },
        { subject: 'a', version: 2 },
      ],
      1,
    ],
    [
      'older-version',
      [
        { subject: 'a', version: 3 },
        { subject: 'a', op: 'delete', version: 2 },
      ],
      1,
    ],
    [
      'accepted',
      [
        { subject: 'a', op: 'delete', version: 2 },
        { subject: 'a', version: 3 },
      ],
      2,
    ],
    ['too-late', [{ subject: 'a', at: start - 36 * dayMs }], 1],
    ['in-the-future', [{ subject: 'a', at: start + 2 * dayMs }], 1],
  ])('%s', (name, said, times) => {
    expect(outcome(said)?.[name]).toBe(times);
  });

  it('a version of a held subject is never too late, one of a forgotten subject is', () => {
    const first = { said: signal({ subject: 'a' }), time: start };
    const edit = (version: number, days: number) => ({
      said: signal({ subject: 'a', version }),
      time: start + days * dayMs,
    });
    expect(play([first, edit(1, 34), edit(2, 68)]).workspaces[0]?.counts).toEqual({ accepted: 3 });
    expect(play([first, edit(1, 36)]).workspaces[0]?.counts).toEqual({ accepted: 1, 'too-late': 1 });
  });

  it('what came too early is rejected with the remedy', () => {
    const { workspaces } = play([{ said: signal({ subject: 'a', at: start + 2 * dayMs }), time: start }]);
    expect(workspaces[0]?.rejections[0]?.message).toMatch(/correct the clock or the zone/);
  });
});

describe('memory', () => {
  it('lets go of what nothing can change any more, and keeps the windows', () => {
    const { workspaces, tick } = play(
      once([{ subject: 'a' }, { subject: 'b', customer: null }, { subject: 'c', op: 'delete', version: null }]),
    );
    const before = cells(workspaces);
    tick(start + 60 * dayMs);
    expect([...workspaces[0]!.scan('')].map(([key]) => key)).toEqual(['meta']);
    expect(cells(workspaces)).toEqual(before);
  });
});

describe('votes', () => {
  const cast = (said: Said[]) => {
    const { workspaces, tick } = play(once(said));
    tick(start + 30 * dayMs);
    return Object.keys(votes(workspaces));
  };
  const hour = start / hourMs;
  it.each<[string, Said[], string[]]>([
    [
      'one loud customer votes once',
      [
        { subject: 'a', happy: 0 },
        { subject: 'b', happy: 0, at: start + 1 },
      ],
      [`${hour} delivery  canonical 10`],
    ],
    [
      'the first statement is the vote, not the worst',
      [{ subject: 'a' }, { subject: 'b', happy: 0, at: start + 1 }],
      [`${hour} delivery  canonical 0`],
    ],
    [
      'an earlier one that comes later takes the vote',
      [{ subject: 'b', happy: 0, at: start + 1 }, { subject: 'a' }],
      [`${hour} delivery  canonical 0`],
    ],
    [
      'a deleted one gives the vote to the next',
      [{ subject: 'a' }, { subject: 'b', happy: 0, at: start + 1 }, { subject: 'a', op: 'delete' }],
      [`${hour} delivery  canonical 10`],
    ],
  ])('%s', (_, said, expected) => {
    expect(cast(said)).toEqual(expected);
  });

  it('says at each closing hour what it knows, even nothing', () => {
    const { workspaces, tick } = play([]);
    tick(start + hourMs);
    tick(start + hourMs + 60_000);
    tick(start + 2 * hourMs);
    expect(workspaces[0]?.outputs.map(({ value }) => JSON.parse(value as string).upTo - hour)).toEqual([1, 2]);
  });
});

describe('order, duplicates, versions, deletes and changes of customer', () => {
  /** what makes the ledger find something: problems, answers, claims, promises in two conversations */
  const talk = fc.constantFrom<Partial<AcceptedSignal>>(
    {},
    { kind: 'ticket', status: 'new', thread: 't1' },
    { kind: 'ticket', status: 'open', thread: 't2' },
    { kind: 'ticket', status: 'open', thread: 't1', promise: { what: 'reply', dueAt: '2026-03-09T00:00:00Z' } },
    { kind: 'ticket', author: 'staff', thread: 't1' },
    { kind: 'ticket', author: 'staff', thread: 't1', status: 'solved' },
    { kind: 'ticket', author: 'bot', thread: 't2', status: 'closed' },
    { kind: 'ticket', author: 'staff', thread: 't1', promise: { what: 'fix', dueAt: '2026-03-12T00:00:00Z' } },
  );
  const subject = fc.record({
    subject: fc.integer({ min: 0, max: 11 }).map((id) => `s${id}`),
    minute: fc.integer({ min: 0, max: 20 * 1_440 }),
    stage: fc.constantFrom('delivery', 'support'),
    versions: fc.array(
      fc.record({
        customer: fc.constantFrom('ann', 'bob', 'eve', null),
        happy: fc.constantFrom(0, 0.25, 0.5, 1),
        stage: fc.constantFrom('delivery', 'support'),
        talk,
      }),
      { minLength: 1, maxLength: 4 },
    ),
    deleted: fc.constantFrom('no', 'no', 'version', 'every', 'without a customer'),
  });
  const company = fc.uniqueArray(subject, { selector: (one) => one.subject, maxLength: 12 });

  const versionsOf = (one: {
    subject: string;
    minute: number;
    versions: { customer: string | null; happy: number; stage: string; talk: Partial<AcceptedSignal> }[];
    deleted: string;
  }) => {
    const at = start + one.minute * 60_000;
    const said = one.versions.map(({ talk: more, ...version }, index) =>
      signal({ ...version, ...more, subject: one.subject, at, version: index }),
    );
    const last = said[said.length - 1]!;
    if (one.deleted === 'version')
      said.push(signal({ subject: one.subject, at, op: 'delete', version: last.version, customer: last.customer }));
    if (one.deleted === 'every')
      said.push(signal({ subject: one.subject, at, op: 'delete', version: null, customer: last.customer }));
    if (one.deleted === 'without a customer')
      said.push(signal({ subject: one.subject, at, op: 'delete', version: null, customer: null }));
    return said;
  };

  it('windows and votes equal those of the clean input, on any number of partitions', () => {
    const property = fc.property(company, fc.integer(), fc.constantFrom(1, 3, 4), (subjects, seed, partitions) => {
      const clean = subjects.flatMap((one) => (one.deleted === 'no' ? [versionsOf(one).at(-1)!] : []));
      const end = start + 21 * dayMs;
      const expected = play(clean.map((said) => ({ said, time: end })));
      const dirty = shuffled(
        subjects.flatMap((one) => versionsOf(one).flatMap((said) => [said, said])),
        seed,
      );
      const found = play(
        dirty.map((said) => ({ said, time: end })),
        partitions,
      );
      expected.tick(end + hourMs);
      found.tick(end + hourMs);
      expect(cells(found.workspaces)).toEqual(cells(expected.workspaces));
      expect(votes(found.workspaces)).toEqual(votes(expected.workspaces));
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});

/** A shuffle that depends on the seed alone. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, order: hash32(`${seed} ${index}`) }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}
