import { configurationSchema, type Signal, signalSchema, spokenKinds } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { knownMs } from './arrival.ts';
import { exampleCompany } from './example.ts';
import { dayMs, hourMs } from './season.ts';

const now = new Date('2026-03-04T10:30:00Z');
const company = exampleCompany(now, 1);
const history = [...company.history()];

const isVoice = (signal: Signal): boolean =>
  spokenKinds.has(signal.kind) && (signal.author ?? 'customer') === 'customer';
const daysAgo = (days: number): number => now.getTime() - days * dayMs;

/** Share of the survey's answers about the stage that were unhappy, between two days before now. */
function unhappyShare(stage: string, fromDaysAgo: number, toDaysAgo: number): number {
  const answers = history.filter((signal) => signal.rating !== undefined && signal.stage === stage);
  const heard = answers.filter(
    (signal) => knownMs(signal) >= daysAgo(fromDaysAgo) && knownMs(signal) < daysAgo(toDaysAgo),
  );
  return (
    heard.filter(({ rating }) => (rating!.max - rating!.value) / (rating!.max - rating!.min) > 0.5).length /
    heard.length
  );
}

describe('the history of the example company', () => {
  it('is half a year that ends now, in order of arrival, in 60,000 to 120,000 signals', () => {
    expect(history.length).toBeGreaterThan(60_000);
    expect(history.length).toBeLessThan(120_000);
    for (let at = 1; at < history.length; at++)
      expect(knownMs(history[at] as Signal)).toBeGreaterThanOrEqual(knownMs(history[at - 1] as Signal));
    expect(knownMs(history[0] as Signal)).toBeGreaterThan(daysAgo(184));
    expect(knownMs(history.at(-1) as Signal)).toBeGreaterThan(daysAgo(1 / 24));
    expect(knownMs(history.at(-1) as Signal)).toBeLessThan(now.getTime());
  });

  it('is canonical, and its configuration is valid and knows the queues', () => {
    for (let at = 0; at < history.length; at += 41) signalSchema.parse(history[at]);
    const { stages, sources } = configurationSchema.parse(company.config);
    const known = new Set(sources.map((source) => source.id));
    for (const signal of history) expect(known.has(signal.source as string)).toBe(true);
    const queues = new Set(stages?.flatMap(({ match }) => match?.flatMap((rule) => ('is' in rule ? rule.is : []))));
    for (const { attributes } of history)
      if (attributes?.queue !== undefined) expect(queues.has(String(attributes.queue))).toBe(true);
  });

  it('has a delivery that got worse 25 days ago, a purchase that got better, and a support that stayed well', () => {
    expect(unhappyShare('delivery', 18, 0) - unhappyShare('delivery', 180, 26)).toBeGreaterThan(0.08);
    expect(unhappyShare('buy', 40, 0) - unhappyShare('buy', 180, 72)).toBeLessThan(-0.07);
    expect(Math.abs(unhappyShare('support', 40, 0) - unhappyShare('support', 180, 41))).toBeLessThan(0.04);
  });

  it('hears most of support, and nothing of renewal any more', () => {
    const voices = history.filter(isVoice);
    const about = (queue: string, stage: string): Signal[] =>
      voices.filter((signal) => signal.stage === stage || signal.attributes?.queue === queue);
    expect(about('service', 'support').length).toBeGreaterThan(about('shipping', 'delivery').length);
    const late = about('contracts', 'renew').filter((signal) => Date.parse(signal.occurredAt) > daysAgo(27));
    expect(late.filter((signal) => signal.thread === undefined)).toEqual([]);
    const visits = history.filter((signal) => signal.lifecycle?.event === 'active' && signal.stage === 'renew');
    expect(visits.filter((signal) => knownMs(signal) > daysAgo(27)).length).toBeGreaterThan(100);
  });

  it('is the same on the same day', () => {
    const later = exampleCompany(new Date(now.getTime() + hourMs), 1).history();
    let at = 0;
    for (const signal of later) {
      if (at === history.length) break;
      expect(signal).toEqual(history[at++]);
    }
    expect(at).toBe(history.length);
  });
});

describe('the present of the example company', () => {
  const seconds = 6 * 3_600;
  const present: Signal[] = [];
  for (const signal of company.live(now.getTime())) {
    if (knownMs(signal) >= now.getTime() + seconds * 1_000) break;
    present.push(signal);
  }

  it('goes on where the history ended, in order, about three signals a second', () => {
    expect(knownMs(present[0] as Signal)).toBeGreaterThanOrEqual(now.getTime());
    for (let at = 1; at < present.length; at++)
      expect(knownMs(present[at] as Signal)).toBeGreaterThanOrEqual(knownMs(present[at - 1] as Signal));
    expect(present.length / seconds).toBeGreaterThan(2.8);
    expect(present.length / seconds).toBeLessThan(3.3);
    for (let at = 0; at < present.length; at += 101) signalSchema.parse(present[at]);
  });

  it('is mostly people who look at pages, and says no more than on the same weekday before', () => {
    const statements = present.filter(isVoice).length;
    const before = [7, 14, 21, 28].map(
      (days) =>
        history.filter(
          (signal) =>
            isVoice(signal) && knownMs(signal) >= daysAgo(days) && knownMs(signal) < daysAgo(days) + seconds * 1_000,
        ).length,
    );
    const usual = before.reduce((sum, count) => sum + count, 0) / 4;
    expect(Math.abs(statements - usual)).toBeLessThan(4.5 * Math.sqrt(usual * 1.25));
    expect(statements / present.length).toBeLessThan(0.02);
  });

  it('meets no subject of the history again, save later versions', () => {
    const known = new Set(history.map((signal) => `${signal.subject} ${signal.version ?? 0}`));
    for (const signal of present) {
      const late = signal.observedAt !== undefined || Date.parse(signal.occurredAt) < now.getTime();
      if (!late) expect(known.has(`${signal.subject} ${signal.version ?? 0}`)).toBe(false);
    }
  });
});
