// What is said of an alert to a person: sentences without markup. Shares are told of a hundred customers; days are UTC.
import type { AlertRecord } from '@gapwatch/contracts';
import type { News } from './delivery.ts';

/** What a gap is called where people read. */
export const gapTitles: Readonly<Record<AlertRecord['gap'], string>> = {
  baseline: 'worse than before',
  knowledge: 'worse than we report',
  desire: 'short, and we know',
  total: 'short of wanted',
  resolution: 'solved, customers say not',
  promise: 'promise broken',
  standards: 'kept, still unhappy',
  action: 'known, not fixed',
  solicited: 'surveys say otherwise',
  lateral: 'all green, customer red',
};

/** One sentence. `stage`: its name. */
export function alertSentence(news: News, alert: AlertRecord, stage: string): string {
  const place = alert.segment === null ? stage : `${stage} (${alert.segment})`;
  if (news === 'closed') return `${place} ${endOf(alert)}: alert ${alert.id} is closed.`;
  const verb = news === 'reminder' ? 'is still worse' : isMore(news, alert) ? 'got worse again' : 'is getting worse';
  return `${place} ${verb}, since about ${day(alert.onset)}: ${extentOf(alert)}.`;
}

/** What the sentence rests on, in a second line. */
export function alertGrounds({ size, interval, customers, budget, id }: AlertRecord): string {
  const [from, to] = interval.map(ofHundred);
  const days = Math.round(budget.perDays / budget.count);
  return `${ofHundred(size)} more of 100 (${from} to ${to}), ${customers.heard} votes. Noise alone does this once in ${days} days. Alert ${id}.`;
}

function endOf({ outcome }: AlertRecord): string {
  return outcome === 'rebased' ? 'stays as it is, accepted as normal' : 'is as before again';
}

function isMore(news: News, { follows }: AlertRecord): boolean {
  return news === 'worsened' || follows !== undefined;
}

/** Before and now are what customers lived; a gap to what was reported or wanted is told by its name and size. */
function extentOf({ gap, before, now, size }: AlertRecord): string {
  if (gap !== 'baseline') return `${gapTitles[gap]}, by ${ofHundred(size)} of 100 customers`;
  return `${ofHundred(now)} of 100 customers had a bad time there; before, ${ofHundred(before)}`;
}

function ofHundred(share: number): number {
  return Math.round(share * 100);
}

function day(time: string): string {
  return time.slice(0, 10);
}
