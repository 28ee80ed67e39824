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
  /** messages that came again although their delivery was written down before */
  readonly repeated: number;
};

export async function checkAlerts(system: System, sent: readonly AlertRecord[]): Promise<AlertFindings> {
  const recorded = await recordedTimes(system);
  const got = new Set<string>();
  let [changed, repeated] = [0, 0];
  for (const messages of system.receiver.taken.values()) {
    const contents = messages.map(({ body }) => (JSON.parse(body) as Content).data);
    if (new Set(contents.map((content) => JSON.stringify(content))).size > 1) changed += 1;
    const { id, sequence } = contents[0]!;
    const name = `${id} ${sequence}`;
    got.add(name);
    const until = recorded.get(name) ?? Number.POSITIVE_INFINITY;
    repeated += messages.filter(({ at }) => at > until).length;
  }
  const names = new Set(sent.map(({ id, sequence }) => `${id} ${sequence}`));
  return { lost: [...names].filter((name) => !got.has(name) || !recorded.has(name)).length, changed, repeated };
}

type Content = { readonly data: { readonly id: string; readonly sequence: number } };

/** When the first delivery of each transition was written down, by the log's own time. */
async function recordedTimes({ parts }: System): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for await (const { value, time } of recordsOf(parts.log, topicNames.deliveries)) {
    const one = JSON.parse(new TextDecoder().decode(value ?? new Uint8Array())) as Delivery;
    const name = `${one.alert} ${one.sequence}`;
    if (one.receiver === 'desk' && one.outcome === 'delivered' && !times.has(name)) times.set(name, time);
  }
  return times;
}
