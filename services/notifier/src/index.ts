// The notifier: `alerts` to people. One partition, one active process.
// Delivery: at least once; a message is sent, then recorded on `deliveries`, then the position moves.
import {
  type AlertRecord,
  type AlertsRecord,
  alertsRecordSchema,
  type Delivery,
  type LogRecord,
  readJson,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { type Delivered, decideDelivery } from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateFold, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings } from '@gapwatch/transport';

export { terminalChannel } from './terminal.ts';

export const namespace = 'notifier';

/** One way to reach people. `send` resolves when the message is out, and throws when it is not. */
export type Channel = {
  readonly id: string;
  send(alert: AlertRecord): Promise<void>;
};

export type NotifierDependencies = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  readonly channels: readonly Channel[];
};

type AlertsInput = { readonly record: LogRecord; readonly content: AlertsRecord };
type Message = { readonly channel: Channel; readonly alert: AlertRecord };

const metaKey = 'notifier';
const deliveredKey = (alert: string) => `delivered|${alert}`;

export function create({ loop, state, channels }: NotifierDependencies): Service {
  return createLoop({
    ...loop,
    service: 'notifier',
    topics: [topicNames.alerts],
    open: (_, partition) => openPartition(state, channels, partition),
  });
}

/** Folds, then sends what the fold decided, before the outputs and the position are written. */
function openPartition(state: StateStore, channels: readonly Channel[], partition: number) {
  const messages: Message[] = [];
  const folded = new FoldedPartition(state.partition(namespace, partition), foldOf(channels, messages), partition, 1);
  return {
    position: () => folded.position(),
    forget: () => folded.forget(),
    async step(chunk: Parameters<typeof folded.step>[0]) {
      messages.length = 0;
      const step = await folded.step(chunk);
      for (const { channel, alert } of messages) await channel.send(alert);
      return step;
    },
  };
}

function foldOf(channels: readonly Channel[], messages: Message[]): StateFold<AlertsInput> {
  return {
    read: readAlerts,
    documentsNeeded: (inputs, workspace) => {
      const alerts = inputs.flatMap(({ content }) => (content.type === 'alert' ? [deliveredKey(content.id)] : []));
      return [...new Set([metaKey, ...alerts])].filter((key) => !workspace.loaded(key));
    },
    fold: (inputs, workspace) => {
      const meta = workspace.get<{ logTime: number }>(metaKey) ?? { logTime: 0 };
      for (const { record, content } of inputs) {
        meta.logTime = Math.max(meta.logTime, record.time);
        if (content.type !== 'alert') continue;
        const key = deliveredKey(content.id);
        const decision = decideDelivery(content, workspace.get<Delivered>(key), meta.logTime);
        workspace.count(`${decision.action}-${decision.reason}`);
        if (decision.reason === 'already-delivered') continue;
        workspace.put(key, { sequence: content.sequence } satisfies Delivered);
        channels.forEach((channel, index) => {
          if (decision.action === 'deliver') messages.push({ channel, alert: content });
          workspace.emit(deliveryOutput(record, content, channel.id, decision, meta.logTime, index));
        });
      }
      workspace.put(metaKey, meta);
    },
  };
}

function readAlerts(record: LogRecord): ReturnType<StateFold<AlertsInput>['read']> {
  if (record.value === null) return { skipped: 'tombstone' };
  const { value, fault } = readJson(record.value);
  if (fault !== undefined) return { rejection: { record, ...fault } };
  const parsed = alertsRecordSchema.safeParse(value);
  if (parsed.success) return { input: { record, content: parsed.data } };
  return { rejection: { record, code: 'schema', message: parsed.error.issues[0]?.message ?? 'no record of alerts' } };
}

function deliveryOutput(
  record: LogRecord,
  alert: AlertRecord,
  receiver: string,
  decision: ReturnType<typeof decideDelivery>,
  logTime: number,
  index: number,
) {
  const delivery: Delivery = {
    type: 'delivery',
    origin: { topic: record.topic, partition: record.partition, offset: record.offset, index },
    alert: alert.id,
    sequence: alert.sequence,
    receiver,
    outcome: decision.action === 'deliver' ? 'delivered' : 'skipped',
    reason: decision.reason,
    at: new Date(logTime).toISOString(),
  };
  const headers = { schema: schemaVersions.deliveries };
  return { topic: topicNames.deliveries, key: alert.id, partition: 0, value: JSON.stringify(delivery), headers };
}
