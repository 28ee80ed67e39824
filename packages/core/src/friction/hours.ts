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

/** Changes in one record: keeps a record far below its limit of 1 MiB. */
const changesPerRecord = 2_000;
const claimsPerRecord = 500;

/**
 * Emits the votes of hours that are over: at the tick that closes an hour always, at others where a closed hour changed.
 * Claims of the company go along at the tick that closes an hour.
 */
export function emitHours(record: LogRecord, meta: PartitionMeta, workspace: Workspace): void {
  const upTo = hourOf(meta.logTime);
  const closes = upTo > meta.upTo;
  const votes = takeClosed(meta, upTo);
  if (!closes && votes.length === 0) return;
  const beliefs = closes ? takeBeliefs(meta) : [];
  const parts = Math.max(1, Math.ceil(votes.length / changesPerRecord), Math.ceil(beliefs.length / claimsPerRecord));
  for (let part = 0; part < parts; part += 1) {
    const isLast = part === parts - 1;
    const changes = { votes: partOf(votes, part, changesPerRecord), beliefs: partOf(beliefs, part, claimsPerRecord) };
    workspace.emit(frictionOutput(record, meta, workspace, part, isLast ? upTo : meta.upTo, changes));
  }
  meta.upTo = upTo;
}

type Changes = { readonly votes: VoteChange[]; readonly beliefs: BeliefChange[] };

function partOf<T>(changes: readonly T[], part: number, perRecord: number): T[] {
  return changes.slice(part * perRecord, (part + 1) * perRecord);
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
