// Friction over time: the days as dots, their seven-day line with its interval, the usual, the onset, the alert and what was noted.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import uPlot from 'uplot';
import { type Noted, NoteList, NoteMarks, type Span } from './notes.tsx';
import { bandOf, trendOf } from './trend.ts';
import { count, ofHundred } from './words.ts';

export type Marks = {
  readonly onset: string;
  readonly onsetInterval: readonly [string, string] | null;
  readonly openedAt: string;
};
export type DailySeries = {
  readonly from: string;
  readonly heard: readonly number[];
  readonly unhappy: readonly number[];
};
type ChartProps = {
  days: DailySeries;
  usual: number | null;
  marks: Marks | null;
  notes: readonly Noted[];
  label: string;
};

const height = 280;
const daySeconds = 86_400;

function seconds(time: string): number {
  return Date.parse(time) / 1_000;
}

function dataOf(days: DailySeries, usual: number | null): uPlot.AlignedData {
  const start = seconds(days.from);
  const hundred = (share: number | null | undefined) => (share == null ? null : share * 100);
  const band = bandOf(days);
  return [
    days.heard.map((_, index) => start + (index + 0.5) * daySeconds),
    days.heard.map((heard, index) => (heard > 0 ? ((days.unhappy[index] ?? 0) / heard) * 100 : null)),
    band.map((interval) => hundred(interval?.[1])),
    band.map((interval) => hundred(interval?.[0])),
    trendOf(days).map(hundred),
    days.heard.map(() => hundred(usual)),
  ];
}

/** A canvas knows no variables: colours are read from the element as they are now. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = element.appendChild(document.createElement('i'));
  probe.style.color = `var(--${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

type Colours = Record<'ink' | 'soft' | 'line' | 'accent' | 'widening', string>;

function coloursOf(element: HTMLElement): Colours {
  const names = ['ink', 'soft', 'line', 'accent', 'widening'] as const;
  return Object.fromEntries(names.map((name) => [name, colourOf(element, name)])) as Colours;
}

function faint(colour: string, share: number): string {
  return `color-mix(in srgb, ${colour} ${share * 100}%, transparent)`;
}

const font = '12px -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

function optionsOf(
  width: number,
  colours: Colours,
  marks: Marks | null,
  read: (index: number | null) => void,
): uPlot.Options {
  const { soft, line, accent } = colours;
  const none = { stroke: 'transparent', width: 0, points: { show: false } } as const;
  const axis = { stroke: soft, font, ticks: { show: false } } as const;
  return {
    width,
    height,
    legend: { show: false },
    padding: [22, 8, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { y: { range: (_, _low, high) => [0, Math.max(5, (high ?? 0) * 1.08)] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, times) => times.map(axisDay) },
      { ...axis, grid: { stroke: line, width: 1 }, size: 36 },
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: true, size: 4, width: 0, fill: faint(soft, 0.55) } },
      none,
      none,
      { stroke: accent, width: 2, points: { show: false } },
      { stroke: soft, width: 1, dash: [4, 4], points: { show: false } },
    ],
    bands: [{ series: [2, 3], fill: faint(accent, 0.14) }],
    hooks: {
      drawClear: [(plot) => marks !== null && drawOnsetInterval(plot, marks, colours)],
      draw: [(plot) => marks !== null && drawMarks(plot, marks, colours)],
      setCursor: [(plot) => read(plot.cursor.idx ?? null)],
    },
  };
}

function axisDay(time: number): string {
  return new Date(time * 1_000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

function drawOnsetInterval({ ctx, bbox, valToPos }: uPlot, { onsetInterval }: Marks, { widening }: Colours): void {
  if (onsetInterval === null) return;
  const [left, right] = onsetInterval.map((time) => clip(valToPos(seconds(time), 'x', true), bbox)) as [number, number];
  ctx.save();
  ctx.fillStyle = faint(widening, 0.12);
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.restore();
}

function clip(place: number, { left, width }: uPlot.BBox): number {
  return Math.min(Math.max(place, left), left + width);
}

/** Two upright lines with their words; the words change sides where they would meet. */
function drawMarks(plot: uPlot, { onset, openedAt }: Marks, colours: Colours): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const onsetAt = plot.valToPos(seconds(onset), 'x', true);
  const alertAt = plot.valToPos(seconds(openedAt), 'x', true);
  ctx.save();
  ctx.font = font.replace('12px', `${12 * ratio}px`);
  ctx.lineWidth = 1.5 * ratio;
  ctx.textBaseline = 'bottom';
  const mark = (place: number, text: string, align: 'left' | 'right', dash: number[]) => {
    if (place < bbox.left || place > bbox.left + bbox.width) return;
    ctx.strokeStyle = colours.widening;
    ctx.fillStyle = colours.widening;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(place, bbox.top);
    ctx.lineTo(place, bbox.top + bbox.height);
    ctx.stroke();
    ctx.textAlign = align;
    ctx.fillText(text, place, bbox.top - 5 * ratio);
  };
  mark(onsetAt, 'began about here', 'right', [4 * ratio, 3 * ratio]);
  mark(alertAt, 'alert', 'left', []);
  ctx.restore();
}

/** From the middle of the first day to the middle of the last. */
function spanOf({ from, heard }: DailySeries): Span {
  const first = (seconds(from) + daySeconds / 2) * 1_000;
  return [first, first + (heard.length - 1) * daySeconds * 1_000];
}

export function Chart({ days, usual, marks, notes, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const [read, setRead] = useState<number | null>(null);
  const [over, setOver] = useState<HTMLElement | null>(null);
  const key = JSON.stringify([days, usual, marks]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when what it shows, or its colours, changed
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const options = optionsOf(element.clientWidth, coloursOf(element), marks, setRead);
    const plot = new uPlot(options, dataOf(days, usual), element);
    setOver(plot.over);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [key, scheme]);
  return (
    <figure>
      <Legend usual={usual} />
      <div className="chart" ref={place} role="img" aria-label={label} />
      {over !== null && createPortal(<NoteMarks notes={notes} span={spanOf(days)} />, over)}
      <p className="reading" aria-hidden="true">
        {reading(days, read)}
      </p>
      <NoteList notes={notes} />
    </figure>
  );
}

function reading(days: DailySeries, index: number | null): string {
  const heard = index === null ? undefined : days.heard[index];
  if (index === null || heard === undefined) return '';
  const date = new Date((seconds(days.from) + (index + 0.5) * daySeconds) * 1_000);
  const name = date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  const week = trendOf(days)[index];
  const of7 = week == null ? '' : `; seven days: ${ofHundred(week)} of 100`;
  return `${name}: ${count(days.unhappy[index] ?? 0)} of ${count(heard)} heard had a bad time${of7}`;
}

function Legend({ usual }: { usual: number | null }) {
  return (
    <figcaption className="legend">
      <span>
        <i />
        seven days
      </span>
      <span>
        <i className="band" />
        95 % interval
      </span>
      <span>
        <i className="day" />
        one day
      </span>
      {usual !== null && (
        <span>
          <i className="usual" />
          usual, {ofHundred(usual)} of 100
        </span>
      )}
    </figcaption>
  );
}
