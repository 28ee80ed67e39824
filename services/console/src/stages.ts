// Answers 'where does it hurt, and is it getting worse': every stage with its week, its usual, its gaps and 90 days.
import type { AlertRecord, Configuration } from '@gapwatch/contracts';
import {
  type Belief,
  type Cell,
  cellKey,
  dayMs,
  gapNeeds,
  hourMs,
  hourOf,
  lagDays,
  type Need,
  targetFor,
  windowStart,
} from '@gapwatch/core';
import { z } from 'zod';
import { wilson } from './interval.ts';
import { type JourneyStage, journeyOf, shownUntil } from './journey.ts';
import { configuredTarget, heardOf, isEmpty, isoTime, windowOf } from './measure.ts';
import { badQuery, readCursor, writeCursor } from './query.ts';
import { type Gap, limits, type StageOverview, type Stages, type StagesQuery } from './schemas.ts';
import type { DescribedStage, Overview, StateReader } from './state.ts';

const days = limits.defaultDays;
/** Weeks that say what is usual: in the windows' own measure, since votes are counted another way. */
const usualWeeks = 12;
/** They end where the detector's baseline does: what has just begun must not become usual while it is looked at. */
const lagWeeks = Math.ceil(lagDays / 7);
const weekHours = 168;
/** Days of a week that must be known before the week is shown in place of the one before. */
const leastDays = 4;

type Place = { readonly week: number; readonly firstDay: number };

function placeOf(untilMs: number): Place {
  const last = hourOf(untilMs - 1);
  const week = windowStart('7d', last);
  const isKnown = untilMs - week * hourMs >= leastDays * dayMs;
  return { week: isKnown ? week : week - weekHours, firstDay: windowStart('1d', last) - (days - 1) * 24 };
}

function keysOf(stage: string, { week, firstDay }: Place): string[] {
  const daily = Array.from({ length: days }, (_, day) => cellKey('1d', stage, '', firstDay + day * 24));
  const weekly = Array.from({ length: usualWeeks }, (_, index) => week - (lagWeeks + 1 + index) * weekHours);
  return [...[week, ...weekly].map((start) => cellKey('7d', stage, '', start)), ...daily];
}

const cellsOfStage = 1 + usualWeeks + days;

const cursorSchema = z.tuple([z.string()]);

/** @throws Problem 400 for a cursor that names no stage */
export async function readStages(
  reader: StateReader,
  configuration: Configuration,
  query: StagesQuery,
): Promise<Stages> {
  const overview = await reader.overview();
  const { journey, next } = pageOf(journeyOf(configuration, overview), query);
  const untilMs = shownUntil(overview);
  const place = placeOf(untilMs ?? 0);
  const [cells, described, alerts, beliefs] = await Promise.all([
    reader.cells(journey.flatMap(({ id }) => keysOf(id, place))),
    reader.described(journey.map(({ id }) => id)),
    reader.alerts(),
    Promise.all(journey.map(({ id }) => reader.beliefs(id))),
  ]);
  const open = alerts.map(({ record }) => record).filter(({ state }) => state === 'open');
  const items = journey.map((stage, index) => {
    const known = cells.slice(index * cellsOfStage, (index + 1) * cellsOfStage);
    const alert = open.find((one) => one.stage === stage.id) ?? null;
    const facts = { stage, cells: known, beliefs: beliefs[index] ?? [], described: described[index] ?? null, alert };
    return overviewOf(facts, { overview, configuration, place });
  });
  const logTime = overview.logTime > 0 ? isoTime(overview.logTime) : null;
  return { items, next, logTime, until: untilMs === null ? null : isoTime(untilMs) };
}

type Page = { readonly journey: readonly JourneyStage[]; readonly next: string | null };

/** Where nobody names the stages, signals may name one each. */
function pageOf(all: readonly JourneyStage[], { limit = String(limits.stages), cursor }: StagesQuery): Page {
  const from = cursor === undefined ? 0 : placeAfter(readCursor(cursorSchema, cursor)[0], all);
  const journey = all.slice(from, from + Number(limit));
  const hasMore = from + journey.length < all.length;
  return { journey, next: hasMore ? writeCursor([journey.at(-1)?.id ?? '']) : null };
}

function placeAfter(last: string, all: readonly JourneyStage[]): number {
  const place = all.findIndex(({ id }) => id === last);
  if (place === -1) throw badQuery([{ path: 'cursor', message: 'there is no such stage any more: begin anew' }]);
  return place + 1;
}

type Facts = {
  readonly stage: JourneyStage;
  readonly cells: readonly Cell[];
  readonly beliefs: readonly Belief[];
  readonly described: DescribedStage | null;
  readonly alert: AlertRecord | null;
};
type Context = { readonly overview: Overview; readonly configuration: Configuration; readonly place: Place };

function overviewOf(facts: Facts, { overview, configuration, place }: Context): StageOverview {
  const { stage, beliefs, described, alert } = facts;
  const [week, ...earlier] = facts.cells.slice(0, 1 + usualWeeks) as [Cell, ...Cell[]];
  const daily = facts.cells.slice(1 + usualWeeks);
  const now = windowOf({ stage: stage.id, step: '7d', start: place.week }, week, beliefs, configuration);
  const { of, heard, unhappy } = heardOf(week);
  const interval = wilson(unhappy, heard);
  const times = overview.stages.get(stage.id);
  const describe = described?.describe;
  const isKnown = describe !== undefined && describe.state !== 'learning';
  const usual = isKnown ? usualOf(earlier, place, alert) : null;
  return {
    ...stage,
    state: alert !== null ? 'open' : (describe?.state ?? (times === undefined ? 'silent' : 'learning')),
    learningUntil: describe?.state === 'learning' ? learningEnd(describe.until) : null,
    now: isEmpty(week) ? null : now,
    heardOf: of,
    heard,
    unhappyShare: heard > 0 ? unhappy / heard : null,
    unhappyInterval: interval && [...interval],
    usual,
    direction: alert !== null ? 'worse' : directionOf(interval, usual),
    evidence: evidenceOf(describe),
    gaps: gapsOf(now, usual, heard, unhappy, interval),
    coverage: now.coverage,
    target: targetFor(beliefs, configuredTarget(configuration, stage.id), place.week * hourMs),
    belief: now.belief,
    alert: alert && alertFacts(alert),
    days: seriesOf(place, daily),
    statements: daily.reduce((sum, cell) => sum + cell.statements, 0),
    firstStatementAt: times === undefined ? null : isoTime(times.first),
    lastStatementAt: times === undefined ? null : isoTime(times.last),
  };
}

/** A date past this one was never meant: the stage was not heard often enough to tell. */
const latestTime = Date.UTC(9999, 0);

function learningEnd(until: number | null | undefined): string | null {
  return until == null || until * hourMs > latestTime ? null : isoTime(until * hourMs);
}

function evidenceOf(describe: DescribedStage['describe'] | undefined): StageOverview['evidence'] {
  if (describe?.evidence === undefined || describe.threshold === undefined) return null;
  return { value: describe.evidence, threshold: describe.threshold };
}

/** `earlier`: the weeks that say it, newest first; of an open alert those that had ended when it began. */
function usualOf(earlier: readonly Cell[], { week }: Place, alert: AlertRecord | null): number | null {
  const until = alert === null ? week : Date.parse(alert.onset) / hourMs;
  const weeks = earlier.filter((_, index) => week - (lagWeeks + index) * weekHours <= until).map(heardOf);
  const heard = weeks.reduce((sum, one) => sum + one.heard, 0);
  return heard > 0 ? weeks.reduce((sum, one) => sum + one.unhappy, 0) / heard : null;
}

function directionOf(interval: readonly [number, number] | null, usual: number | null): StageOverview['direction'] {
  if (interval === null || usual === null) return null;
  return interval[0] > usual ? 'worse' : interval[1] < usual ? 'better' : 'steady';
}

function seriesOf({ firstDay }: Place, daily: readonly Cell[]): StageOverview['days'] {
  const heard = daily.map(heardOf);
  return {
    from: isoTime(firstDay * hourMs),
    heard: heard.map((one) => one.heard),
    unhappy: heard.map((one) => one.unhappy),
  };
}

function alertFacts({
  id,
  openedAt,
  onset,
  before,
  now,
  size,
  interval,
  customers,
}: AlertRecord): StageOverview['alert'] {
  return { id, openedAt, onset, before, now, size, interval, heard: customers.heard };
}

type Known = { readonly experience: number | null; readonly belief: number | null; readonly target: number | null };

/** Gaps of the week; one whose inputs were not measured says what it lacks. Signed, never clipped. */
function gapsOf(
  { experience, belief, target }: Known,
  usual: number | null,
  heard: number,
  unhappy: number,
  interval: readonly [number, number] | null,
): StageOverview['gaps'] {
  const needs = gapNeeds({ experience, usual, belief, target });
  const around = (top: number | null, need: Need | null): Gap => {
    if (need !== null) return { state: 'unmeasured', size: null, needs: need };
    if (top === null || experience === null || interval === null)
      return { state: 'unmeasured', size: null, needs: 'voices' };
    return { state: 'measured', size: top - experience, interval: [top - 1 + interval[0], top - 1 + interval[1]] };
  };
  const desire: Gap =
    target === null || belief === null
      ? { state: 'unmeasured', size: null, needs: needs.desire ?? 'belief' }
      : { state: 'measured', size: target - belief, interval: null };
  const baseline = around(usual === null ? null : 1 - usual, needs.baseline);
  return {
    baseline: baseline.state === 'measured' ? { ...baseline, size: unhappy / heard - (usual ?? 0) } : baseline,
    knowledge: around(belief, needs.knowledge),
    desire,
    total: around(target, needs.total),
  };
}
