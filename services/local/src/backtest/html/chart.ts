// The history of a stage as a drawing: unhappy of 100 with its interval, how many were heard, what was usual, wanted and
// reported, and the alerts. Lines are stretched to the width of the page, words stand beside them in HTML.
import { wilson } from '@gapwatch/console/interval';
import { dayMs } from '@gapwatch/core';
import type { BacktestAlert } from '../report.ts';
import { claimsOf, type StageView } from '../stages.ts';
import { day, ofHundred, weeksOf } from '../words.ts';
import { html, type Markup } from './markup.ts';

const width = 1_000;
const height = 220;
const barsHeight = 44;
/** More points than this no screen can show. */
const mostPoints = 500;

type Point = { readonly x: number; readonly share: number | null; readonly low: number; readonly high: number };
/** What all charts of a page share: the highest share that is drawn, of one. */
export type Scale = { readonly top: number };

export function scaleOf(stages: readonly StageView[]): Scale {
  const highest = stages.reduce((most, view) => Math.max(most, ...pointsOf(view).map(({ share }) => share ?? 0)), 0.05);
  const steps = Math.ceil((highest * 1.25) / 0.05);
  return { top: Math.min(1, steps * 0.05) };
}

function pointsOf({ days }: StageView): Point[] {
  const weeks = weeksOf(days);
  const step = Math.max(1, Math.ceil(weeks.length / mostPoints));
  return weeks
    .map((week, index) => ({ week, x: xOf(index + 0.5, weeks.length) }))
    .filter((_, index) => index % step === 0)
    .map(({ week, x }) => {
      const [low, high] = (week === null ? null : wilson(week.unhappy, week.heard)) ?? [0, 0];
      return { x, share: week === null ? null : week.unhappy / week.heard, low, high };
    });
}

const xOf = (days: number, length: number): number => (days / Math.max(1, length)) * width;

export function chart(view: StageView, alerts: readonly BacktestAlert[], scale: Scale): Markup {
  const { days } = view;
  const y = (share: number) => height - (Math.min(share, scale.top) / scale.top) * height;
  const at = (time: string) =>
    Math.min(width, Math.max(0, xOf((Date.parse(time) - days.from) / dayMs, days.heard.length)));
  return html`<figure class="chart" aria-hidden="true">
<div class="plot">
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">
${gridOf(scale, y)}${alerts.map((alert) => onsetBand(alert, at))}
${bandsOf(pointsOf(view), y)}${claims(view, y)}
${view.usual === null ? null : html`<line class="usual" x1="0" x2="${width}" y1="${y(view.usual)}" y2="${y(view.usual)}"/>`}
${lineOf(pointsOf(view), y)}${alerts.map((alert) => upright(alert, at))}
</svg>
${gridLabels(scale)}${alerts.map((alert, index) => flag(alert, index, at))}
</div>
<svg class="bars" viewBox="0 0 ${width} ${barsHeight}" preserveAspectRatio="none"><path d="${barsOf(view)}"/></svg>
<div class="dates">${datesOf(view)}</div>
</figure>`;
}

function gridOf({ top }: Scale, y: (share: number) => number): Markup[] {
  return gridShares(top).map(
    (share) => html`<line class="grid" x1="0" x2="${width}" y1="${y(share)}" y2="${y(share)}"/>`,
  );
}

function gridShares(top: number): number[] {
  const step = top <= 0.2 ? 0.05 : top <= 0.5 ? 0.1 : 0.25;
  return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, index) => index * step);
}

function gridLabels({ top }: Scale): Markup[] {
  return gridShares(top).map(
    (share) => html`<span class="level" style="bottom:${((share / top) * 100).toFixed(2)}%">${ofHundred(share)}</span>`,
  );
}

/** Runs of points that were measured; a gap between them is not drawn. */
function runsOf(points: readonly Point[]): Point[][] {
  const runs: Point[][] = [];
  let run: Point[] = [];
  for (const point of points) {
    if (point.share !== null) run.push(point);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  }
  return run.length > 0 ? [...runs, run] : runs;
}

const place = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

function lineOf(points: readonly Point[], y: (share: number) => number): Markup {
  const paths = runsOf(points).map((run) => `M${run.map(({ x, share }) => place(x, y(share ?? 0))).join('L')}`);
  return html`<path class="share" d="${paths.join('')}"/>`;
}

function bandsOf(points: readonly Point[], y: (share: number) => number): Markup {
  const paths = runsOf(points).map((run) => {
    const upper = run.map(({ x, high }) => place(x, y(high)));
    const lower = run.toReversed().map(({ x, low }) => place(x, y(low)));
    return `M${[...upper, ...lower].join('L')}Z`;
  });
  return html`<path class="band" d="${paths.join('')}"/>`;
}

/** Wanted and reported shares, as the unhappy that they would leave. */
function claims(view: StageView, y: (share: number) => number): Markup[] {
  const wanted = stepsOf(view, y, (time) => claimsOf(view, time, dayMs).target);
  const reported = stepsOf(view, y, (time) => claimsOf(view, time, dayMs).belief);
  return [html`<path class="wanted" d="${wanted}"/>`, html`<path class="reported" d="${reported}"/>`];
}

function stepsOf({ days }: StageView, y: (share: number) => number, shareAt: (time: number) => number | null): string {
  let path = '';
  let last: number | null = null;
  for (let index = 0; index < days.heard.length; index += 1) {
    const share = shareAt(days.from + index * dayMs);
    if (share !== null && share !== last) path += `M${place(xOf(index, days.heard.length), y(1 - share))}`;
    if (share !== null) path += `H${xOf(index + 1, days.heard.length).toFixed(1)}`;
    last = share;
  }
  return path;
}

type At = (time: string) => number;

function onsetBand({ onsetInterval, reversed }: BacktestAlert, at: At): Markup {
  if (onsetInterval === null || reversed) return html``;
  const [from, to] = onsetInterval.map(at) as [number, number];
  return html`<rect class="onset" x="${from.toFixed(1)}" width="${Math.max(1, to - from).toFixed(1)}" y="0" height="${height}"/>`;
}

function upright({ onset, openedAt }: BacktestAlert, at: At): Markup {
  const line = (name: string, x: number) =>
    html`<line class="${name}" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="0" y2="${height}"/>`;
  return html`${line('began', at(onset))}${line('alert', at(openedAt))}`;
}

function flag({ openedAt }: BacktestAlert, index: number, at: At): Markup {
  return html`<span class="flag" style="left:${((at(openedAt) / width) * 100).toFixed(2)}%">▲ ${index + 1}</span>`;
}

/** Statements heard a day, the tallest bar the most. */
function barsOf({ days: { statements } }: StageView): string {
  const step = Math.max(1, Math.ceil(statements.length / mostPoints));
  const sums: number[] = [];
  for (let from = 0; from < statements.length; from += step)
    sums.push(statements.slice(from, from + step).reduce((sum, one) => sum + one, 0));
  const most = sums.reduce((highest, sum) => Math.max(highest, sum), 1);
  const wide = width / Math.max(1, sums.length);
  return sums
    .map((sum, index) => {
      const tall = (sum / most) * barsHeight;
      return sum === 0
        ? ''
        : `M${place(index * wide, barsHeight)}v-${tall.toFixed(1)}h${(wide * 0.8).toFixed(2)}v${tall.toFixed(1)}z`;
    })
    .join('');
}

const dates = 4;

function datesOf({ days }: StageView): Markup[] {
  const length = Math.max(1, days.heard.length - 1);
  return Array.from({ length: dates + 1 }, (_, index) => {
    const place = Math.round((length * index) / dates);
    return html`<span>${day(days.from + place * dayMs)}</span>`;
  });
}
