// The windows of one stage. Empty ones are left out; a page looks at a limited number of places, so that `next` may
// stand beside few items, and the list ends where `next` is null.
import type { Configuration } from '@gapwatch/contracts';
import { cellKey, dayMs, hourOf, stepHours, type WindowStep, windowStart } from '@gapwatch/core';
import { Problem } from '@gapwatch/runtime';
import { z } from 'zod';
import { journeyOf, shownUntil } from './journey.ts';
import { isEmpty, windowOf } from './measure.ts';
import { badQuery, readCursor, writeCursor } from './query.ts';
import { limits, type Windows, type WindowsQuery } from './schemas.ts';
import type { Overview, StateReader } from './state.ts';

/** First hours of the first and the last window, both included. */
type Range = { readonly first: number; readonly last: number };

const cursorSchema = z.tuple([z.number().int()]);

/** @throws Problem 404 for a stage that nobody named, 400 for a query that cannot be meant */
export async function readWindows(
  reader: StateReader,
  configuration: Configuration,
  stage: string,
  query: WindowsQuery,
): Promise<Windows> {
  const overview = await reader.overview();
  if (!journeyOf(configuration, overview).some(({ id }) => id === stage)) throw unknownStageProblem();
  checkSegment(query.segment, configuration);
  const step = query.step ?? '1d';
  const range = rangeOf(query, step, stage, overview);
  const { starts, next } = pageOf(range, step, query);
  const [cells, beliefs] = await Promise.all([
    reader.cells(starts.map((start) => cellKey(step, stage, query.segment ?? '', start))),
    reader.beliefs(stage),
  ]);
  const items = starts.flatMap((start, index) => {
    const cell = cells[index];
    return cell === undefined || isEmpty(cell) ? [] : [windowOf({ stage, step, start }, cell, beliefs, configuration)];
  });
  return { items, next };
}

function unknownStageProblem(): Problem {
  return new Problem(404, 'no-stage', 'There is no such stage; GET /v1/stages lists them.');
}

function checkSegment(segment: string | undefined, { segments }: Configuration): void {
  if (segment === undefined || segments.includes(segment.slice(0, segment.indexOf(':')))) return;
  const watched = segments.length === 0 ? 'none is' : `watched are ${segments.join(', ')}`;
  const message = `this dimension is not watched, ${watched}: name it under segments: in the configuration`;
  throw badQuery([{ path: 'segment', message }]);
}

/** The windows that were asked for, as far as the stage has any. */
function rangeOf({ from, to }: WindowsQuery, step: WindowStep, stage: string, overview: Overview): Range {
  const until = shownUntil(overview) ?? 0;
  const toMs = to === undefined ? until : Date.parse(to);
  const fromMs = from === undefined ? toMs - limits.defaultDays * dayMs : Date.parse(from);
  if (from !== undefined && to !== undefined && fromMs >= toMs) {
    throw badQuery([{ path: 'from', message: 'must lie before `to`' }]);
  }
  const known = overview.stages.get(stage);
  if (known === undefined) return { first: 0, last: -1 };
  const first = windowStart(step, hourOf(Math.max(fromMs, known.first)));
  const last = windowStart(step, hourOf(Math.min(toMs - 1, known.last)));
  return fromMs < toMs ? { first, last } : { first: 0, last: -1 };
}

type Page = { readonly starts: readonly number[]; readonly next: string | null };

function pageOf(range: Range, step: WindowStep, { cursor, limit }: WindowsQuery): Page {
  const hours = stepHours[step];
  const resumed = cursor === undefined ? range.first : readCursor(cursorSchema, cursor)[0];
  const first = Math.max(range.first, windowStart(step, resumed));
  const wanted = Math.max(0, Math.floor((range.last - first) / hours) + 1);
  const length = Math.min(wanted, Number(limit ?? limits.windows));
  const starts = Array.from({ length }, (_, index) => first + index * hours);
  return { starts, next: wanted > length ? writeCursor([first + length * hours]) : null };
}
