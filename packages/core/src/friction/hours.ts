// Hours close by agreement: at the tick that passes an hour, a partition says what it knows of it, even when that is nothing.
import {
  type BeliefChange,
  type FrictionHour,
  type LogRecord,
  schemaVersions,
  topicNames,
  type VoteChange,
} from '@gapwatch/contracts';
import type { Workspace } from '../workspace.ts';
import type { PartitionMeta } from './meta.ts';
import { hourOf } from './time.ts';
import { parseVoteKey } from './votes.ts';

/** Votes of one record, and claims: however long their names are, it stays far below its limit. */
const charactersPerRecord = 250_000;

/**
 * Emits the votes of hours that are over: at the tick that closes an hour always, at others where a closed hour changed.
 * Claims of the company go along at the tick that closes an hour.
 */
export function emitHours(record: LogRecord, meta: PartitionMeta, workspace: Workspace): void {
  const upTo = hourOf(meta.logTime);
  const closes = upTo > meta.upTo;
  const votes = takeClosed(meta, upTo);
  if (!closes && votes.length === 0) return;
  const votesByPart = partsOf(votes);
  const beliefsByPart = closes ? partsOf(takeBeliefs(meta)) : [];
  const parts = Math.max(1, votesByPart.length, beliefsByPart.length);
  for (let part = 0; part < parts; part += 1) {
    const isLast = part === parts - 1;
    const changes = { votes: votesByPart[part] ?? [], beliefs: beliefsByPart[part] ?? [] };
    workspace.emit(frictionOutput(record, meta, workspace, part, isLast ? upTo : meta.upTo, changes));
  }
  meta.upTo = upTo;
}

/** Whether the next tick tells something even where nothing is due. */
export function hasNews({ pending, beliefs }: PartitionMeta): boolean {
  for (const _ in pending) return true;
  for (const _ in beliefs) return true;
  return false;
}

type Changes = { readonly votes: VoteChange[]; readonly beliefs: BeliefChange[] };

/** In their order, each part as long as a record has room for. */
function partsOf<T extends object>(changes: readonly T[]): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let room = 0;
  for (const change of changes) {
    const { length } = JSON.stringify(change);
    if (length > room) {
      part = [];
      parts.push(part);
      room = charactersPerRecord;
    }
    part.push(change);
    room -= length;
  }
  return parts;
}

function takeBeliefs(meta: PartitionMeta): BeliefChange[] {
  const changes = Object.keys(meta.beliefs)
    .sort()
    .flatMap((key) => meta.beliefs[key] ?? []);
  meta.beliefs = {};
  return changes;
}

/** Takes the pending votes of hours before `upTo` out, in a fixed order. */
function takeClosed(meta: PartitionMeta, upTo: number): VoteChange[] {
  const votes: VoteChange[] = [];
  for (const key of Object.keys(meta.pending).sort()) {
    const { hour, stage, segment, source, backfill } = parseVoteKey(key);
    if (hour >= upTo) continue;
    const levels = [...(meta.pending[key] ?? []).entries()].filter(([, change]) => change !== 0);
    delete meta.pending[key];
    if (levels.length === 0) continue;
    votes.push({ hour, stage, segment: segment || null, source, levels, ...(backfill && { backfill: true as const }) });
  }
  return votes;
}

function frictionOutput(
  record: LogRecord,
  meta: PartitionMeta,
  workspace: Workspace,
  index: number,
  upTo: number,
  { votes, beliefs }: Changes,
) {
  const hour: FrictionHour = {
    type: 'hour',
    origin: { topic: record.topic, partition: record.partition, offset: record.offset, index },
    partition: workspace.partition,
    partitions: workspace.partitions,
    upTo,
    at: new Date(meta.logTime).toISOString(),
    votes,
    ...(beliefs.length > 0 && { beliefs }),
  };
  return {
    topic: topicNames.friction,
    key: null,
    partition: 0,
    value: JSON.stringify(hour),
    headers: { schema: schemaVersions.friction },
  };
}
