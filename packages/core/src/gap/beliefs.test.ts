import {
  type AcceptedSignal,
  type BeliefChange,
  type FrictionHour,
  type SignalsRecord,
  topicNames,
} from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce } from '../announce.ts';
import { documentsNeeded, foldSignals, type SignalsInput } from '../friction/fold.ts';
import { dayMs, hourMs } from '../friction/time.ts';
import { hash32 } from '../hash.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { type Beliefs, beliefKey, type Claim } from './beliefs.ts';
import { beliefFor, beliefOn, targetFor } from './hold.ts';

const start = Date.UTC(2026, 2, 2);
const iso = (days: number) => new Date(start + days * dayMs).toISOString();

type Said = { subject: string; version?: number | null; stage?: string; share?: number; op?: 'upsert' | 'delete' };

function claim({ subject, version = 0, stage, share = 0.9, op = 'upsert' }: Said): AcceptedSignal {
  const said = { kind: 'belief' as const, source: 'scorecards', subject, version, op, customer: null };
  const belief = { share, from: iso(0), to: iso(28), what: 'kpi' as const };
  return { ...said, occurredAt: iso(0), ...(stage !== undefined && { stage }), ...(op === 'upsert' && { belief }) };
}

/** Refuses what was not asked for: what a fold may look at must be loaded first. */
class StrictWorkspace extends MemoryWorkspace {
  readonly #asked = new Set<string>();

  override loaded(key: string): boolean {
    return this.#asked.has(key);
  }

  override get<T extends object>(key: string): T | undefined {
    if (this.#isStrict && !this.#asked.has(key)) throw new Error(`${key} was not asked for`);
    return this.#asked.has(key) ? super.get<T>(key) : undefined;
  }

  #isStrict = false;

  ask(input: SignalsInput): void {
    this.#isStrict = false;
    this.#asked.clear();
    for (let keys = documentsNeeded([input], this); keys.length > 0; keys = documentsNeeded([input], this))
      for (const key of keys) this.#asked.add(key);
    this.#isStrict = true;
  }
}

/** Sends claims in this order, with an hour closing after each; answers what the partitions hold and have told. */
function play(claims: readonly AcceptedSignal[], partitions: number) {
  const workspaces = Array.from({ length: partitions }, (_, index) => new StrictWorkspace(index, partitions));
  let offset = 0;
  const give = (partition: number, content: SignalsRecord, time: number) => {
    offset += 1;
    const record = { topic: topicNames.signals, partition, offset, time, key: null, value: null, headers: {} };
    const input: SignalsInput = { record, content };
    const workspace = workspaces[partition]!;
    workspace.ask(input);
    foldSignals([input], workspace);
  };
  claims.forEach((signal, index) => {
    const origin = { topic: 'raw.canonical', partition: 0, offset: index, index: 0 };
    const time = start + index * hourMs;
    for (const output of announce({ signal, tags: null, origin, customerMayChange: true }, partitions))
      give(output.partition ?? hash32(output.key ?? '') % partitions, JSON.parse(output.value as string), time);
    for (let partition = 0; partition < partitions; partition += 1)
      give(partition, { type: 'tick', at: new Date(time + hourMs).toISOString() }, time + hourMs);
  });
  return { held: heldIn(workspaces), told: toldBy(workspaces) };
}

const plain = (claims: [string, number][]) => Object.fromEntries(claims.sort());

function heldIn(workspaces: readonly MemoryWorkspace[]) {
  return plain(
    workspaces.flatMap((workspace) =>
      [...workspace.scan(beliefKey(''))].flatMap(([key, document]) =>
        (document as Beliefs).beliefs.map(({ subject, share }): [string, number] => [`${key} ${subject}`, share]),
      ),
    ),
  );
}

function toldBy(workspaces: readonly MemoryWorkspace[]) {
  const told = new Map<string, number>();
  const changes: BeliefChange[] = workspaces.flatMap(({ outputs }) =>
    outputs.flatMap(({ value }) => (JSON.parse(value as string) as FrictionHour).beliefs ?? []),
  );
  for (const { stage, subject, claim: now } of changes) {
    const key = `${beliefKey(stage)} ${subject}`;
    if (now === null) told.delete(key);
    else told.set(key, now.share);
  }
  return plain([...told]);
}

describe('claims of a stage', () => {
  it.each<[string, Said[], Record<string, number>]>([
    ['are kept', [{ subject: 'a', stage: 'buy' }], { 'belief|buy a': 0.9 }],
    [
      'follow a version to another stage',
      [
        { subject: 'a', stage: 'buy' },
        { subject: 'a', stage: 'use', version: 1, share: 0.8 },
      ],
      { 'belief|use a': 0.8 },
    ],
    [
      'go with a delete that names no stage',
      [
        { subject: 'a', stage: 'buy' },
        { subject: 'a', op: 'delete', version: null },
      ],
      {},
    ],
    [
      'stay where a delete names an older version',
      [
        { subject: 'a', stage: 'buy', version: 3 },
        { subject: 'a', op: 'delete', version: 2 },
      ],
      { 'belief|buy a': 0.9 },
    ],
  ])('%s', (_, said, expected) => {
    expect(play(said.map(claim), 2)).toEqual({ held: expected, told: expected });
  });

  it('end the same in whatever order versions and deletes arrive, and every change is told', () => {
    const version = fc.record({
      subject: fc.constantFrom('a', 'b'),
      version: fc.integer({ min: 0, max: 4 }),
      stage: fc.constantFrom('buy', 'use'),
      deleted: fc.boolean(),
    });
    const versions = fc.uniqueArray(version, { selector: (one) => `${one.subject} ${one.version}`, maxLength: 7 });
    fc.assert(
      fc.property(versions, fc.infiniteStream(fc.nat()), fc.constantFrom(1, 3), (all, keys, partitions) => {
        const said = all.map((one) =>
          claim({ ...one, share: one.version / 10, op: one.deleted ? 'delete' : 'upsert' }),
        );
        const inOrder = play(
          said.toSorted((one, other) => (one.version ?? 0) - (other.version ?? 0)),
          partitions,
        );
        const ranked = said.map((one) => ({ one, rank: keys.next().value as number }));
        const mixed = ranked.sort((one, other) => one.rank - other.rank).map(({ one }) => one);
        const { held, told } = play(mixed, partitions);
        expect(held).toEqual(inOrder.held);
        expect(told).toEqual(held);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the claim that holds', () => {
  const one = (what: Claim['what'], share: number, from: number, to: number, subject = 'a'): Claim => ({
    source: 'scorecards',
    subject,
    what,
    share,
    from: iso(from),
    to: iso(to),
  });
  const firstDay = start / dayMs;

  it.each<[string, Claim[], number | undefined]>([
    ['is the KPI before the survey', [one('mirror-survey', 0.7, 0, 9), one('kpi', 0.9, 0, 9)], 0.9],
    ['is the survey before the SLA', [one('sla', 0.9, 0, 9), one('mirror-survey', 0.7, 0, 9)], 0.7],
    ['is the newer one', [one('kpi', 0.8, 2, 9), one('kpi', 0.9, 1, 9)], 0.8],
    ['is none that begins later', [one('kpi', 0.8, 4, 9)], undefined],
    ['is no target', [one('target', 0.8, 0, 9)], undefined],
    [
      'is one that covers the day before a newer one that does not',
      [one('kpi', 0.9, 0, 9), one('kpi', 0.8, 1, 2)],
      0.9,
    ],
    ['is the last figure, until the next is published', [one('kpi', 0.8, -7, 0)], 0.8],
    ['is no figure that nobody renewed', [one('kpi', 0.8, -30, -20)], undefined],
  ])('%s', (_, claims, share) => {
    expect(beliefOn(claims, firstDay + 3)?.share).toBe(share);
    expect(beliefOn(claims.toReversed(), firstDay + 3)?.share).toBe(share);
  });

  it('of a window that is over is only what covers it', () => {
    const claims = [one('kpi', 0.8, -7, 0)];
    expect(beliefFor(claims, start - 7 * dayMs, start)?.share).toBe(0.8);
    expect(beliefFor(claims, start, start + dayMs)).toBeNull();
  });

  it('of a target is the newest, from its beginning on', () => {
    const claims = [one('target', 0.8, 0, 9), one('target', 0.9, 5, 9)];
    const at = (days: number) => targetFor(claims, 0.7, start + days * dayMs);
    expect([at(-1), at(1), at(30)]).toEqual([0.7, 0.8, 0.9]);
  });
});
