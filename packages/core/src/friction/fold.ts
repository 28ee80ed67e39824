// The aggregator's fold: one partition of `signals` into windows, votes and the ledger of what can still change.
// Guarantee: the same records in the same order give the same state; duplicates, shuffles and late versions end in the
// state of the clean input. It reads no clock: log time is the highest record time seen.
import {
  type AcceptedSignal,
  type Configuration,
  type ConfigurationRecord,
  configurationSchema,
  durationMs,
  type LogRecord,
  type Origin,
  type SignalsRecord,
  type Supersede,
  type TaggedSignal,
  unknownStage,
} from '@gapwatch/contracts';
import { needClaim, recordBelief, retractBelief } from '../gap/beliefs.ts';
import { decideOutcome, isSuperseded, type Outcome } from '../ledger/decide.ts';
import {
  type Held,
  type Holder,
  heldUntil,
  holderKey,
  indexKey,
  roleOf,
  type SubjectIndex,
  subjectKey,
} from '../ledger/held.ts';
import { saidOf } from '../ledger/said.ts';
import type { Workspace } from '../workspace.ts';
import { changeHolder, isSettled, reviewHolder, touchHeld } from './holders.ts';
import { emitHours } from './hours.ts';
import { metaKey, metaOf, type PartitionMeta } from './meta.ts';
import { dayMs } from './time.ts';

/** One record of `signals` with its place, after parsing. */
export type SignalsInput = { readonly record: LogRecord; readonly content: SignalsRecord };

/** Keys of documents that the fold of these records will look at and that were not loaded yet. Ask again until empty. */
export function documentsNeeded(inputs: readonly SignalsInput[], workspace: Workspace): string[] {
  const needed = new Set<string>();
  const need = (key: string) => {
    if (!workspace.loaded(key)) needed.add(key);
  };
  need(metaKey);
  for (const { content } of inputs) {
    if (content.type === 'signal') {
      const id = subjectKey(content.signal.source, content.signal.subject);
      needSubject(id, workspace, need);
      need(holderKey(content.signal.customer, id));
      if (content.run !== undefined) need(runKey(content.run));
      const { kind, op, stage = '' } = content.signal;
      if (kind === 'belief' || op === 'delete')
        needClaim(content.signal, op === 'delete' ? null : stage, workspace, need);
    } else if (content.type === 'supersede') {
      needSubject(subjectKey(content.source, content.subject), workspace, need);
      needClaim(content, null, workspace, need);
    }
  }
  return [...needed];
}

function needSubject(id: string, workspace: Workspace, need: (key: string) => void): void {
  const key = indexKey(id);
  need(key);
  const holder = workspace.get<SubjectIndex>(key)?.holder;
  if (holder) need(holder);
}

/** Folds records of one partition, in their order. */
export function foldSignals(inputs: readonly SignalsInput[], workspace: Workspace): void {
  const meta = metaOf(workspace.get<PartitionMeta>(metaKey));
  for (const { record, content } of inputs) {
    if (record.time > meta.logTime) meta.logTime = record.time;
    if ('origin' in content && isRepeatedOutput(meta, content.origin)) continue;
    if (content.type === 'signal') foldSignal(record, content, meta, workspace);
    else if (content.type === 'supersede') foldSupersede(content, meta, workspace);
    else if (content.type === 'configuration') foldConfiguration(content, meta);
    else foldTick(record, meta, workspace);
  }
  workspace.put(metaKey, meta);
}

/** Whether an output with this origin, or a later one of the same place, was folded already. Remembers it if not. */
function isRepeatedOutput(meta: PartitionMeta, origin: Origin): boolean {
  const place = `${origin.topic}/${origin.partition}`;
  const last = meta.origins[place];
  if (last !== undefined && (origin.offset < last[0] || (origin.offset === last[0] && origin.index <= last[1]))) {
    return true;
  }
  meta.origins[place] = [origin.offset, origin.index];
  return false;
}

function foldConfiguration(content: ConfigurationRecord, meta: PartitionMeta): void {
  const configuration = configurationSchema.parse(content.configuration);
  meta.configuration = content.hash;
  meta.latenessMs = durationMs(configuration.lateness);
  meta.segments = configuration.segments;
  meta.replies = repliesOf(configuration);
}

/** Of several promises of a stage the shortest holds. */
function repliesOf({ stages = [] }: Configuration): Record<string, number> {
  const promised = stages.flatMap(({ id, promises = [] }) =>
    promises.map(({ within }) => [id, durationMs(within)] as const),
  );
  return Object.fromEntries(promised.sort(([, one], [, other]) => other - one));
}

function foldSignal(record: LogRecord, content: TaggedSignal, meta: PartitionMeta, workspace: Workspace): void {
  const id = subjectKey(content.signal.source, content.signal.subject);
  const key = indexKey(id);
  const index = workspace.get<SubjectIndex>(key);
  const held = findHeld(id, index, meta, workspace);
  const holder = holderKey(content.signal.customer, id);
  const outcome = decideOutcome(content, { index, held, holder }, meta.logTime, meta.latenessMs);
  account(outcome, content.run, meta, workspace);
  if (outcome === 'in-the-future') {
    const message = `occurredAt ${content.signal.occurredAt} is more than a day ahead of the log: correct the clock or the zone of the source`;
    workspace.reject({ record, code: outcome, message });
  }
  if (outcome !== 'accepted') return;
  if (content.signal.op === 'delete') {
    retract(id, content.signal.version, 'delete', meta, workspace);
    retractBelief(content.signal, content.signal, meta.beliefs, workspace);
    return;
  }
  hold({ id, key, index, holder }, content, held, meta, workspace);
  if (content.signal.kind === 'belief') recordBelief(content.signal as AcceptedSignal, meta.beliefs, workspace);
}

/** The statement that is held of a subject and can still change. */
function findHeld(
  id: string,
  index: SubjectIndex | undefined,
  meta: PartitionMeta,
  workspace: Workspace,
): Held | undefined {
  if (!index?.holder || heldUntil(index.touched, meta.latenessMs) < meta.logTime) return undefined;
  return workspace.get<Holder>(index.holder)?.held.findLast((held) => held.id === id && held.role !== 'found');
}

function account(outcome: Outcome, run: string | undefined, meta: PartitionMeta, workspace: Workspace): void {
  workspace.count(outcome);
  if (run === undefined) return;
  const key = runKey(run);
  const counts = workspace.get<Record<string, number>>(key) ?? {};
  counts[outcome] = (counts[outcome] ?? 0) + 1;
  workspace.put(key, counts, meta.logTime + dayMs);
}

/** The document in which the outcomes of one run of `ingest` are counted; kept for a day of log time. */
export function runKey(run: string): string {
  return `run|${run}`;
}

/** A subject with the keys of its documents, each made once: a text that was looked up by is found faster again. */
type Subject = {
  readonly id: string;
  readonly key: string;
  readonly index: SubjectIndex | undefined;
  /** key of the holder that it comes to */
  readonly holder: string;
};

/** Puts a statement in the place of the version that was held. */
function hold(
  { id, key, index, holder }: Subject,
  content: TaggedSignal,
  old: Held | undefined,
  meta: PartitionMeta,
  workspace: Workspace,
): void {
  const added = heldOf(id, holder, content, meta, workspace);
  if (old !== undefined && index?.holder !== holder) {
    changeHolder(index?.holder ?? '', old, undefined, meta, workspace);
    changeHolder(holder, undefined, added, meta, workspace, content.signal.customer);
  } else {
    changeHolder(holder, old, added, meta, workspace, content.signal.customer);
  }
  const marker = index?.marker && heldUntil(index.touched, meta.latenessMs) >= meta.logTime ? index.marker : undefined;
  putIndex(key, { holder, touched: meta.logTime, ...(marker && { marker }) }, meta, workspace);
}

function heldOf(id: string, holder: string, content: TaggedSignal, meta: PartitionMeta, workspace: Workspace): Held {
  const { signal } = content;
  const at = Date.parse(signal.occurredAt);
  const stage = signal.stage ?? unknownStage;
  const said = saidOf(content, Object.hasOwn(meta.replies, stage) ? meta.replies[stage] : undefined);
  const isFollowed = said !== undefined && !isSettled(holder, at, meta, workspace);
  return {
    id,
    version: signal.version ?? 0,
    content: content.content,
    role: roleOf(signal),
    at,
    touched: meta.logTime,
    stage,
    segments: segmentsOf(signal.segment, meta.segments),
    friction: content.friction,
    source: signal.source,
    ...(signal.contact !== undefined && { contact: signal.contact }),
    ...(content.backfill && { backfill: true as const }),
    ...(isFollowed && { said }),
  };
}

function segmentsOf(segment: Readonly<Record<string, string>> | undefined, watched: readonly string[]): string[] {
  if (segment === undefined || watched.length === 0) return [];
  return watched.flatMap((dimension) => {
    const value = Object.hasOwn(segment, dimension) ? segment[dimension] : undefined;
    return value === undefined ? [] : [`${dimension}:${value}`];
  });
}

function foldSupersede(content: Supersede, meta: PartitionMeta, workspace: Workspace): void {
  const id = subjectKey(content.source, content.subject);
  retract(id, content.version, content.op, meta, workspace);
  retractBelief(content, content, meta.beliefs, workspace);
}

/** Takes out what is held in versions that no longer count, and leaves a marker for those still to come. */
function retract(
  id: string,
  version: number | null,
  op: 'upsert' | 'delete',
  meta: PartitionMeta,
  workspace: Workspace,
): void {
  const key = indexKey(id);
  const index = workspace.get<SubjectIndex>(key);
  const known = index !== undefined && heldUntil(index.touched, meta.latenessMs) >= meta.logTime;
  const held = findHeld(id, index, meta, workspace);
  const marker = strongest(known ? index?.marker : undefined, { version, op });
  const next: SubjectIndex = { holder: known ? (index?.holder ?? null) : null, touched: meta.logTime, marker };
  if (held !== undefined && index?.holder && isSuperseded(held.version, next)) {
    changeHolder(index.holder, held, undefined, meta, workspace);
    next.holder = null;
  } else if (held !== undefined && index?.holder) touchHeld(index.holder, held, meta, workspace);
  putIndex(key, next, meta, workspace);
}

type Marker = NonNullable<SubjectIndex['marker']>;

/** The marker that covers more versions; of the same version a delete covers more than an upsert. */
function strongest(one: Marker | undefined, other: Marker): Marker {
  if (one === undefined || other.version === null) return other;
  if (one.version === null || one.version > other.version) return one;
  return one.version === other.version && one.op === 'delete' ? one : other;
}

function putIndex(key: string, index: SubjectIndex, meta: PartitionMeta, workspace: Workspace): void {
  workspace.put(key, index, heldUntil(index.touched, meta.latenessMs) + 1);
}

/** Lets go of what nothing can change any more, and closes the hours that log time has passed. */
function foldTick(record: LogRecord, meta: PartitionMeta, workspace: Workspace): void {
  meta.tickedAt = meta.logTime;
  for (const key of workspace.due(meta.logTime)) {
    if (!key.startsWith('c|') && !key.startsWith('s|')) {
      workspace.put(key, null);
      continue;
    }
    reviewHolder(key, meta, workspace);
  }
  emitHours(record, meta, workspace);
}
