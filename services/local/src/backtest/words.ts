// The sentences of a backtest, the same in a terminal and in a file: shares as so many of 100 customers, days in UTC.
import { causeText } from '@gapwatch/console/cause';
import type { BacktestAlert } from './report.ts';
import type { Showing, Shows } from './shows.ts';
import type { Days, StageView } from './stages.ts';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

export function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? '' : 's'}`;
}

/** Of 100: whole, below one with a digit, so that little is not none. */
export function ofHundred(share: number): string {
  const value = Math.abs(share * 100);
  const text = value > 0 && value < 0.95 ? value.toFixed(1) : whole.format(value);
  return share < 0 && text !== '0' ? `−${text}` : text;
}

/** '11–17', of 100. */
function range(low: number, high: number): string {
  const clip = (share: number) => Math.min(1, Math.max(0, share));
  return `${ofHundred(clip(low))}–${ofHundred(clip(high))}`;
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** '3 Nov 2025' */
export function day(time: string | number): string {
  return dayFormat.format(new Date(time));
}

export function minute(time: string): string {
  return `${day(time)} ${time.slice(11, 16)} UTC`;
}

export const gapNames: Readonly<Record<Showing['gap'], string>> = {
  baseline: 'Worse than before',
  knowledge: 'Worse than we report',
  desire: 'Short, and we know',
  total: 'Short of wanted',
  resolution: 'Solved, customers say not',
  promise: 'Promise broken',
  standards: 'Kept, still unhappy',
  action: 'Known, not fixed',
  solicited: 'Surveys say otherwise',
  lateral: 'All green, customer red',
  churn: 'Customers who leave',
};

/** The first line: how much of what Gapwatch looks for this export can show. */
export function showsTitle({ gaps }: Shows): string {
  const shown = gaps.filter(({ state }) => state !== 'missing').length;
  const missing = gaps.length - shown;
  if (missing === 0) return `This export has what all of the ${gaps.length} gaps need that Gapwatch looks for.`;
  const lacks = shown === 0 ? 'none' : `${shown}`;
  return `This export has what ${lacks} of the ${gaps.length} gaps need; the other ${missing === 1 ? 'one' : missing} it cannot show, whatever happened.`;
}

export const stateWords: Readonly<Record<Showing['state'], string>> = {
  shown: 'yes',
  partly: 'in part',
  missing: 'no',
};

/** What the shares of the statements mean for what is shown. */
export function showsNotes({ statements, named, mapped, coverage, sources, joined }: Shows): string[] {
  if (statements === 0) return ['No customer said anything in it.'];
  return [
    `${percent(named)} of ${plural(statements, 'statement')} name a customer${named === 1 ? '' : ': the others are anonymous voices, counted apart'}.`,
    coverage === 'known'
      ? 'It says who was there, so the share that was heard is known.'
      : 'Nobody says who was there: how many kept silent is not known (lifecycle events active with a stage say it).',
    `${percent(mapped)} belong to a stage${mapped === 1 ? '' : ': the others are shown as unknown'}.`,
    sources.length < 2
      ? 'One source: no other can confirm it.'
      : `${plural(sources.length, 'source')}; ${percent(joined)} of the customers are known to more than one.`,
  ];
}

function percent(share: number | null): string {
  if (share === null) return 'none';
  // all is said of all alone
  return `${share < 1 && share > 0.995 ? '99.9' : ofHundred(share)} %`;
}

export function stateText({ state, learningUntil }: Pick<StageView, 'state' | 'learningUntil'>): string {
  if (state !== 'learning') return state;
  return learningUntil === null ? 'learning: heard too seldom' : `learning until ${day(learningUntil)}`;
}

/** 'Delivery got worse about 3 Nov 2025; it is over since 20 Dec 2025.' */
export function alertTitle({ onset, closedAt, outcome, gap, reversed, follows }: BacktestAlert, name: string): string {
  const what = gap === 'baseline' ? '' : ` (${gapNames[gap].toLowerCase()})`;
  if (reversed) return `${name} got better about ${day(onset)}${what}.`;
  const again = follows === undefined ? '' : ' again';
  if (closedAt === null) return `${name} is getting worse${again}, since about ${day(onset)}${what}.`;
  return `${name} got worse${again} about ${day(onset)}${what}; ${endings[outcome ?? 'closed']} ${day(closedAt)}.`;
}

const endings = {
  closed: 'it was over on',
  rebased: 'the new level was accepted as normal on',
  escalated: 'it got worse again on',
} as const;

export type AlertWords = {
  readonly since: string;
  readonly large: string;
  readonly sure: string;
  readonly why: string;
  /** null: an improvement costs nothing */
  readonly cost: string | null;
};

export function alertWords(alert: BacktestAlert, budget: { count: number; perDays: number }): AlertWords {
  const { before, now, size, interval, evidence, customers, onset, onsetInterval, openedAt, churn, reversed } = alert;
  const between = onsetInterval === null ? '' : ` (between ${day(onsetInterval[0])} and ${day(onsetInterval[1])})`;
  const of = customers.exposed === null ? '' : ` of ${count(customers.exposed)} who were there`;
  return {
    since: `Began about ${day(onset)}${between}; alerted ${minute(openedAt)}.`,
    large: `${ofHundred(now)} of 100 had a bad time (${range(now - size + interval[0], now - size + interval[1])}); before, ${ofHundred(before)}. ${plural(customers.heard, 'vote')}${of}.`,
    sure: `Noise alone does this ${often(budget)} at a stage that is as before (evidence ${count(evidence.value)}, alert at ${count(evidence.threshold)}).`,
    why: `${causeText(alert)}${moved(alert)}. ${standing(alert)}`,
    cost: reversed ? null : churnText(churn),
  };
}

function moved({ cause, mix }: BacktestAlert): string {
  if (cause !== 'mix-moved' || !mix) return '';
  return `: ${mix.dimension} ${mix.value} went from ${ofHundred(mix.before)} to ${ofHundred(mix.now)} of 100 voices`;
}

/** 'once in 90 days' */
function often({ count: times, perDays }: { count: number; perDays: number }): string {
  const words = times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`;
  return `${words} in ${plural(perDays, 'day')}`;
}

/** Would it still stand without its loudest source? */
function standing({ fragile: { loudestSource, standsWithout } }: BacktestAlert): string {
  if (loudestSource === null || standsWithout === null) return 'It rests on one source alone: no other can confirm it.';
  const without = `without ${loudestSource}, its loudest source`;
  return standsWithout ? `It still stands ${without}.` : `Fragile: it would not stand ${without}.`;
}

function churnText({ state, excess, interval, days }: BacktestAlert['churn']): string {
  if (state === 'not-enough-evidence' || excess === null) return 'What it costs: not enough evidence.';
  const spread = interval === null ? '' : ` (${count(interval[0])}–${count(interval[1])})`;
  const source = state === 'prior' ? 'from what is usual elsewhere' : 'an association';
  return `About ${plural(Math.round(excess), 'customer')}${spread} likely to leave because of it within ${days} days, beyond the usual; ${source}.`;
}

const trendDays = 7;
/** Fewer heard in seven days draw no line: it would be noise. */
const leastHeard = 5;

/** Heard and unhappy of the seven days that end with each day; null where too few were heard. */
export function weeksOf({ heard, unhappy }: Days): ({ heard: number; unhappy: number } | null)[] {
  let all = 0;
  let bad = 0;
  return heard.map((value, index) => {
    all += value - (heard[index - trendDays] ?? 0);
    bad += (unhappy[index] ?? 0) - (unhappy[index - trendDays] ?? 0);
    return all < leastHeard ? null : { heard: all, unhappy: bad };
  });
}
