import { schemaVersions } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { newTenant } from '../change/index.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { type AlertDocument, type DetectorMeta, foldFriction, type StageDocument } from './fold.ts';
import { newAgreement } from './hours.ts';
import { alertKey, detectorKey, stageKey } from './keys.ts';
import { type Detected, reconcile } from './rebuilt.ts';
import { sampleAlert } from './sample.ts';

const people = { acknowledged: { by: 'anna', at: '2026-03-04T08:00:00.000Z' } };
const opened = { sequence: 1, event: 'opened', at: sampleAlert.at, size: 0.08, evidence: 9.1, reason: 'a' } as const;

function alert(id: string, state: 'open' | 'closed' = 'open'): AlertDocument {
  const { size, interval, before, now, cause, evidence, customers, sources, fragile } = sampleAlert;
  const strongest = { size, interval, before, now, cause, evidence, customers, sources, fragile };
  return { record: { ...sampleAlert, id, state, sequence: 3, people }, strongest, history: [opened] };
}

function stage(id: string | null, figure: number): StageDocument {
  return {
    state: { hour: figure } as StageDocument['state'],
    describe: { before: figure } as StageDocument['describe'],
    alert: id,
  };
}

function meta(offset: number): DetectorMeta {
  return {
    agreement: newAgreement(),
    tenant: newTenant(),
    configuration: 'h',
    alerts: { falseAlarms: { count: 1, perDays: 90 }, ignoreBelow: 0 },
    targets: {},
    origins: { 'signals/0': [offset, 0] },
  };
}

function detected(open: string | null, others: AlertDocument[] = [], at = 1): Detected {
  const alerts = [...(open === null ? [] : [alert(open)]), ...others];
  return {
    meta: meta(at),
    stages: new Map([['delivery', stage(open, at)]]),
    alerts: new Map(alerts.map((one) => [one.record.id, one])),
  };
}

describe('what becomes of alerts in a rebuild', () => {
  it.each([
    ['open before, an episode now', 'old', 'new', { kept: ['old'], closing: [], found: [] }, 'old'],
    ['open before, none now', 'old', null, { kept: [], closing: ['old'], found: [] }, null],
    ['none before, an episode now', null, 'new', { kept: [], closing: [], found: ['delivery'] }, null],
    ['none before, none now', null, null, { kept: [], closing: [], found: [] }, null],
  ] as const)('%s', (_, open, episode, expected, pointed) => {
    const before = detected(open, [alert('past', 'closed')]);
    const { documents, ...found } = reconcile(before, detected(episode, [], 2));
    expect(found).toEqual(expected);
    // the evidence is that of the rebuild, the alert that of the state in force
    expect(documents.get(stageKey('delivery'))).toEqual(stage(pointed, 2));
    expect(documents.get(alertKey('past'))).toEqual(alert('past', 'closed'));
    if (open !== null) expect(documents.get(alertKey(open))).toEqual(alert(open));
    if (episode !== null) expect(documents.get(alertKey(episode))).toBeNull();
  });

  it('keeps an alert that the rebuild would name the same', () => {
    const { documents } = reconcile(detected('same'), detected('same', [], 2));
    expect(documents.get(alertKey('same'))).toEqual(alert('same'));
  });

  it('closes an alert of a stage that is there no more', () => {
    const after = { ...detected(null), stages: new Map<string, StageDocument>() };
    expect(reconcile(detected('old'), after).closing).toEqual(['old']);
  });

  it('knows what was folded before by its place, commands too', () => {
    const before = detected(null);
    Object.assign(before.meta!.origins, { 'commands/0': [7, 0] });
    const { documents } = reconcile(before, detected(null, [], 2));
    expect(documents.get(detectorKey)).toMatchObject({ origins: { 'signals/0': [1, 0], 'commands/0': [7, 0] } });
  });
});

describe('an alert whose episode the rebuilt past does not show', () => {
  it('is closed by the next hour, once, with what people said of it', () => {
    const workspace = new MemoryWorkspace();
    const { documents } = reconcile(detected('old'), detected(null));
    for (const [key, document] of documents) workspace.put(key, document);
    foldFriction([hour(100, 1)], workspace);
    foldFriction([hour(101, 2)], workspace);
    const records = workspace.outputs.map(({ value }) => JSON.parse(String(value)));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ id: 'old', sequence: 4, event: 'closed', reason: 'rebuilt', people });
    expect(workspace.get<AlertDocument>(alertKey('old'))?.history.at(-1)).toMatchObject({ reason: 'rebuilt' });
  });
});

function hour(upTo: number, offset: number) {
  const time = upTo * 3_600_000;
  const origin = { topic: 'signals', partition: 0, offset: offset + 10, index: 0 };
  const at = new Date(time).toISOString();
  const content = { type: 'hour', origin, partition: 0, partitions: 1, upTo, at, votes: [] } as const;
  const headers = { schema: schemaVersions.friction };
  return {
    record: { topic: 'friction', partition: 0, offset, time, key: null, value: null, headers },
    content: { ...content, votes: [] },
  };
}
