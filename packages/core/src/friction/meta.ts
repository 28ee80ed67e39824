// What one partition of the aggregator knows beside its customers.
import { durationMs } from '@gapwatch/contracts';
import type { BeliefChanges } from '../gap/beliefs.ts';
import type { VoteChanges } from './votes.ts';

export const metaKey = 'meta';

export type PartitionMeta = {
  /** highest record time seen, milliseconds UTC */
  logTime: number;
  /** log time of the last tick: what is due by then has passed */
  tickedAt: number;
  /** every hour before this one is closed; whole hours since 1970 */
  upTo: number;
  /** hash of the configuration that holds here */
  configuration: string;
  latenessMs: number;
  segments: readonly string[];
  /** how long each stage lets a customer wait for a reply, milliseconds */
  replies: Readonly<Record<string, number>>;
  /** last offset and index folded of each place that outputs were made from */
  origins: Record<string, readonly [offset: number, index: number]>;
  /** votes that no friction record carried yet */
  pending: VoteChanges;
  /** claims of the company that changed and that no friction record carried yet */
  beliefs: BeliefChanges;
  /** first and last statement of each stage, milliseconds UTC */
  stages: Record<string, { first: number; last: number }>;
};

/** What was stored, with what a version that stored it did not know yet. */
export function metaOf(stored: PartitionMeta | undefined): PartitionMeta {
  return stored !== undefined && fields.every((field) => field in stored) ? stored : { ...newMeta(), ...stored };
}

export function newMeta(): PartitionMeta {
  return {
    logTime: 0,
    tickedAt: 0,
    upTo: 0,
    configuration: '',
    latenessMs: durationMs('35d'),
    segments: [],
    replies: {},
    origins: {},
    pending: {},
    beliefs: {},
    stages: {},
  };
}

const fields = Object.keys(newMeta());
