// Who speaks at a stage, by the watched segments: what they lived while the baseline was made and what they live now, so that
// a rise can be told from a change of who is heard. Growth: at most 51 values a dimension and 21 days each.
import { type VoteChange, voteLevels } from '@gapwatch/contracts';
import { type Group, isExcluded, lagDays, type StageState } from '../change/index.ts';
import type { Workspace } from '../workspace.ts';
import { mixKey } from './keys.ts';

type Day = [day: number, votes: number, unhappy: number];

/** Decayed votes behind the lag, and the days inside it. */
type MixValue = { votes: number; unhappy: number; days: Day[] };

/** Values of one stage by `dimension:value`; `day` is the last one that began. */
export type MixDocument = { day: number; values: Record<string, MixValue> };

/** Values of one dimension that are told apart; the others are one, named `other`. */
const mostValues = 50;
const other = 'other';
const halfLifeDays = 56;
/** Decayed votes below which a value that nobody names any more is let go. */
const leastVotes = 0.5;

/** Takes in the votes of the watched segments, stage by stage, in an order that does not depend on how they came. */
export function foldMix(
  changes: readonly VoteChange[],
  stages: ReadonlyMap<string, StageState>,
  workspace: Workspace,
): void {
  const byStage = Map.groupBy(
    changes.filter(({ segment }) => segment !== null),
    ({ stage }) => stage,
  );
  for (const [name, own] of byStage) {
    own.sort((one, other) => one.hour - other.hour || ((one.segment ?? '') < (other.segment ?? '') ? -1 : 1));
    const stage = stages.get(name);
    const day = Math.floor((stage?.hour ?? own.at(-1)?.hour ?? 0) / 24);
    const mix = workspace.get<MixDocument>(mixKey(name)) ?? { day, values: {} };
    beginMixDay(mix, day, stage);
    for (const change of own) hearMix(mix, change);
    workspace.put(mixKey(name), mix);
  }
}

/** Adds the votes of one segment; changes may be negative, and older than the lag. */
function hearMix(mix: MixDocument, change: VoteChange): void {
  const segment = change.segment ?? '';
  const value = segmentOf(mix, segment);
  let votes = 0;
  let unhappy = 0;
  for (const [level, count] of change.levels) {
    votes += count;
    if (2 * level > voteLevels - 1) unhappy += count;
  }
  addDay(value, Math.floor(change.hour / 24), votes, unhappy, mix.day);
}

function segmentOf({ values }: MixDocument, segment: string): MixValue {
  const known = Object.hasOwn(values, segment) ? values[segment] : undefined;
  if (known !== undefined) return known;
  const dimension = segment.slice(0, segment.indexOf(':') + 1);
  const siblings = Object.keys(values).filter((name) => name.startsWith(dimension));
  const name = siblings.length < mostValues ? segment : `${dimension}${other}`;
  const value = (Object.hasOwn(values, name) ? values[name] : undefined) ?? { votes: 0, unhappy: 0, days: [] };
  values[name] = value;
  return value;
}

function addDay(value: MixValue, day: number, votes: number, unhappy: number, today: number): void {
  if (day <= today - lagDays) {
    const weight = decayOf(today - lagDays - day);
    value.votes = Math.max(0, value.votes + weight * votes);
    value.unhappy = Math.max(0, value.unhappy + weight * unhappy);
    return;
  }
  const known = value.days.find((one) => one[0] === day);
  if (known === undefined) value.days.push([day, votes, unhappy]);
  else {
    known[1] += votes;
    known[2] += unhappy;
  }
}

function decayOf(days: number): number {
  return 0.5 ** (days / halfLifeDays);
}

/** Days begin: those that leave the lag shape the baseline, unless an episode covers them. */
function beginMixDay(mix: MixDocument, day: number, stage: StageState | undefined): void {
  if (day <= mix.day) return;
  const decay = decayOf(day - mix.day);
  mix.day = day;
  for (const [name, value] of Object.entries(mix.values)) {
    value.votes *= decay;
    value.unhappy *= decay;
    const leaving = value.days.filter(([one]) => one <= day - lagDays);
    value.days = value.days.filter(([one]) => one > day - lagDays);
    for (const [one, votes, unhappy] of leaving)
      if (stage === undefined || !isExcluded(stage, one)) addDay(value, one, votes, unhappy, day);
    if (value.days.length === 0 && value.votes < leastVotes) delete mix.values[name];
  }
}

/** The level of an episode is the new normal: the days since its onset take the place of the baseline. */
export function rebaseMix(mix: MixDocument, onsetDay: number): void {
  for (const value of Object.values(mix.values)) {
    const [votes, unhappy] = since(value, onsetDay);
    Object.assign(value, { votes, unhappy, days: [] });
  }
}

function since({ days }: MixValue, fromDay: number): [votes: number, unhappy: number] {
  let votes = 0;
  let unhappy = 0;
  for (const [day, heard, hurt] of days) {
    if (day < fromDay) continue;
    votes += Math.max(0, heard);
    unhappy += Math.max(0, hurt);
  }
  return [votes, unhappy];
}

/** The groups of each dimension: before, and since the onset as far as the lag reaches. */
export function groupsOf(mix: MixDocument, onsetDay: number): Map<string, Group[]> {
  const dimensions = new Map<string, Group[]>();
  for (const [name, value] of Object.entries(mix.values)) {
    const colon = name.indexOf(':');
    const dimension = name.slice(0, colon);
    const [votes, unhappy] = since(value, onsetDay);
    const group = {
      value: name.slice(colon + 1),
      before: { votes: value.votes, unhappy: value.unhappy },
      now: { votes, unhappy },
    };
    dimensions.set(dimension, [...(dimensions.get(dimension) ?? []), group]);
  }
  return dimensions;
}
