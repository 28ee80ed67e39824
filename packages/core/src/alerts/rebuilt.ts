// What becomes of alerts when the past is folded again. What was decided stays decided: an alert keeps its id, its
// sequence, what people said of it and its history, and nobody is told again what was told.
//   open before, an episode now   the alert goes on with that episode
//   open before, none now         it stays open until the next hour closes, which closes it as `rebuilt`
//   none before, an episode now   found in history: no alert until it worsens, which opens one
import type { AlertRecord } from '@gapwatch/contracts';
import type { Workspace } from '../workspace.ts';
import { alertOutput } from './commands.ts';
import type { AlertDocument, DetectorMeta, StageDocument } from './fold.ts';
import { alertKey, detectorKey, stageKey } from './keys.ts';
import { extendHistory } from './people.ts';
import type { AlertContext } from './record.ts';

/** All that a detector knows of its stages and alerts, by their names. */
export type Detected = {
  readonly meta: DetectorMeta | null;
  readonly stages: ReadonlyMap<string, StageDocument>;
  readonly alerts: ReadonlyMap<string, AlertDocument>;
};

export type Reconciliation = {
  /** by key; null takes away what the rebuild opened for itself */
  readonly documents: ReadonlyMap<string, object | null>;
  /** ids of alerts that were open and have an episode, and of those that have none any more */
  readonly kept: readonly string[];
  readonly closing: readonly string[];
  /** stages whose episode nobody was told of */
  readonly found: readonly string[];
};

/** `before`: the state in force; `after`: the state that was folded anew, whose alerts nobody has seen. */
export function reconcile(before: Detected, after: Detected): Reconciliation {
  const documents = new Map<string, object | null>();
  for (const id of after.alerts.keys()) documents.set(alertKey(id), null);
  for (const [id, alert] of before.alerts) documents.set(alertKey(id), alert);
  const kept: string[] = [];
  const found: string[] = [];
  for (const [name, { state, describe, alert: episode }] of after.stages) {
    const known = before.stages.get(name);
    const alert = episode === null ? null : (known?.alert ?? null);
    documents.set(stageKey(name), { ...known, state, describe, alert });
    if (alert !== null) kept.push(alert);
    else if (episode !== null) found.push(name);
  }
  const closing = [...before.alerts.values()].flatMap(({ record: { id, state, reversed } }) =>
    state === 'open' && !reversed && !kept.includes(id) ? [id] : [],
  );
  if (after.meta !== null) documents.set(detectorKey, metaOf(before.meta, after.meta, closing));
  return { documents, kept, closing, found };
}

/** Commands were folded before: they are known by the places that the state in force has seen. */
function metaOf(before: DetectorMeta | null, after: DetectorMeta, closing: readonly string[]): DetectorMeta {
  const { origins = {} } = before ?? {};
  return { ...after, origins: { ...after.origins, ...origins }, ...(closing.length > 0 && { closing: [...closing] }) };
}

/** Closes the alerts whose episode the rebuilt past does not show; answers how many outputs it has made. */
export function closeRebuilt(
  meta: DetectorMeta,
  { at: atMs, record: closing }: Pick<AlertContext, 'at' | 'record'>,
  workspace: Workspace,
): number {
  const ids = meta.closing ?? [];
  delete meta.closing;
  const at = new Date(atMs).toISOString();
  const { topic, partition, offset } = closing;
  for (const [index, id] of ids.entries()) {
    const alert = workspace.get<AlertDocument>(alertKey(id));
    if (alert?.record.state !== 'open') continue;
    const record: AlertRecord = {
      ...alert.record,
      ...alert.strongest,
      origin: { topic, partition, offset, index: index },
      sequence: alert.record.sequence + 1,
      event: 'closed',
      at,
      state: 'closed',
      outcome: 'closed',
      closedAt: at,
      reason: 'rebuilt',
    };
    const { sequence, event, size, evidence, reason } = record;
    const entry = { sequence, event, at, size, evidence: evidence.value, reason };
    workspace.put(alertKey(id), { ...alert, record, history: extendHistory(alert.history, entry) });
    workspace.count('alert-closed');
    workspace.emit(alertOutput(record));
  }
  return ids.length;
}
