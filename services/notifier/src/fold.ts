// The notifier's fold: transitions of alerts and ends of snoozes into what is told to whom, and what is not and why.
// It sends nothing: what is to be told waits in a document, due now.
import { type AlertRecord, type AlertsRecord, alertsRecordSchema, type LogRecord, readJson } from '@gapwatch/contracts';
import { decideDelivery, logTimeAfter, type Occasion, occasionTime, snoozedUntil } from '@gapwatch/core';
import type { StateFold, StateWorkspace } from '@gapwatch/storage';
import {
  type DecidedDocument,
  decidedKey,
  deliveryOutput,
  isSnoozeKey,
  type MetaDocument,
  metaKey,
  occasionName,
  type SnoozeDocument,
  snoozeKey,
  type WaitingDocument,
  waitingKey,
} from './documents.ts';
import type { Receiver } from './receivers/define.ts';

export type AlertsInput = { readonly record: LogRecord; readonly content: AlertsRecord };

/** Messages that wait and snoozes that end, which one step takes. */
const mostDue = 10_000;
const isTick = ({ content }: AlertsInput) => content.type === 'tick';

/** `act` sends what is due once the chunk is folded. */
export function foldOf(
  receivers: readonly Receiver[],
  act: Required<StateFold<AlertsInput>>['act'],
): StateFold<AlertsInput> {
  return {
    read: readAlerts,
    documentsNeeded: (inputs, workspace) =>
      keysOf(inputs, receivers, workspace).filter((key) => !workspace.loaded(key)),
    looks: {
      until: (inputs, workspace) => logTimeAfter(inputs, metaOf(workspace).logTime),
      at: isTick,
      most: mostDue,
    },
    fold: (inputs, workspace) => {
      const meta = metaOf(workspace);
      for (const input of inputs) foldOne(input, meta, receivers, workspace);
      workspace.put(metaKey, meta);
    },
    act,
  };
}

function metaOf(workspace: StateWorkspace): MetaDocument {
  return workspace.get<MetaDocument>(metaKey) ?? { logTime: 0, toldUntil: 0 };
}

function readAlerts(record: LogRecord): ReturnType<StateFold<AlertsInput>['read']> {
  if (record.value === null) return { skipped: 'tombstone' };
  const { value, fault } = readJson(record.value);
  if (fault !== undefined) return { rejection: { record, ...fault } };
  const parsed = alertsRecordSchema.safeParse(value);
  if (parsed.success) return { input: { record, content: parsed.data } };
  return { rejection: { record, code: 'schema', message: parsed.error.issues[0]?.message ?? 'no record of alerts' } };
}

/** Of the alerts in the chunk, and of those whose snooze ends in it. */
function keysOf(inputs: readonly AlertsInput[], receivers: readonly Receiver[], workspace: StateWorkspace): string[] {
  const arrived = inputs.flatMap(({ content }) => (content.type === 'alert' ? [content.id] : []));
  const reminded = workspace
    .due(logTimeAfter(inputs, metaOf(workspace).logTime))
    .filter(isSnoozeKey)
    .flatMap((key) => workspace.get<SnoozeDocument>(key)?.alert.id ?? []);
  const perAlert = (id: string) => [decidedKey(id), snoozeKey(id), ...receivers.map((one) => waitingKey(one.id, id))];
  return [...new Set([metaKey, ...[...arrived, ...reminded].flatMap(perAlert)])];
}

function foldOne(
  { record, content }: AlertsInput,
  meta: MetaDocument,
  receivers: readonly Receiver[],
  workspace: StateWorkspace,
): void {
  meta.logTime = Math.max(meta.logTime, record.time);
  const telling = { record, meta, receivers, workspace };
  if (content.type === 'tick') endSnoozes(telling);
  else takeTransition(content, telling);
}

type Telling = {
  readonly record: LogRecord;
  readonly meta: MetaDocument;
  readonly receivers: readonly Receiver[];
  readonly workspace: StateWorkspace;
};

function takeTransition(alert: AlertRecord, telling: Telling): void {
  const { workspace } = telling;
  const key = decidedKey(alert.id);
  const known = workspace.get<DecidedDocument>(key) ?? { sequence: 0 };
  tell({ kind: 'transition', alert }, known, telling);
  if (alert.sequence <= known.sequence) return;
  workspace.put(key, { ...known, sequence: alert.sequence });
  remember(alert, telling);
}

/** Whoever snoozed an alert is reminded of its newest record, unless it has ended or got worse again, which is told. */
function remember(alert: AlertRecord, { workspace, meta }: Telling): void {
  const key = snoozeKey(alert.id);
  const held = workspace.get<SnoozeDocument>(key);
  const until = snoozedUntil(alert) ?? held?.until ?? 0;
  const isSnoozed = until > meta.logTime;
  if (alert.state === 'open' && (isSnoozed || (held !== undefined && alert.reason !== 'worsened')))
    workspace.put(key, { alert, until }, until);
  else if (held !== undefined) workspace.put(key, null);
}

function endSnoozes(telling: Telling): void {
  const { workspace, meta } = telling;
  for (const key of workspace.due(meta.logTime).filter(isSnoozeKey)) {
    const { alert } = workspace.get<SnoozeDocument>(key)!;
    workspace.put(key, null);
    tell(
      { kind: 'snooze-ended', alert },
      workspace.get<DecidedDocument>(decidedKey(alert.id)) ?? { sequence: 0 },
      telling,
    );
  }
}

function tell(occasion: Occasion, known: DecidedDocument, { record, meta, receivers, workspace }: Telling): void {
  const { alert, kind } = occasion;
  const name = occasionName(alert.sequence, kind === 'snooze-ended');
  const { topic, partition, offset } = record;
  for (const [index, receiver] of receivers.entries()) {
    if (receiver.stages !== null && !receiver.stages.has(alert.stage)) continue;
    const isRecorded = known.recorded?.[receiver.id]?.includes(name) ?? false;
    const now = Math.max(meta.logTime, meta.toldUntil);
    const { action, reason } = decideDelivery(occasion, { sequence: known.sequence, isRecorded }, now);
    workspace.count(`${action}-${reason}`);
    const origin = { topic, partition, offset, index };
    const at = occasionTime(occasion);
    if (action === 'deliver') wait(receiver.id, { alert, news: reason, at, since: meta.logTime, origin }, workspace);
    else if (reason !== 'already-delivered') {
      const outcome = { alert, receiver: receiver.id, outcome: 'skipped', reason, origin } as const;
      workspace.emit(deliveryOutput(outcome, meta.logTime));
    }
  }
}

/** Behind what the receiver has not taken yet of the same alert. */
function wait(receiver: string, message: WaitingDocument['messages'][number], workspace: StateWorkspace): void {
  const key = waitingKey(receiver, message.alert.id);
  const held = workspace.get<WaitingDocument>(key) ?? { receiver, messages: [], attempts: 0, due: message.since };
  held.messages.push(message);
  workspace.put(key, held, held.due);
}
