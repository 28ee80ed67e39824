// Votes: what a customer says to the detector. The first statement of a customer at a stage in the customer's own
// 7-day block, once; an anonymous voice votes with every statement. Why the first, and why blocks that are shifted by
// customer: the worst of a week, or one vote an hour, lets one loud customer raise an alert (detection, section 2).
import { voteLevels } from '@gapwatch/contracts';
import { hash32 } from '../hash.ts';
import type { Held, Holder } from '../ledger/held.ts';
import { dayMs, hourOf } from './time.ts';

const blockMs = 7 * dayMs;

/** Pending changes of votes: levels of friction by {@link voteKey}. */
export type VoteChanges = Record<string, number[]>;

export type VotePlace = {
  readonly hour: number;
  readonly stage: string;
  readonly segment: string;
  readonly source: string;
  readonly backfill: boolean;
};

export function voteKey(place: VotePlace): string {
  return JSON.stringify([place.hour, place.stage, place.segment, place.source, place.backfill ? 1 : 0]);
}

export function parseVoteKey(key: string): VotePlace {
  const [hour, stage, segment, source, backfill] = JSON.parse(key) as [number, string, string, string, number];
  return { hour, stage, segment, source, backfill: backfill === 1 };
}

/** Adds the changes of votes when `removed` leaves and `added` joins a holder, which still holds the old statements. */
export function voteChanges(
  holder: Holder,
  removed: Held | undefined,
  added: Held | undefined,
  changes: VoteChanges,
): void {
  if (holder.customer === null) {
    if (removed !== undefined && mayVote(removed)) cast(removed, -1, changes);
    if (added !== undefined && mayVote(added)) cast(added, 1, changes);
    return;
  }
  const shift = hash32(holder.customer) % blockMs;
  for (const [stage, block] of blocksOf(shift, removed, added)) {
    const here = holder.held.filter((held) => isIn(held, stage, block, shift));
    const before = first(here);
    const rest = removed === undefined ? here : here.filter((held) => held !== removed);
    const after = first(added !== undefined && isIn(added, stage, block, shift) ? [...rest, added] : rest);
    if (before === after) continue;
    if (before !== undefined) cast(before, -1, changes);
    if (after !== undefined) cast(after, 1, changes);
  }
}

function blockOf(at: number, shift: number): number {
  return Math.floor((at + shift) / blockMs);
}

function isIn(held: Held, stage: string, block: number, shift: number): boolean {
  return mayVote(held) && held.stage === stage && blockOf(held.at, shift) === block;
}

/** The one or two pairs of stage and block that the change touches. */
function blocksOf(shift: number, removed: Held | undefined, added: Held | undefined): [string, number][] {
  const blocks: [string, number][] = [];
  if (removed !== undefined && mayVote(removed)) blocks.push([removed.stage, blockOf(removed.at, shift)]);
  if (added !== undefined && mayVote(added)) {
    const block = blockOf(added.at, shift);
    if (blocks[0]?.[0] !== added.stage || blocks[0]?.[1] !== block) blocks.push([added.stage, block]);
  }
  return blocks;
}

/** What a customer says, and what is found of the customer: a finding is a statement of its own. */
function mayVote({ role }: Held): boolean {
  return role === 'spoken' || role === 'found';
}

/** The earliest statement. */
function first(statements: readonly Held[]): Held | undefined {
  let earliest: Held | undefined;
  for (const held of statements) if (earliest === undefined || isBefore(held, earliest)) earliest = held;
  return earliest;
}

/** Of equal times words come before what is found in them, then the lower id: the order of arrival does not matter. */
function isBefore(one: Held, other: Held): boolean {
  if (one.at !== other.at) return one.at < other.at;
  if (one.role !== other.role) return one.role === 'spoken';
  return one.id < other.id;
}

function cast(held: Held, change: 1 | -1, changes: VoteChanges): void {
  const level = Math.round(held.friction * (voteLevels - 1));
  for (const segment of ['', ...held.segments]) {
    const { stage, source } = held;
    const key = voteKey({ hour: hourOf(held.at), stage, segment, source, backfill: held.backfill === true });
    let levels = changes[key];
    if (levels === undefined) {
      levels = new Array<number>(voteLevels).fill(0);
      changes[key] = levels;
    }
    levels[level] = (levels[level] ?? 0) + change;
  }
}
