// Alerts through a campaign: transitions are put on the topic as a detector would, while everything around dies, and held
// against what the receiver got and what `deliveries` says.
import { randomUUID } from 'node:crypto';
import type { Delivery } from '../../packages/contracts/src/index.ts';
import { type AlertRecord, schemaVersions, topicNames } from '../../packages/contracts/src/index.ts';
import { sampleAlert } from '../../packages/core/src/index.ts';
import { patiently, recordsOf } from './checks.ts';
import type { System } from './system.ts';

/** Opens and closes an alert; both are news. */
export function transitionsOf(now: number): AlertRecord[] {
  const at = new Date(now).toISOString();
  const opened: AlertRecord = { ...sampleAlert, id: randomUUID(), at, openedAt: at };
  return [
    opened,
    { ...opened, sequence: 2, event: 'closed', state: 'closed', outcome: 'closed', closedAt: at, reason: 'gap-closed' },
  ];
}

export async function announce({ parts }: System, records: readonly AlertRecord[]): Promise<void> {
  const outputs = records.map((record) => ({
    topic: topicNames.alerts,
    key: record.id,
    partition: 0,
    value: JSON.stringify(record),
    headers: { schema: schemaVersions.alerts },
  }));
  await patiently(() => parts.log.append(outputs));
}

export type AlertFindings = {
  /** transitions that the receiver never got, or whose end nobody wrote down */
  readonly lost: number;
  /** keys under which two different messages came */
  readonly changed: number;
  /** messages that came again after their delivery was written down */
  readonly repeats: number;
};

export async function checkAlerts({ parts, receiver }: System, sent: readonly AlertRecord[]): Promise<AlertFindings> {
  const recorded = new Set<string>();
  for await (const { value } of recordsOf(parts.log, topicNames.deliveries)) {
    const one = JSON.parse(new TextDecoder().decode(value ?? new Uint8Array())) as Delivery;
    if (one.receiver === 'desk' && one.outcome === 'delivered') recorded.add(`${one.alert} ${one.sequence}`);
  }
  const got = new Set<string>();
  let changed = 0;
  let repeats = 0;
  for (const bodies of receiver.taken.values()) {
    const contents = new Set(bodies.map((body) => JSON.stringify((JSON.parse(body) as { data: unknown }).data)));
    if (contents.size > 1) changed += 1;
    repeats += bodies.length - 1;
    const { id, sequence } = (JSON.parse(bodies[0] ?? '{}') as { data: { id: string; sequence: number } }).data;
    got.add(`${id} ${sequence}`);
  }
  const names = new Set(sent.map(({ id, sequence }) => `${id} ${sequence}`));
  return { lost: [...names].filter((name) => !got.has(name) || !recorded.has(name)).length, changed, repeats };
}
