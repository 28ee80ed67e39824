// An example company in a memory state, filled by hand: what a test or a page can show without the services behind it.
import { type AlertRecord, type Configuration, configurationSchema } from '@gapwatch/contracts';
import {
  type AlertDocument,
  alertKey,
  beliefKey,
  cellFields,
  cellKey,
  metaKey,
  newMeta,
  stageKey,
} from '@gapwatch/core';
import { openMemoryState, type StateStore } from '@gapwatch/storage';

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
/** A Monday. */
export const newestDay = Date.UTC(2026, 10, 23);
export const logTime = newestDay + 9.5 * hourMs;
export const partitions = 2;

export type Cells = Record<string, Partial<Record<(typeof cellFields)[number], number>>>;
export type Documents = Record<string, unknown>;
export type Filling = { cells?: Cells; documents?: Documents };

/** Adds to one partition of a namespace, as its service would. */
export async function fill(state: StateStore, namespace: string, partition: number, { cells, documents }: Filling) {
  const target = state.partition(namespace, partition);
  const expected = await target.position();
  const step = {
    expected,
    next: expected + 1,
    documents: Object.entries(documents ?? {}).map(([key, value]) => ({
      key,
      value: JSON.stringify(value),
      due: null,
    })),
    cells: new Map(Object.entries(cells ?? {}).map(([key, cell]) => [key, cellFields.map((name) => cell[name] ?? 0)])),
  };
  const { outcome } = await target.apply(step);
  if (outcome !== 'applied') throw new Error('the state refused a step');
}

export function metaOf(times: Record<string, { first: number; last: number }>, logTimeMs = logTime) {
  return { [metaKey]: { ...newMeta(), logTime: logTimeMs, upTo: Math.floor(logTimeMs / hourMs), stages: times } };
}

export function hour(timeMs: number): number {
  return Math.floor(timeMs / hourMs);
}

export const configuration: Configuration = configurationSchema.parse({
  stages: [
    { id: 'discover', name: 'Discover', owner: 'marketing', target: 0.95 },
    { id: 'buy', name: 'Buy', owner: 'sales' },
    { id: 'delivery', name: 'Delivery', owner: 'logistics', target: 0.9 },
    { id: 'use', name: 'Use', owner: 'product', target: 0.9 },
    { id: 'support', name: 'Support', owner: 'support', target: 0.85 },
    { id: 'renew', name: 'Renew', owner: 'accounts' },
  ],
  sources: [
    { id: 'survey', type: 'canonical' },
    { id: 'ticket', type: 'csv' },
  ],
  segments: ['plan'],
});

const alertId = '5f1c0a7be2d94411';

export function alertRecord(over: Partial<AlertRecord> = {}): AlertRecord {
  const at = (days: number, hours = 0) => new Date(newestDay + days * dayMs + hours * hourMs).toISOString();
  return {
    type: 'alert',
    origin: { topic: 'friction', partition: 0, offset: 4_120, index: 0 },
    id: alertId,
    sequence: 3,
    event: 'updated',
    at: at(-6, 7),
    stage: 'delivery',
    segment: null,
    gap: 'baseline',
    state: 'open',
    outcome: null,
    openedAt: at(-17, 4),
    closedAt: null,
    onset: at(-20, 2),
    onsetInterval: [at(-23), at(-18)],
    size: 0.0812,
    interval: [0.0502, 0.1121],
    before: 0.0604,
    now: 0.1416,
    cause: 'experience-fell',
    evidence: { value: 48_210, threshold: 2_260 },
    budget: { count: 1, perDays: 90 },
    customers: { exposed: 2_410, heard: 540 },
    churn: { state: 'not-enough-evidence', excess: null, interval: null, days: 30 },
    sources: [
      { source: 'ticket', votes: 388, before: 0.071, now: 0.168 },
      { source: 'survey', votes: 152, before: 0.034, now: 0.074 },
    ],
    fragile: { loudestSource: 'ticket', standsWithout: true },
    reason: 'worsened',
    configuration: 'c0ffee',
    people: { acknowledged: { by: 'anna', at: at(-6, 8) } },
    ...over,
  };
}

function alertDocument(record: AlertRecord): AlertDocument {
  const entry = (sequence: number, event: AlertRecord['event'], at: string, size: number, evidence: number) => ({
    sequence,
    event,
    at,
    size,
    evidence,
  });
  const history: AlertDocument['history'] = [
    entry(1, 'opened', record.openedAt, 0.064, 2_410),
    entry(2, 'updated', new Date(Date.parse(record.openedAt) + 5 * dayMs).toISOString(), 0.073, 11_840),
    {
      ...entry(
        3,
        record.state === 'open' ? 'updated' : 'closed',
        record.closedAt ?? record.at,
        record.size,
        record.evidence.value,
      ),
      ...(record.people?.acknowledged !== undefined && {
        reason: 'acknowledged',
        command: { id: 'command-1', action: 'acknowledge' as const, by: record.people.acknowledged.by },
      }),
    },
  ];
  return { record, strongest: record, history };
}

type Plan = { heard: number; share: number; active?: number; step?: { day: number; share: number } };

const plans: Record<string, Plan> = {
  discover: { heard: 31, share: 0.055, active: 78 },
  buy: { heard: 44, share: 0.042, active: 118 },
  delivery: { heard: 38, share: 0.06, active: 172, step: { day: 70, share: 0.142 } },
  use: { heard: 27, share: 0.09, active: 300 },
  support: { heard: 63, share: 0.11 },
  unknown: { heard: 6, share: 0.07 },
};

/** A fixed unevenness of days: -1 to 1, so that lines look lived without chance. */
function wobble(day: number, salt: number): number {
  return Math.sin(day * 1.9 + salt) * 0.6 + Math.sin(day * 0.71 + salt * 3) * 0.4;
}

function cellsOf(stage: string, { heard, share, active = 0, step }: Plan, salt: number): [Cells, Cells] {
  const parts: [Cells, Cells] = [{}, {}];
  for (let day = 0; day < 91; day += 1) {
    const time = newestDay - (90 - day) * dayMs;
    const isWeekend = [0, 6].includes(new Date(time).getUTCDay());
    const customers = Math.round(heard * (isWeekend ? 0.55 : 1.1) * (1 + 0.15 * wobble(day, salt)));
    const rate = step !== undefined && day >= step.day ? step.share : share;
    const unhappy = Math.max(0, Math.round(customers * rate * (1 + 0.45 * wobble(day, salt + 1))));
    const week = Math.floor((hour(time) - 96) / 168) * 168 + 96;
    spread(parts, cellKey('1d', stage, '', hour(time)), customers, unhappy, active);
    spread(parts, cellKey('7d', stage, '', week), customers, unhappy, active);
  }
  return parts;
}

function spread(parts: [Cells, Cells], key: string, customers: number, unhappy: number, active: number): void {
  parts.forEach((cells, partition) => {
    const half = (count: number) => (partition === 0 ? Math.floor(count / 2) : Math.ceil(count / 2));
    const cell = cells[key] ?? {};
    const add = (name: keyof typeof cell, count: number) => {
      cell[name] = (cell[name] ?? 0) + half(count);
    };
    add('statements', Math.round(customers * 1.3));
    add('customers', customers);
    add('unhappy', unhappy);
    add('frictionThousandths', unhappy * 800 + customers * 90);
    if (active > 0) add('present', customers + active);
    if (active > 0) add('active', active);
    cells[key] = cell;
  });
}

function describeOf(stage: string, plan: Plan) {
  const isOpen = plan.step !== undefined;
  return {
    alert: isOpen ? alertId : null,
    describe: {
      state: isOpen ? 'open' : 'watching',
      before: plan.share,
      friction: 0.1,
      evidence: isOpen ? 48_210 : stage === 'use' ? 310 : 1.4,
      threshold: 2_260,
    },
  };
}

/** Six stages over 90 days: one that got worse, one still learning, one that nobody spoke of. */
export async function exampleCompany(): Promise<StateStore> {
  const state = openMemoryState();
  const times = Object.fromEntries(
    Object.keys(plans).map((stage) => [stage, { first: newestDay - 90 * dayMs, last: logTime - hourMs }]),
  );
  for (const [index, [stage, plan]] of Object.entries(plans).entries()) {
    const parts = cellsOf(stage, plan, index);
    for (const [partition, cells] of parts.entries()) await fill(state, 'aggregator', partition, { cells });
    if (stage !== 'unknown') {
      await fill(state, 'detector', 0, { documents: { [stageKey(stage)]: describeOf(stage, plan) } });
    }
  }
  const learning = { alert: null, describe: { state: 'learning', until: hour(newestDay + 11 * dayMs), sources: [] } };
  await fill(state, 'aggregator', 0, { documents: metaOf(times) });
  await fill(state, 'aggregator', 1, { documents: { ...metaOf(times, logTime - hourMs), ...beliefsOf() } });
  const closed = alertRecord({
    id: '9a0e11d2c7b34f60',
    people: undefined,
    stage: 'use',
    state: 'closed',
    event: 'closed',
    outcome: 'closed',
    openedAt: new Date(newestDay - 62 * dayMs).toISOString(),
    onset: new Date(newestDay - 66 * dayMs).toISOString(),
    onsetInterval: null,
    closedAt: new Date(newestDay - 41 * dayMs).toISOString(),
    before: 0.09,
    now: 0.131,
    size: 0.041,
    interval: [0.018, 0.064],
  });
  const documents: Documents = { [stageKey('unknown')]: learning };
  for (const record of [alertRecord(), closed]) documents[alertKey(record.id)] = alertDocument(record);
  await fill(state, 'detector', 0, { documents });
  return state;
}

function beliefsOf(): Documents {
  const from = new Date(newestDay - 60 * dayMs).toISOString();
  const to = new Date(newestDay + 30 * dayMs).toISOString();
  const belief = (share: number, subject: string) => ({
    source: 'survey',
    subject,
    version: 0,
    share,
    from,
    to,
    what: 'kpi',
  });
  return {
    [beliefKey('delivery')]: { beliefs: [belief(0.96, 'kpi:delivery')] },
    [beliefKey('use')]: { beliefs: [belief(0.93, 'kpi:use')] },
  };
}
