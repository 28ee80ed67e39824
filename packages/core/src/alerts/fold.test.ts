import {
  type AlertRecord,
  alertRecordSchema,
  type FrictionHour,
  type LogRecord,
  schemaVersions,
  type VoteChange,
} from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../friction/time.ts';
import { hash32 } from '../hash.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { type AlertDocument, foldFriction, readFriction, type StageDocument } from './fold.ts';
import { alertKey, stageKey } from './keys.ts';

const firstHour = Math.floor(Date.UTC(2026, 0, 1) / hourMs);

/** Votes of one hour at 'delivery': `unhappy` of `heard` customers at level 10, the others at level 0. */
function votesOf(hour: number, heard: number, unhappy: number): VoteChange {
  return {
    hour,
    stage: 'delivery',
    segment: null,
    source: 'survey',
    levels: [
      [0, heard - unhappy],
      [10, unhappy],
    ],
  };
}

/** Four customers an hour; one in ten is unhappy, from day 60 to day 80 three in ten. */
function company(days: number): VoteChange[] {
  return Array.from({ length: days * 24 }, (_, index) => {
    const share = index < 60 * 24 || index >= 80 * 24 ? 0.1 : 0.3;
    let unhappy = 0;
    for (let one = 0; one < 4; one += 1) unhappy += (hash32(`${index} ${one}`) % 1_000) / 1_000 < share ? 1 : 0;
    return votesOf(firstHour + index, 4, unhappy);
  });
}

type Told = { record: FrictionHour; time: number };

/** What one partition says at the end of each hour. */
function told(votes: readonly VoteChange[], partition: number, partitions: number): Told[] {
  return votes.map((vote, offset) => {
    const at = (vote.hour + 1) * hourMs + partition;
    const origin = { topic: 'signals', partition, offset, index: 0 };
    const upTo = vote.hour + 1;
    const record: FrictionHour = {
      type: 'hour',
      origin,
      partition,
      partitions,
      upTo,
      at: new Date(at).toISOString(),
      votes: [vote],
    };
    return { record, time: at };
  });
}

function fold(records: readonly Told[], batch = 50): { workspace: MemoryWorkspace; alerts: AlertRecord[] } {
  const workspace = new MemoryWorkspace();
  const inputs = records.map(({ record, time }, offset) => {
    const value = new TextEncoder().encode(JSON.stringify(record));
    const headers = { schema: schemaVersions.friction };
    const reading = readFriction({
      topic: 'friction',
      partition: 0,
      offset,
      time,
      key: null,
      value,
      headers,
    } satisfies LogRecord);
    if (!('input' in reading)) throw new Error('our own record must be readable');
    return reading.input;
  });
  for (let index = 0; index < inputs.length; index += batch)
    foldFriction(inputs.slice(index, index + batch), workspace);
  return { workspace, alerts: workspace.outputs.map(({ value }) => JSON.parse(value as string) as AlertRecord) };
}

describe('an episode', () => {
  const { workspace, alerts } = fold(told(company(120), 0, 1));

  it('opens after the step and closes after it is over', () => {
    const [opened] = alerts;
    const closed = alerts.at(-1);
    expect(opened).toMatchObject({ event: 'opened', sequence: 1, stage: 'delivery', gap: 'baseline', state: 'open' });
    const day = (time: string | null | undefined) => (Date.parse(time ?? '') / hourMs - firstHour) / 24;
    expect(day(opened?.openedAt)).toBeGreaterThan(60);
    expect(day(opened?.openedAt)).toBeLessThan(66);
    expect(closed).toMatchObject({ event: 'closed', state: 'closed', outcome: 'closed', id: opened?.id });
    expect(day(closed?.closedAt)).toBeGreaterThan(80);
  });

  it('has records that follow the contract, numbered without holes, each with one content', () => {
    for (const alert of alerts) expect(alertRecordSchema.parse(alert)).toEqual(alert);
    expect(alerts.map(({ sequence }) => sequence)).toEqual(alerts.map((_, index) => index + 1));
  });

  it('is kept for readers with its history, and freed from the stage when it ends', () => {
    const kept = workspace.get<AlertDocument>(alertKey(alerts[0]?.id ?? ''));
    expect(kept?.record).toEqual(alerts.at(-1));
    expect(kept?.history.map(({ sequence }) => sequence)).toEqual(alerts.map(({ sequence }) => sequence));
    expect(workspace.get<StageDocument>(stageKey('delivery'))?.alert).toBeNull();
  });

  it('is the same when records come twice', () => {
    const twice = told(company(120), 0, 1).flatMap((one) => [one, one]);
    expect(fold(twice).alerts.map(withoutPlace)).toEqual(alerts.map(withoutPlace));
  });
});

function withoutPlace({ origin: _, ...alert }: AlertRecord) {
  return alert;
}

describe('agreement of the partitions', () => {
  it('gives the same alerts in whatever order partitions speak, and however the records are cut', () => {
    const halves = [0, 1].map((partition) =>
      told(
        company(70).map((vote) => ({
          ...vote,
          levels: vote.levels.map(
            ([level, count]) =>
              [level, partition === 0 ? Math.floor(count / 2) : Math.ceil(count / 2)] as [number, number],
          ),
        })),
        partition,
        2,
      ),
    );
    const inTurn = halves[0]!.flatMap((one, index) => [one, halves[1]![index]!]);
    const expected = fold(inTurn).alerts.map(withoutPlace);
    expect(expected.length).toBeGreaterThan(0);
    const order = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 300 }), (lags, batch) => {
        // the second partition lags by some hours, never so long that the first stops waiting
        const mixed = [
          ...halves[0]!.map((one) => ({ ...one, rank: one.record.upTo })),
          ...halves[1]!.map((one, index) => ({ ...one, rank: one.record.upTo + (lags[index % 60] ?? 0) })),
        ];
        const lastRank = new Map<number, number>();
        const ranked = mixed.map((one) => {
          const rank = Math.max(one.rank, lastRank.get(one.record.partition) ?? 0);
          lastRank.set(one.record.partition, rank);
          return { ...one, rank, time: firstHour * hourMs };
        });
        ranked.sort((one, other) => one.rank - other.rank);
        expect(fold(ranked, batch).alerts.map(withoutPlace)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('waits one hour for a partition that stands still, not longer', () => {
    const lone = told(company(70), 0, 2).map((one) => ({ ...one, time: one.time }));
    const { alerts } = fold(lone);
    expect(alerts.length).toBeGreaterThan(0);
  });
});
