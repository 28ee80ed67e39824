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
  type VoteChange,
  voteLevels,
} from '@gapwatch/contracts';
import {
  acceptLevel,
  closeHour,
  correctHour,
  type Decision,
  type DetectorSettings,
  defaultSettings,
  describeStage,
  type HourVotes,
  newTenant,
  type StageDescription,
  type StageState,
  type Tenant,
} from '../change/index.ts';
import { dayMs, hourMs } from '../friction/time.ts';
import type { Workspace } from '../workspace.ts';
import { believe } from './claims.ts';
import { alertOutput, foldCommand } from './commands.ts';
import { factsOf, targetOf } from './facts.ts';
import { type Agreement, type Closing, hear, newAgreement, nextClosing, takeClaims, takeWaiting } from './hours.ts';
import { alertKey, detectorKey, mixKey, noteKey, stageKey } from './keys.ts';
import { foldMix, type MixDocument, rebaseMix } from './mix.ts';
import { extendHistory, type HistoryEntry } from './people.ts';
import { closeRebuilt } from './rebuilt.ts';
import { type AlertContext, alertOf, figuresOf, type GapFigures } from './record.ts';

export type FrictionInput = { readonly record: LogRecord; readonly content: FrictionRecord };

/** What the detector knows beside its stages. */
export type DetectorMeta = {
  agreement: Agreement;
  tenant: Tenant;
  configuration: string;
  alerts: AlertSettings;
  /** T by stage, as the configuration has it */
  targets: Record<string, number>;
  /** last offset and index folded of each partition that friction came from */
  origins: Record<string, readonly [offset: number, index: number]>;
  /** open alerts whose episode a rebuild did not find again: the next hour closes them */
  closing?: string[];
};

/** One stage: the detector's state, what it says to people, and the newest alert. */
export type StageDocument = {
  state: StageState;
  describe: StageDescription;
  alert: string | null;
  /** the alert that the open one goes on from */
  escalated?: string;
};

/** An alert as the console shows it. */
export type AlertDocument = {
  record: AlertRecord;
  /** what the gap was when the evidence was strongest */
  strongest: GapFigures;
  history: HistoryEntry[];
};

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
  const { agreement, closing = [] } = workspace.get<DetectorMeta>(detectorKey) ?? {};
  for (const id of closing) need(alertKey(id));
  const { waiting = {}, claims = {} } = agreement ?? {};
  const told = inputs.flatMap(({ content }) =>
    content.type === 'hour' ? [...content.votes, ...(content.beliefs ?? [])] : [],
  );
  for (const { stage } of [...Object.values(waiting).flat(), ...Object.values(claims).flat(), ...told]) {
    const key = stageKey(stage);
    need(key);
    need(mixKey(stage));
    const alert = workspace.get<StageDocument>(key)?.alert;
    if (alert) need(alertKey(alert));
  }
  for (const { content } of inputs) {
    if (content.type !== 'command') continue;
    const key = alertKey(content.command.alert);
    need(key);
    const alert = workspace.get<AlertDocument>(key);
    if (alert !== undefined) need(stageKey(alert.record.stage));
  }
  return [...needed];
}

/** Folds records of `friction` in their order. */
export function foldFriction(inputs: readonly FrictionInput[], workspace: Workspace): void {
  const meta = { ...newMeta(), ...workspace.get<DetectorMeta>(detectorKey) };
  for (const { record, content } of inputs) {
    if (content.type === 'configuration') configure(meta, content.hash, content.configuration);
    else if (content.type === 'hour') {
      if (isRepeated(meta, content.origin)) continue;
      hear(meta.agreement, content, record.time);
    } else if (content.type === 'note') {
      workspace.put(noteKey(content.note), content.note);
      continue;
    } else if (content.type === 'command') {
      // closes no hour: its record has one output at most
      if (isRepeated(meta, content.origin)) continue;
      const accept = (alert: AlertRecord) => acceptStage(meta, alert, record, workspace);
      foldCommand({ record, command: content.command }, { workspace, accept });
      continue;
    }
    const closing = nextClosing(meta.agreement, record.time);
    if (closing !== null) close(meta, closing, record, workspace);
  }
  workspace.put(detectorKey, meta);
}

function newMeta(): DetectorMeta {
  const { alerts } = configurationSchema.parse({});
  return { agreement: newAgreement(), tenant: newTenant(), configuration: '', alerts, targets: {}, origins: {} };
}

function configure(meta: DetectorMeta, hash: string, configuration: unknown): void {
  meta.configuration = hash;
  const { alerts, stages = [] } = configurationSchema.parse(configuration);
  meta.alerts = alerts;
  meta.targets = Object.fromEntries(stages.flatMap(({ id, target }) => (target === undefined ? [] : [[id, target]])));
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
  let claims = takeClaims(meta.agreement, closing);
  const changes = takeWaiting(meta.agreement, closing);
  const byHour = groupByHour(changes);
  const stages = loadStages([...changes, ...claims.flatMap(([, told]) => told)], workspace);
  const decisions: Decision[] = [];
  // votes that became known late bet in the next hour that closes, even when nobody spoke in it
  for (const hour of [...new Set([...byHour.keys(), closing.upTo - 1])].sort((one, other) => one - other)) {
    for (const [known, told] of claims.filter(([known]) => known <= hour)) believe(known, told, stages);
    claims = claims.filter(([known]) => known > hour);
    const votes = byHour.get(hour) ?? [];
    const heard = votes.filter(({ backfill }) => !backfill);
    if (hour >= closing.from) decisions.push(...closeHour(meta.tenant, stages, hour, heard, settings));
    else correctHour(meta.tenant, stages, hour, heard, settings);
    const history = votes.filter(({ backfill }) => backfill);
    correctHour(meta.tenant, stages, hour, history, settings, true);
  }
  const context = contextOf(meta, Math.max(closing.at, closing.upTo * hourMs), record);
  const closed = closeRebuilt(meta, context, workspace);
  storeStages(stages, closing.upTo, context, workspace);
  foldMix(changes, stages, workspace);
  decisions.forEach((decision, index) => {
    announceAlert(decision, closed + index, context, workspace);
  });
}

function contextOf(meta: DetectorMeta, at: number, record: LogRecord): AlertContext {
  return { at, settings: meta.alerts, configuration: meta.configuration, targets: meta.targets, record };
}

/** Takes the level of an open alert for the new baseline: its episode is over. False where it has no episode. */
function acceptStage(meta: DetectorMeta, alert: AlertRecord, record: LogRecord, workspace: Workspace): boolean {
  const stage = workspace.get<StageDocument>(stageKey(alert.stage));
  if (stage?.alert !== alert.id) return false;
  const decision = acceptLevel(stage.state, Math.max(stage.state.hour, meta.agreement.closed - 1));
  if (decision === null) return false;
  const context = contextOf(meta, Math.max(record.time, Date.parse(alert.at)), record);
  storeStages(new Map([[alert.stage, stage.state]]), meta.agreement.closed, context, workspace);
  announceAlert(decision, 0, context, workspace);
  return true;
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

function loadStages(told: readonly { readonly stage: string }[], workspace: Workspace): Map<string, StageState> {
  const stages = new Map<string, StageState>();
  for (const { stage } of told) {
    const stored = workspace.get<StageDocument>(stageKey(stage));
    if (stored !== undefined && !stages.has(stage)) stages.set(stage, stored.state);
  }
  return stages;
}

function storeStages(
  stages: ReadonlyMap<string, StageState>,
  hour: number,
  context: AlertContext,
  workspace: Workspace,
): void {
  for (const [stage, state] of stages) {
    const alert = workspace.get<StageDocument>(stageKey(stage))?.alert ?? null;
    const describe = describeStage(state, hour, targetOf(state, context));
    workspace.put(stageKey(stage), { state, describe, alert } satisfies StageDocument);
  }
}

/** Writes the next record of the episode, or of an improvement, and keeps the alert for readers. */
function announceAlert(decided: Decision, index: number, context: AlertContext, workspace: Workspace): void {
  const stage = workspace.get<StageDocument>(stageKey(decided.stage));
  if (stage === undefined) throw new Error(`stage ${decided.stage} decided without a state`);
  const decision = toTell(decided, stage);
  if (decision === null) {
    workspace.count('alert-found-in-history');
    return;
  }
  const isNew = decision.kind === 'open' || decision.kind === 'improved';
  const before = isNew || stage.alert === null ? undefined : workspace.get<AlertDocument>(alertKey(stage.alert));
  const facts = factsOf(decision, stage, context, workspace);
  const alert = alertOf(decision, index, before ?? null, context, facts);
  const figures = figuresOf(decision, facts);
  const { id, sequence, event, at, reason } = alert;
  const { size, evidence } = figures;
  const entry = { sequence, event, at, size, evidence: evidence.value, reason };
  const history = extendHistory(before?.history ?? [], entry);
  const isStronger = before === undefined || evidence.value > before.strongest.evidence.value;
  const strongest = isStronger ? figures : before.strongest;
  workspace.put(alertKey(id), { record: alert, strongest, history } satisfies AlertDocument);
  if (decision.kind !== 'improved') follow(stage, alert, workspace);
  workspace.count(alert.reversed ? 'alert-reversed' : `alert-${event}`);
  workspace.emit(alertOutput(alert));
}

/** The stage knows its open alert, what the next one goes on from, and who is heard in its new normal. */
function follow(stage: StageDocument, { id, state, outcome, onset, stage: name }: AlertRecord, workspace: Workspace) {
  workspace.put(stageKey(name), {
    ...stage,
    alert: state === 'open' ? id : null,
    ...(outcome === 'escalated' && { escalated: id }),
  } satisfies StageDocument);
  const mix = outcome === 'rebased' ? workspace.get<MixDocument>(mixKey(name)) : undefined;
  if (mix === undefined) return;
  rebaseMix(mix, Math.floor(Date.parse(onset) / dayMs));
  workspace.put(mixKey(name), mix);
}

/** An episode that was found in history has no alert: it is news once it worsens, and opens one then. */
function toTell(decision: Decision, { alert }: StageDocument): Decision | null {
  if (alert !== null || (decision.kind !== 'update' && decision.kind !== 'close')) return decision;
  return decision.reason === 'worsened' ? { ...decision, kind: 'open' } : null;
}
