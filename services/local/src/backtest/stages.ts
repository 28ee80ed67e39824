// What a backtest shows of each stage: its state in the end, and its whole history day by day.
import type { Configuration } from '@gapwatch/contracts';
import {
  type Belief,
  type Beliefs,
  beliefFor,
  cellOf,
  dayMs,
  type GapNeeds,
  gapNeeds,
  hourMs,
  lagDays,
  type MemoryWorkspace,
  parseCellKey,
  type StageDocument,
  stageKey,
  targetFor,
} from '@gapwatch/core';

/** Day by day from `from` on, milliseconds UTC. Where no customer is known, voices are counted in their place. */
export type Days = {
  readonly from: number;
  readonly statements: number[];
  readonly heard: number[];
  readonly unhappy: number[];
};

export type StageView = {
  readonly stage: string;
  readonly name: string;
  readonly owner: string | null;
  /** `unmeasured`: nobody was heard there */
  readonly state: 'open' | 'watching' | 'learning' | 'unmeasured';
  /** while learning: when it ends, RFC 3339; null where it was heard too seldom to tell */
  readonly learningUntil: string | null;
  /** share of unhappy in twelve weeks, up to three weeks before the end or to the beginning of what is open: in the measure of `days` */
  readonly usual: number | null;
  /** what each gap lacks; null where it is measured */
  readonly gaps: GapNeeds;
  readonly of: 'customers' | 'voices';
  readonly daysHeard: number;
  readonly days: Days;
  readonly beliefs: readonly Belief[];
  readonly target: number | null;
};

/** What was folded of a history. */
export type Folded = {
  readonly cells: ReadonlyMap<string, readonly number[]>;
  readonly claims: ReadonlyMap<string, Beliefs>;
  readonly detector: MemoryWorkspace;
};

/** Stages in the order of the configuration, the others by name. */
export function stagesOf(names: Iterable<string>, folded: Folded, configuration: Configuration): StageView[] {
  const configured = configuration.stages ?? [];
  const place = (stage: string) => {
    const index = configured.findIndex(({ id }) => id === stage);
    return index < 0 ? configured.length : index;
  };
  const daily = dailyCells(folded);
  const span = spanOf(daily);
  return [...names]
    .sort((one, other) => place(one) - place(other) || (one < other ? -1 : 1))
    .map((stage) => viewOf(stage, daily.get(stage) ?? new Map(), span, folded, configuration));
}

type Day = { statements: number; customers: number; unhappy: number; voices: number; unhappyVoices: number };

function dailyCells({ cells }: Folded): Map<string, Map<number, Day>> {
  const daily = new Map<string, Map<number, Day>>();
  for (const [key, fields] of cells) {
    const { step, stage, segment, start } = parseCellKey(key);
    if (step !== '1d' || segment !== '') continue;
    const cell = cellOf(fields);
    if (cell.statements === 0) continue;
    const days = daily.get(stage) ?? new Map<number, Day>();
    daily.set(stage, days);
    const { statements, customers, unhappy, anonymousStatements, anonymousUnhappy } = cell;
    days.set(start * hourMs, {
      statements,
      customers,
      unhappy,
      voices: anonymousStatements,
      unhappyVoices: anonymousUnhappy,
    });
  }
  return daily;
}

function viewOf(
  stage: string,
  daily: ReadonlyMap<number, Day>,
  span: Span,
  { claims, detector }: Folded,
  configuration: Configuration,
): StageView {
  const known = configuration.stages?.find(({ id }) => id === stage);
  const days = [...daily.values()];
  const of = days.some(({ customers }) => customers > 0) ? 'customers' : 'voices';
  const series = seriesOf(daily, span, of);
  const document = detector.get<StageDocument>(stageKey(stage));
  const state = stateOf(document, span.to + mostWaitMs);
  const isKnown = document !== undefined && state.state !== 'learning';
  return {
    stage,
    name: known?.name ?? stage,
    owner: known?.owner ?? null,
    ...state,
    usual: isKnown ? usualOf(series, document.describe) : null,
    of,
    daysHeard: days.length,
    days: series,
    beliefs: claims.get(stage)?.beliefs ?? [],
    target: known?.target ?? null,
  };
}

/** Who would have to wait longer than this is heard too seldom for a date to mean anything. */
const mostWaitMs = 365 * dayMs;

const nothingMeasured = gapNeeds({ experience: null, usual: null, belief: null, target: null });

function stateOf(
  document: StageDocument | undefined,
  latestTime: number,
): Pick<StageView, 'state' | 'learningUntil' | 'gaps'> {
  if (document === undefined) {
    return { state: 'unmeasured', learningUntil: null, gaps: nothingMeasured };
  }
  const { describe } = document;
  const { state, gaps } = describe;
  if (state !== 'learning') return { state, learningUntil: null, gaps };
  const ends = describe.until * hourMs;
  return { state, learningUntil: ends > latestTime ? null : new Date(ends).toISOString(), gaps };
}

const usualDays = 84;

function usualOf({ from, heard, unhappy }: Days, describe: StageDocument['describe']): number | null {
  const onset = describe.state === 'open' ? describe.episode?.onsetHour : undefined;
  const end = Math.min(
    heard.length - lagDays,
    onset === undefined ? heard.length : Math.floor((onset * hourMs - from) / dayMs),
  );
  const sum = (counts: readonly number[]) =>
    counts.slice(Math.max(0, end - usualDays), Math.max(0, end)).reduce((total, one) => total + one, 0);
  return sum(heard) > 0 ? sum(unhappy) / sum(heard) : null;
}

/** First and last day of the whole history, milliseconds UTC: the same for all stages, so that they compare. */
type Span = { readonly from: number; readonly to: number };

function spanOf(daily: ReadonlyMap<string, ReadonlyMap<number, Day>>): Span {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const days of daily.values()) {
    for (const time of days.keys()) {
      from = Math.min(from, time);
      to = Math.max(to, time);
    }
  }
  return { from, to };
}

function seriesOf(daily: ReadonlyMap<number, Day>, { from, to }: Span, of: StageView['of']): Days {
  const days: Days = { from, statements: [], heard: [], unhappy: [] };
  for (let time = from; time <= to; time += dayMs) {
    const day = daily.get(time);
    days.statements.push(day?.statements ?? 0);
    days.heard.push((of === 'customers' ? day?.customers : day?.voices) ?? 0);
    days.unhappy.push((of === 'customers' ? day?.unhappy : day?.unhappyVoices) ?? 0);
  }
  return days;
}

/** B and T of a window, by the one rule for claims. */
export function claimsOf(
  { beliefs, target }: Pick<StageView, 'beliefs' | 'target'>,
  fromMs: number,
  lengthMs: number,
): { belief: number | null; target: number | null } {
  return {
    belief: beliefFor(beliefs, fromMs, fromMs + lengthMs)?.share ?? null,
    target: targetFor(beliefs, target, fromMs),
  };
}
