import { type FrictionHour, frictionHourSchema, type LogRecord, limits, topicNames } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { emitHours } from './hours.ts';
import { newMeta, type PartitionMeta } from './meta.ts';
import { hourMs } from './time.ts';
import { voteKey } from './votes.ts';

const hour = 500_000;
const mostRecordBytes = 4 * 1_048_576;

/** The records of the tick that closes the hour. */
function closed(pending: PartitionMeta['pending'], beliefs: PartitionMeta['beliefs'] = {}): FrictionHour[] {
  const time = (hour + 1) * hourMs;
  const record: LogRecord = {
    topic: topicNames.signals,
    partition: 0,
    offset: 9,
    time,
    key: null,
    value: null,
    headers: {},
  };
  const workspace = new MemoryWorkspace();
  emitHours(record, { ...newMeta(), logTime: time, pending, beliefs }, workspace);
  return workspace.outputs.map(({ value }) => {
    expect(Buffer.byteLength(String(value))).toBeLessThan(mostRecordBytes);
    return frictionHourSchema.parse(JSON.parse(String(value)));
  });
}

/** As long as a name may be, and longer still in JSON. */
function longName(index: number): string {
  return `${index}`.padEnd(limits.idCharacters, '\u0001');
}

describe('the records of an hour', () => {
  it('are one that says the hour is over, where nobody said anything', () => {
    expect(closed({})).toMatchObject([{ upTo: hour + 1, votes: [], origin: { offset: 9, index: 0 } }]);
  });

  it('fit into the log however long the names in them are, and the last one ends the hour', () => {
    const names = Array.from({ length: 600 }, (_, index) => longName(index));
    const pending = names.map((stage) => {
      const place = { hour, stage, segment: `${longName(0)}:${longName(1)}`, source: longName(2), backfill: false };
      return [voteKey(place), [0, 1]];
    });
    const belief = { share: 0.5, from: '2026-03-04T00:00:00Z', to: '2026-03-05T00:00:00Z', what: 'kpi' } as const;
    const claims = names.map(
      (stage) => [stage, { stage, source: longName(2), subject: stage, claim: belief }] as const,
    );
    const records = closed(Object.fromEntries(pending), Object.fromEntries(claims));
    expect(records.length).toBeGreaterThan(1);
    expect(records.flatMap(({ votes }) => votes.map(({ stage }) => stage)).sort()).toEqual(names.toSorted());
    expect(records.flatMap(({ beliefs = [] }) => beliefs.map(({ stage }) => stage)).sort()).toEqual(names.toSorted());
    expect(records.map(({ upTo }) => upTo > hour)).toEqual(records.map((_, index) => index === records.length - 1));
    expect(records.map(({ origin }) => origin.index)).toEqual([...records.keys()]);
  });
});
