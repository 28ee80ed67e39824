// A backtest for a person: what was read, what it can show, what each stage said, and what would have been alerted.
import type { BacktestAlert, BacktestReport } from '../backtest/report.ts';
import type { BacktestResult } from '../backtest/run.ts';
import { shownStages } from '../backtest/shown.ts';
import type { Showing } from '../backtest/shows.ts';
import type { StageView } from '../backtest/stages.ts';
import {
  alertTitle,
  alertWords,
  count,
  day,
  gapNames,
  plural,
  showsNotes,
  showsTitle,
  stateText,
  stateWords,
  weeksOf,
} from '../backtest/words.ts';
import { named } from './account.ts';
import { table, wrap } from './columns.ts';
import { placeIn, sparkline } from './sparkline.ts';

export type Screen = {
  /** characters in a line */
  readonly width: number;
  /** emphasis beside the words and signs, which say everything alone */
  readonly style: (format: 'bold' | 'dim' | 'red' | 'green', text: string) => string;
};

/** What a stranger wrote may hold what moves the cursor: of a line only its letters are printed. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, '\u{fffd}');
}

/** Lines without their ends. */
export function printBacktest(result: BacktestResult, screen: Screen): string[] {
  const { report } = result;
  if (report.signals.accepted === 0)
    return [...readingLines(report, screen), 'Nothing of it was taken, so that there is nothing to show.'];
  return [
    ...showLines(report, screen),
    '',
    ...readingLines(report, screen),
    '',
    ...stageLines(result, screen),
    '',
    ...alertLines(result, screen),
  ];
}

function showLines({ shows }: BacktestReport, screen: Screen): string[] {
  return [
    ...wrap(showsTitle(shows), screen.width).map((line) => screen.style('bold', line)),
    '',
    ...shows.gaps.flatMap((showing) => showingLines(showing, screen)),
    '',
    ...showsNotes(shows).flatMap((note) => wrap(note, screen.width)),
  ];
}

const stateWidth = 9;

function showingLines({ gap, state, needs, found, get }: Showing, { width, style }: Screen): string[] {
  const indent = ' '.repeat(stateWidth);
  const lines = (text: string) => wrap(text, Math.max(20, width - stateWidth));
  const [first = '', ...rest] = lines(`${gapNames[gap]}: ${found}`);
  const more = [...(state === 'missing' ? lines(`needs ${needs}`) : []), ...(get === null ? [] : lines(`→ ${get}`))];
  return [
    style(state === 'missing' ? 'red' : 'green', stateWords[state].padEnd(stateWidth)) + first,
    ...[...rest, ...more].map((line) => indent + line),
  ];
}

function readingLines({ signals, from, to }: BacktestReport, { width }: Screen): string[] {
  const { read, accepted, repeated, skipped, rejected } = signals;
  const account = `read ${read}: accepted ${accepted}, repeated ${repeated}${named('skipped', skipped)}${named('rejected', rejected)}`;
  return [...wrap(account, width), ...(from === null || to === null ? [] : [`from ${day(from)} to ${day(to)}`])];
}

const shownDays = 90;

const mostStages = 50;

function stageLines({ report, stages }: BacktestResult, screen: Screen): string[] {
  const { names, rest } = shownStages(report.stages, mostStages);
  const rows = report.stages
    .filter(({ stage }) => names.has(stage))
    .map((stage) => [
      printable(stage.stage),
      count(stage.statements),
      count(stage.customers),
      count(stage.alerts),
      stage.state === 'open' ? '▲ open' : stateText(stage),
    ]);
  const right = { align: 'right' } as const;
  const columns = [
    { title: 'stage' },
    { title: 'statements', ...right },
    { title: 'customers', ...right },
    { title: 'alerts', ...right },
    { title: 'in the end' },
  ];
  const [head = '', ...lines] = table(columns, rows, screen.width);
  const last = stages.filter(({ stage }) => names.has(stage)).map(lastDays);
  const top = last.reduce((most, { shares }) => Math.max(most, ...shares.map((share) => share ?? 0)), 0.05);
  return [
    screen.style('dim', head),
    ...lines.flatMap((line, place) => [line, ...spark(last[place], report.alerts, top, screen)]),
    ...(rest === null ? [] : wrap(rest, screen.width)),
    ...wrap(scaleText(top), screen.width).map((line) => screen.style('dim', line)),
  ];
}

function scaleText(top: number): string {
  return `unhappy customers in the last ${shownDays} days, a full block is ${Math.round(100 * top)} of 100; · nobody heard, ▲ alert`;
}

type LastDays = { readonly stage: string; readonly from: number; readonly shares: (number | null)[] };

const dayMs = 86_400_000;

function lastDays({ stage, days }: StageView): LastDays {
  const shares = weeksOf(days).map((week, index) =>
    week === null || days.heard[index] === 0 ? null : week.unhappy / week.heard,
  );
  const skipped = Math.max(0, shares.length - shownDays);
  return { stage, from: days.from + skipped * dayMs, shares: shares.slice(skipped) };
}

function spark(
  last: LastDays | undefined,
  alerts: readonly BacktestAlert[],
  top: number,
  { width, style }: Screen,
): string[] {
  if (last === undefined || last.shares.length === 0) return [];
  const characters = Math.max(10, width - 4);
  const marks: string[] = [];
  for (const { stage, openedAt } of alerts) {
    const index = Math.floor((Date.parse(openedAt) - last.from) / dayMs);
    if (stage === last.stage && index >= 0 && index < last.shares.length)
      marks[placeIn(index, last.shares.length, characters)] = '▲';
  }
  const under = Array.from(marks, (mark) => mark ?? ' ').join('');
  return [`  ${sparkline(last.shares, top, characters)}`, ...(under === '' ? [] : [`  ${style('red', under)}`])];
}

function alertLines({ report, stages, budget }: BacktestResult, screen: Screen): string[] {
  const { alerts } = report;
  if (alerts.length === 0) return wrap(silence(stages, budget), screen.width);
  const title = `${plural(alerts.length, 'alert')}, in the order in which they would have come:`;
  return [title, ...alerts.flatMap((alert) => ['', ...describe(alert, stages, budget, screen)])];
}

/** No alert is no news only where something was watched. */
function silence(stages: readonly StageView[], { count: times, perDays }: BacktestResult['budget']): string {
  const watched = stages.filter(({ state }) => state === 'watching').length;
  if (watched === 0) return 'No alert: no stage was heard long enough to say what is usual there.';
  return `No alert: nothing at the ${plural(watched, 'stage')} that ${watched === 1 ? 'was' : 'were'} watched was more than noise does ${times === 1 ? 'once' : `${times} times`} in ${perDays} days.`;
}

function describe(
  alert: BacktestAlert,
  stages: readonly StageView[],
  budget: BacktestResult['budget'],
  { width, style }: Screen,
): string[] {
  const name = printable(stages.find(({ stage }) => stage === alert.stage)?.name ?? alert.stage);
  const { since, large, sure, why, cost } = alertWords(alert, budget);
  const isOpen = alert.closedAt === null;
  const [first = '', ...rest] = wrap(`${isOpen ? '▲' : '✓'} ${alertTitle(alert, name)}`, width);
  return [
    style(isOpen ? 'red' : 'green', first),
    ...rest,
    ...[large, since, sure, printable(why), ...(cost === null ? [] : [cost])]
      .flatMap((text) => wrap(text, width - 2))
      .map((line) => `  ${line}`),
  ];
}
