// The detector's fold: `friction` into evidence, and evidence into the records of `alerts`.
// Guarantee: the same friction gives the same alerts, ids and sequences, whatever the order in which partitions spoke.
import {
  type AlertRecord,
  type AlertSettings,
  configurationSchema,
  type FrictionRecord,
  frictionRecordSchema,
  type LogRecord,
  type Rejection,
  readJson,
  schemaVersions,
  topicNames,
  type VoteChange,
  voteLevels,
} from '@gapwatch/contracts';
import {
  closeHour,
  correctHour,
  type Decision,
  type DetectorSettings,
  defaultSettings,
  describeStage,
  type HourVotes,
  newTenant,
  type StageState,
  type Tenant,
} from '../change/index.ts';
import { hourMs } from '../friction/time.ts';
import type { Workspace } from '../workspace.ts';
import { type Agreement, type Closing, hear, newAgreement, nextClosing, takeWaiting } from './hours.ts';
import { type AlertContext, alertOf, figuresOf, type GapFigures } from './record.ts';

export type FrictionInput = { readonly record: LogRecord; readonly content: FrictionRecord };

export const detectorKey = 'detector';

/** What the detector knows beside its stages. */
export type DetectorMeta = {
  agreement: Agreement;
  tenant: Tenant;
  configuration: string;
  alerts: AlertSettings;
  /** last offset and index folded of each partition that friction came from */
  origins: Record<string, readonly [offset: number, index: number]>;
};

/** One stage: the detector's state, what it says to people, and the newest alert. */
export type StageDocument = { state: StageState; describe: object; alert: string | null };

/** An alert as the console shows it. */
export type AlertDocument = {
  record: AlertRecord;
  /** what the gap was when the evidence was strongest */
  strongest: GapFigures;
  history: { sequence: number; event: AlertRecord['event']; at: string; size: number; evidence: number }[];
};

export function stageKey(stage: string): string {
  return `stage|${stage}`;
}

export function alertKey(id: string): string {
  return `alert|${id}`;
}

const decoder = new TextDecoder();

/** Parses a record of `friction`; our own are known by their header. */
export function readFriction(
  record: LogRecord,
): { input: FrictionInput } | { rejection: Rejection } | { skipped: string } {
  if (record.value === null) return { skipped: 'tombstone' };
  if (record.headers.schema === schemaVersions.friction) {
    return { input: { record, content: JSON.parse(decoder.decode(record.value)) as FrictionRecord } };
  }
  const { value, fault } = readJson(record.value);
  if (fault !== undefined) return { rejection: { record, ...fault } };
  const parsed = frictionRecordSchema.safeParse(value);
  if (parsed.success) return { input: { record, content: parsed.data } };
  return { rejection: { record, code: 'schema', message: parsed.error.issues[0]?.message ?? 'not a friction record' } };
}

/** Keys that the fold will look at and that were not loaded yet; asked until empty. */
export function frictionDocuments(inputs: readonly FrictionInput[], workspace: Workspace): string[] {
  const needed = new Set<string>();
  const need = (key: string) => {
    if (!workspace.loaded(key)) needed.add(key);
  };
  need(detectorKey);
  const waiting = workspace.get<DetectorMeta>(detectorKey)?.agreement.waiting ?? {};
  const votes = [
    ...Object.values(waiting).flat(),
    ...inputs.flatMap(({ content }) => (content.type === 'hour' ? content.votes : [])),
  ];
  for (const vote of votes) {
    const key = stageKey(vote.stage);
    need(key);
    const alert = workspace.get<StageDocument>(key)?.alert;
    if (alert) need(alertKey(alert));
  }
  return [...needed];
}

/** Folds records of `friction` in their order. */
export function foldFriction(inputs: readonly FrictionInput[], workspace: Workspace): void {
  const meta = workspace.get<DetectorMeta>(detectorKey) ?? newMeta();
  for (const { record, content } of inputs) {
    if (content.type === 'configuration') configure(meta, content.hash, content.configuration);
    else if (content.type === 'hour') {
      if (isRepeated(meta, content.origin)) continue;
      hear(meta.agreement, content, record.time);
    }
    const closing = nextClosing(meta.agreement, record.time);
    if (closing !== null) close(meta, closing, record, workspace);
  }
  workspace.put(detectorKey, meta);
}

function newMeta(): DetectorMeta {
  const { alerts } = configurationSchema.parse({});
  return { agreement: newAgreement(), tenant: newTenant(), configuration: '', alerts, origins: {} };
}

function configure(meta: DetectorMeta, hash: string, configuration: unknown): void {
  meta.configuration = hash;
  meta.alerts = configurationSchema.parse(configuration).alerts;
}

function isRepeated(meta: DetectorMeta, origin: { topic: string; partition: number; offset: number; index: number }) {
  const place = `${origin.topic}/${origin.partition}`;
  const last = meta.origins[place];
  if (last !== undefined && (origin.offset < last[0] || (origin.offset === last[0] && origin.index <= last[1]))) {
    return true;
  }
  meta.origins[place] = [origin.offset, origin.index];
  return false;
}

function settingsOf({ falseAlarms, ignoreBelow }: AlertSettings): DetectorSettings {
  const budgetDays = falseAlarms.perDays / falseAlarms.count;
  return { ...defaultSettings, budgetDays, ignoreBelow, strict: budgetDays > 90 };
}

/** Closes hours: first what corrects the past, then each hour in turn. */
function close(meta: DetectorMeta, closing: Closing, record: LogRecord, workspace: Workspace): void {
  const settings = settingsOf(meta.alerts);
  const byHour = groupByHour(takeWaiting(meta.agreement, closing));
  const stages = loadStages(byHour, workspace);
  const decisions: Decision[] = [];
  for (const hour of [...byHour.keys()].sort((one, other) => one - other)) {
    const votes = byHour.get(hour) ?? [];
    const isNew = hour >= closing.from && votes.every(({ backfill }) => !backfill);
    if (isNew) decisions.push(...closeHour(meta.tenant, stages, hour, votes, settings));
    else correctHour(meta.tenant, stages, hour, votes, settings);
  }
  // votes that became known late bet in the next hour that closes, even when nobody spoke in it
  if (!byHour.has(closing.upTo - 1)) decisions.push(...closeHour(meta.tenant, stages, closing.upTo - 1, [], settings));
  const context: AlertContext = {
    at: Math.max(closing.at, closing.upTo * hourMs),
    settings: meta.alerts,
    configuration: meta.configuration,
    record,
  };
  storeStages(stages, closing.upTo, workspace);
  decisions.forEach((decision, index) => {
    if (decision.kind !== 'improved') announceAlert(decision, index, context, workspace);
  });
}

type Votes = HourVotes & { readonly backfill?: true };

function groupByHour(changes: readonly VoteChange[]): Map<number, Votes[]> {
  const byHour = new Map<number, Votes[]>();
  for (const { hour, stage, segment, source, levels, backfill } of changes) {
    if (segment !== null) continue;
    const counts = new Array<number>(voteLevels).fill(0);
    for (const [level, change] of levels) counts[level] = (counts[level] ?? 0) + change;
    const vote: Votes = { stage, segment, source, levels: counts, ...(backfill && { backfill }) };
    const votes = byHour.get(hour);
    if (votes === undefined) byHour.set(hour, [vote]);
    else votes.push(vote);
  }
  return byHour;
}

function loadStages(byHour: ReadonlyMap<number, readonly Votes[]>, workspace: Workspace): Map<string, StageState> {
  const stages = new Map<string, StageState>();
  for (const votes of byHour.values()) {
    for (const { stage } of votes) {
      const stored = workspace.get<StageDocument>(stageKey(stage));
      if (stored !== undefined && !stages.has(stage)) stages.set(stage, stored.state);
    }
  }
  return stages;
}

function storeStages(stages: ReadonlyMap<string, StageState>, hour: number, workspace: Workspace): void {
  for (const [stage, state] of stages) {
    const stored = workspace.get<StageDocument>(stageKey(stage));
    const document: StageDocument = { state, describe: describeStage(state, hour), alert: stored?.alert ?? null };
    workspace.put(stageKey(stage), document);
  }
}

/** Writes the next record of the episode and keeps the alert for readers. */
function announceAlert(decision: Decision, index: number, context: AlertContext, workspace: Workspace): void {
  const stage = workspace.get<StageDocument>(stageKey(decision.stage));
  if (stage === undefined) throw new Error(`stage ${decision.stage} decided without a state`);
  const open = stage.alert === null ? undefined : workspace.get<AlertDocument>(alertKey(stage.alert));
  const before = decision.kind === 'open' ? undefined : open;
  const alert = alertOf(decision, index, before ?? null, context);
  const figures = figuresOf(decision);
  const { id, sequence, event, at } = alert;
  const { size, evidence } = figures;
  const history = [...(before?.history ?? []), { sequence, event, at, size, evidence: evidence.value }];
  const isStronger = before === undefined || evidence.value > before.strongest.evidence.value;
  const strongest = isStronger ? figures : before.strongest;
  workspace.put(alertKey(id), { record: alert, strongest, history } satisfies AlertDocument);
  workspace.put(stageKey(decision.stage), { ...stage, alert: decision.kind === 'close' ? null : id });
  workspace.count(`alert-${event}`);
  workspace.emit({
    topic: topicNames.alerts,
    key: id,
    partition: 0,
    value: JSON.stringify(alert),
    headers: { schema: schemaVersions.alerts },
  });
}
