// Every figure and sentence that the page says. Shares are of one, told of a hundred customers; times are in the
// reader's zone. Pure: what time it is comes in.
import type { Alert, AlertSummary, Gap, StageOverview } from '../src/schemas.ts';

const dayMs = 86_400_000;
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

/** Of 100: whole, below one with a digit, so that little is not none. */
export function ofHundred(share: number): string {
  const value = Math.abs(share * 100);
  const text = value >= 0.05 && value < 0.95 ? value.toFixed(1) : whole.format(value);
  return share < 0 && text !== '0' ? `−${text}` : text;
}

export function percent(share: number): string {
  return `${ofHundred(share)} %`;
}

/** Half the width of an interval, of 100. */
export function plusMinus([low, high]: readonly [number, number]): string {
  return `±${ofHundred((high - low) / 2)}`;
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** '11–17', of 100. */
export function range([low, high]: readonly [number, number]): string {
  return `${ofHundred(clip(low))}–${ofHundred(clip(high))}`;
}

/** Interval of an alert's share now. The size of a knowledge gap holds what the reports rose by too, which no customer lived. */
export function nowInterval({ now, size, interval }: Pick<Alert, 'now' | 'size' | 'interval'>): [number, number] {
  return [clip(now - size + interval[0]), clip(now - size + interval[1])];
}

/** '3 Nov', with the year where it is not that of `asOf`. */
export function day(time: string, asOf: string | null): string {
  const date = new Date(time);
  const isThisYear = asOf !== null && new Date(asOf).getFullYear() === date.getFullYear();
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(!isThisYear && { year: 'numeric' }) });
}

export function dayAndTime(time: string): string {
  return new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** '20 days ago', as the log counts time. */
export function ago(time: string, asOf: string | null): string {
  if (asOf === null) return '';
  const days = (Date.parse(asOf) - Date.parse(time)) / dayMs;
  if (days < 0) return day(time, asOf);
  if (days < 1 / 24) return 'within the hour';
  if (days < 1) return plural(Math.floor(days * 24), 'hour', ' ago');
  return plural(Math.floor(days), 'day', ' ago');
}

export function plural(number: number, word: string, after = ''): string {
  return `${count(number)} ${word}${number === 1 ? '' : 's'}${after}`;
}

export function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** 'once in 90 days', 'twice in 30 days' */
export function often({ count: times, perDays }: { count: number; perDays: number }): string {
  const words = times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`;
  return `${words} in ${plural(perDays, 'day')}`;
}

/** The open alert of the stage that grew most. */
export function worst(stages: readonly StageOverview[]): StageOverview | null {
  const open = stages.filter(({ alert }) => alert !== null);
  return open.toSorted((one, other) => (other.alert?.size ?? 0) - (one.alert?.size ?? 0))[0] ?? null;
}

export type Headline = { readonly title: string; readonly detail: string };

export function headline(stages: readonly StageOverview[], asOf: string | null): Headline {
  const stage = worst(stages);
  if (stage?.alert) return { title: worseTitle(stage, stage.alert, asOf), detail: alsoWorse(stages, stage) };
  const watched = stages.filter(({ state }) => state === 'watching').length;
  if (watched > 0) return { title: 'No stage is getting worse.', detail: calmDetail(stages, watched, asOf) };
  const until = stages.flatMap(({ learningUntil }) => learningUntil ?? []).sort()[0];
  const when = until === undefined ? '' : `: the first stage is watched from ${day(until, asOf)}`;
  return {
    title: `Still learning what is usual${when}.`,
    detail: 'Until then nothing can be called worse. History ends the wait today:',
  };
}

function worseTitle({ name, heardOf }: StageOverview, alert: NonNullable<StageOverview['alert']>, asOf: string | null) {
  const who = heardOf === 'customers' ? 'customers' : 'voices';
  const now = `${ofHundred(alert.now)} of 100 ${who} had a bad time there`;
  return `${name} is getting worse since ${day(alert.onset, asOf)}: ${now}, before it was ${ofHundred(alert.before)}.`;
}

function alsoWorse(stages: readonly StageOverview[], first: StageOverview): string {
  const others = stages.filter((stage) => stage.alert !== null && stage.id !== first.id).map(({ name }) => name);
  return others.length === 0
    ? 'No other stage is getting worse.'
    : `${list(others)} ${others.length === 1 ? 'is' : 'are'} getting worse as well.`;
}

function calmDetail(stages: readonly StageOverview[], watched: number, asOf: string | null): string {
  const learning = stages.filter(({ state }) => state === 'learning');
  const silent = stages.filter(({ state }) => state === 'silent').map(({ name }) => name);
  const parts = [`${watched} of ${plural(stages.length, 'stage')} ${watched === 1 ? 'is' : 'are'} watched`];
  if (learning.length > 0)
    parts.push(`${list(learning.map((stage) => stage.name + untilOf(stage, asOf)))} still learning`);
  if (silent.length > 0) parts.push(`nobody was heard at ${list(silent)}`);
  return `${parts.join('; ')}.`;
}

function untilOf({ learningUntil }: StageOverview, asOf: string | null): string {
  return learningUntil === null ? '' : ` (until ${day(learningUntil, asOf)})`;
}

/** What a stage's figure stands beside: sign, words, and whether it means trouble. */
export function direction(
  stage: StageOverview,
  asOf: string | null,
): { sign: string; text: string; isWidening: boolean } {
  const usual = stage.usual === null ? '' : ofHundred(stage.usual);
  if (stage.alert !== null) {
    const text = `worse since ${day(stage.alert.onset, asOf)}, before ${ofHundred(stage.alert.before)}`;
    return { sign: '▲', text, isWidening: true };
  }
  if (stage.state === 'learning') {
    const until = stage.learningUntil === null ? '' : ` until ${day(stage.learningUntil, asOf)}`;
    return { sign: '', text: `learning${until}`, isWidening: false };
  }
  if (stage.direction === null) return { sign: '', text: '', isWidening: false };
  const words = {
    worse: ['↗', `above the usual ${usual}`],
    better: ['↘', `below the usual ${usual}`],
    steady: ['→', `as usual, ${usual}`],
  };
  const [sign = '', text = ''] = words[stage.direction];
  return { sign, text, isWidening: false };
}

/** The share that a stage shows: that of its open alert, else of its week. */
export function figure(stage: StageOverview): { share: number; interval: [number, number] | null } | null {
  if (stage.alert !== null) return { share: stage.alert.now, interval: nowInterval(stage.alert) };
  if (stage.unhappyShare === null) return null;
  return { share: stage.unhappyShare, interval: stage.unhappyInterval };
}

/** Who was heard: silence is not satisfaction. */
export function heard({ now, heardOf, heard: number, coverage }: StageOverview): string {
  if (now === null || number === 0) return 'nobody told us that week';
  if (heardOf === 'voices') return `${plural(number, 'anonymous voice')}`;
  if (coverage === null) return `${count(number)} told us, of unknown`;
  return `${percent(coverage)} of ${count(now.exposed ?? 0)} told us`;
}

export const gapNames = {
  baseline: 'Worse than before',
  knowledge: 'Worse than we report',
  desire: 'Short, and we know',
  total: 'Short of wanted',
} as const;

const lacks = {
  belief: 'nothing reported',
  target: 'no target',
  voices: 'nobody heard',
  history: 'still learning',
} as const;

/** A gap in customers of 100; one that was not measured says what it lacks. */
export function gapText(gap: Gap): { text: string; isMeasured: boolean } {
  if (gap.state === 'unmeasured') return { text: lacks[gap.needs], isMeasured: false };
  const value = ofHundred(gap.size);
  const spread = gap.interval === null ? '' : ` ${plusMinus(gap.interval)}`;
  return { text: `${gap.size > 0 && value !== '0' ? '+' : ''}${value}${spread}`, isMeasured: true };
}

/** Would it still stand without its loudest source? */
export function standing({ fragile }: AlertSummary): string {
  if (fragile.loudestSource === null || fragile.standsWithout === null) return 'It rests on one source alone.';
  const without = `without ${fragile.loudestSource}, its loudest source`;
  return fragile.standsWithout ? `It still stands ${without}.` : `It would not stand ${without}.`;
}

export function churn({ churn: { state, excess, interval, days } }: AlertSummary): { value: string; note: string } {
  if (state === 'not-enough-evidence' || excess === null) {
    return { value: 'Not enough evidence', note: 'Too few customers who left are known to say what it costs.' };
  }
  const spread = interval === null ? '' : ` (${count(interval[0])}–${count(interval[1])})`;
  const source = state === 'prior' ? 'from what is usual elsewhere' : 'an association';
  return {
    value: `${count(excess)} customers${spread}`,
    note: `likely to leave because of it within ${days} days, beyond the usual; ${source}`,
  };
}

const endings = {
  closed: 'it is over',
  escalated: 'another alert goes on from it, worse again,',
  rebased: 'the new level was accepted as normal',
} as const;

export function alertTitle(alert: AlertSummary, asOf: string | null): string {
  const where = alert.segment === null ? alert.stageName : `${alert.stageName} (${alert.segment.replace(':', ' ')})`;
  if (alert.reversed) return `${where} got better about ${day(alert.onset, asOf)}.`;
  if (alert.state === 'open') return `${where} is getting worse, since about ${day(alert.onset, asOf)}.`;
  const ended = endings[alert.outcome ?? 'closed'];
  return `${where} got worse about ${day(alert.onset, asOf)}; ${ended} since ${day(alert.closedAt ?? alert.at, asOf)}.`;
}

/** Since when: the onset with its interval. */
export function onsetRange({ onsetInterval }: AlertSummary, asOf: string | null): string {
  return onsetInterval === null ? '' : `between ${day(onsetInterval[0], asOf)} and ${day(onsetInterval[1], asOf)}`;
}
