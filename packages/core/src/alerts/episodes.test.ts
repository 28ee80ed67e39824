import {
  type AlertRecord,
  alertRecordSchema,
  type BeliefChange,
  type ConfigurationInput,
  type FrictionHour,
  type FrictionRecord,
  type VoteChange,
} from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../friction/time.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { decideDelivery } from './delivery.ts';
import { type AlertDocument, foldFriction, type StageDocument } from './fold.ts';
import { alertKey, stageKey } from './keys.ts';
import type { MixDocument } from './mix.ts';

const firstHour = Math.floor(Date.UTC(2026, 0, 1) / hourMs);
const isoDay = (day: number) => new Date((firstHour + day * 24) * hourMs).toISOString();

/** One detector that hears one or more partitions, hour by hour. */
class Detector {
  readonly workspace = new MemoryWorkspace();
  #offset = 0;

  take(content: FrictionRecord, time: number): void {
    const place = { topic: 'friction', partition: 0, offset: this.#offset, key: null, value: null, headers: {} };
    this.#offset += 1;
    foldFriction([{ record: { ...place, time }, content }], this.workspace);
  }

  configure(configuration: ConfigurationInput): void {
    this.take({ type: 'configuration', hash: 'h', configuration }, firstHour * hourMs);
  }

  hear(hour: number, votes: VoteChange[], more: Partial<FrictionHour> = {}): void {
    const origin = { topic: 'signals', partition: more.partition ?? 0, offset: this.#offset, index: 0 };
    const upTo = hour + 1;
    const at = new Date(upTo * hourMs).toISOString();
    this.take({ type: 'hour', origin, partition: 0, partitions: 1, upTo, at, votes, ...more }, upTo * hourMs);
  }

  get alerts(): AlertRecord[] {
    return this.workspace.outputs.map(({ value }) => JSON.parse(value as string) as AlertRecord);
  }

  get news(): AlertRecord[] {
    return this.alerts.filter(({ event }) => event !== 'updated');
  }
}

/** Votes at 'delivery' that meet the wanted share of unhappy customers as closely as whole customers allow. */
function steady(heard: number, segment: string | null = null, source = 'survey') {
  let owed = 0;
  return (hour: number, share: number, backfill = false): VoteChange => {
    owed += share * heard;
    const unhappy = Math.min(heard, Math.round(owed));
    owed -= unhappy;
    const levels: VoteChange['levels'] = [
      [1, heard - unhappy],
      [9, unhappy],
    ];
    return { hour, stage: 'delivery', segment, source, levels, ...(backfill && { backfill: true as const }) };
  };
}

type Day = (day: number) => number;

/** A company of one stage, whose share of unhappy customers goes by the day. */
function company(days: number, shareAt: Day, claims: Record<number, BeliefChange[]> = {}): Detector {
  const detector = new Detector();
  detector.configure({ stages: [{ id: 'delivery', target: 0.95 }] });
  const votesAt = steady(4);
  for (let index = 0; index < days * 24; index += 1) {
    const beliefs = index % 24 === 0 ? claims[index / 24] : undefined;
    const votes = [votesAt(firstHour + index, shareAt(Math.floor(index / 24)))];
    detector.hear(firstHour + index, votes, beliefs ? { beliefs } : {});
  }
  return detector;
}

const kpi = (share: number, from: number, to = 400): BeliefChange => ({
  stage: 'delivery',
  source: 'scorecards',
  subject: `kpi:${from}`,
  claim: { what: 'kpi', share, from: isoDay(from), to: isoDay(to) },
});

describe('every record', () => {
  it('follows the contract', () => {
    const { alerts } = company(110, (day) => (day < 60 ? 0.1 : day < 75 ? 0.3 : day < 90 ? 0.7 : 0.1), {
      0: [kpi(0.9, 0)],
    });
    expect(new Set(alerts.map(({ event }) => event))).toEqual(new Set(['opened', 'updated', 'closed']));
    for (const alert of alerts) expect(alertRecordSchema.parse(alert)).toEqual(alert);
  });
});

describe('an alert that gets worse again', () => {
  const detector = company(90, (day) => (day < 60 ? 0.1 : day < 75 ? 0.3 : 0.7));
  const [first, closed, next] = detector.news;

  it('ends as escalated, and the next one follows it at the same time', () => {
    expect(detector.news).toHaveLength(3);
    expect(closed).toMatchObject({ id: first?.id, event: 'closed', outcome: 'escalated', reason: 'got-worse-again' });
    expect(next).toMatchObject({ event: 'opened', sequence: 1, state: 'open', follows: first?.id });
    expect(next?.at).toBe(closed?.at);
    expect(next?.id).not.toBe(first?.id);
  });

  it('leaves one open alert, which keeps what it follows', () => {
    expect(detector.workspace.get<StageDocument>(stageKey('delivery'))?.alert).toBe(next?.id);
    const own = detector.alerts.filter(({ id }) => id === next?.id);
    expect(own.length).toBeGreaterThan(3);
    expect(own.every(({ follows }) => follows === first?.id)).toBe(true);
    expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, index) => index + 1));
  });
});

describe('an alert of four weeks', () => {
  it('is accepted as normal', () => {
    const { news, workspace } = company(95, (day) => (day < 60 ? 0.1 : 0.3));
    expect(news.map(({ event, outcome, reason }) => [event, outcome, reason])).toEqual([
      ['opened', null, 'evidence-reached-threshold'],
      ['closed', 'rebased', 'new-normal'],
    ]);
    expect(workspace.get<StageDocument>(stageKey('delivery'))?.alert).toBeNull();
  });
});

describe('an improvement', () => {
  const { news, workspace } = company(75, (day) => (day < 60 ? 0.3 : 0.1));
  const [told] = news;

  it('is a closed record of its own, with a negative size', () => {
    expect(news).toHaveLength(1);
    expect(told).toMatchObject({ event: 'opened', sequence: 1, state: 'closed', reversed: true, outcome: null });
    expect(told?.closedAt).toBe(told?.openedAt);
    expect(told?.size).toBeLessThan(-0.1);
    expect(workspace.get<StageDocument>(stageKey('delivery'))?.alert).toBeNull();
    expect(workspace.get<AlertDocument>(alertKey(told?.id ?? ''))?.record).toEqual(told);
  });

  it('is delivered to nobody', () => {
    const known = { sequence: 0, isRecorded: false };
    const decision = decideDelivery({ kind: 'transition', alert: told! }, known, Date.parse(told!.at));
    expect(decision).toEqual({ action: 'skip', reason: 'reversed' });
  });
});

describe('gaps', () => {
  it('are signed shares, and null where nothing was said', () => {
    const [silent] = company(66, (day) => (day < 60 ? 0.1 : 0.4)).news;
    expect(silent).toMatchObject({ gap: 'baseline', gaps: { knowledge: null, desire: null } });
    const [opened] = company(66, (day) => (day < 60 ? 0.1 : 0.4), { 0: [kpi(0.9, 0)] }).news;
    expect(opened).toMatchObject({ gap: 'knowledge', cause: 'experience-fell' });
    const { baseline, knowledge, desire, total } = opened!.gaps!;
    expect(baseline).toBeCloseTo(opened!.now - opened!.before, 3);
    expect(knowledge).toBeCloseTo(0.9 - (1 - opened!.now), 3);
    expect(desire).toBeCloseTo(0.05, 6);
    expect(total).toBeCloseTo(desire! + knowledge!, 3);
  });

  it('widen when what is reported rises: the cause is told, the target event counts', () => {
    const target: BeliefChange = {
      stage: 'delivery',
      source: 'board',
      subject: 'target',
      claim: { what: 'target', share: 0.99, from: isoDay(1), to: isoDay(400) },
    };
    const [opened] = company(80, () => 0.1, { 0: [kpi(0.8, 0), target], 65: [kpi(0.97, 65)] }).news;
    expect(opened).toMatchObject({ event: 'opened', gap: 'knowledge', cause: 'belief-rose', mix: null });
    expect(opened?.gaps?.desire).toBeCloseTo(0.02, 6);
    expect(opened?.size).toBeCloseTo(0.17, 1);
  });

  it('say for each stage what they lack', () => {
    const document = company(20, () => 0.1).workspace.get<StageDocument>(stageKey('delivery'));
    expect(document?.describe).toMatchObject({
      state: 'learning',
      gaps: { baseline: 'history', knowledge: 'belief', desire: 'belief', total: null },
    });
  });
});

describe('the mix', () => {
  /** Half of the voices are of plan `pro` until day 60; of every plan the same share is unhappy on every day. */
  function segments(proFrom60: number, shareOf: (plan: string, day: number) => number): Detector {
    const detector = new Detector();
    const own = new Map(
      ['pro', 'free'].map((plan) => [plan, [2, 6, 10].map((heard) => steady(heard, `plan:${plan}`))]),
    );
    for (let index = 0; index < 72 * 24; index += 1) {
      const [hour, day] = [firstHour + index, Math.floor(index / 24)];
      const pro = day < 60 ? 6 : proFrom60;
      const of = (plan: string, heard: number) => own.get(plan)![[2, 6, 10].indexOf(heard)]!(hour, shareOf(plan, day));
      const parts = [of('pro', pro), of('free', 12 - pro)];
      const levels = parts.flatMap((part) => part.levels);
      detector.hear(hour, [{ hour, stage: 'delivery', segment: null, source: 'survey', levels }, ...parts]);
    }
    return detector;
  }

  it('that moves to those who were unhappy before is the cause', () => {
    const [opened] = segments(10, (plan) => (plan === 'pro' ? 0.5 : 0.1)).news;
    expect(opened).toMatchObject({ event: 'opened', cause: 'mix-moved', mix: { dimension: 'plan' } });
    expect(opened?.mix?.before).toBeCloseTo(0.5, 1);
    expect(['pro', 'free']).toContain(opened?.mix?.value);
  });

  it('that stays is none: experience fell', () => {
    const [opened] = segments(6, (_, day) => (day < 60 ? 0.1 : 0.35)).news;
    expect(opened).toMatchObject({ event: 'opened', cause: 'experience-fell', mix: null });
  });

  it('of sources is told from experience likewise', () => {
    const detector = new Detector();
    const [survey, ticket] = [steady(4), steady(4, null, 'ticket')];
    const more = steady(12, null, 'ticket');
    for (let index = 0; index < 75 * 24; index += 1) {
      const [hour, isLate] = [firstHour + index, index >= 60 * 24];
      detector.hear(hour, [survey(hour, isLate ? 0.22 : 0.1), isLate ? more(hour, 0.6) : ticket(hour, 0.6)]);
    }
    expect(detector.news[0]).toMatchObject({ cause: 'mix-moved', mix: { dimension: 'source' } });
  });

  it('keeps at most fifty values a dimension apart, in whatever order they come', () => {
    const detector = new Detector();
    for (let index = 0; index < 24 * 30; index += 1) {
      const hour = firstHour + index;
      const parts = Array.from({ length: 60 }, (_, value) => steady(1, `city:${value}`)(hour, 0));
      detector.hear(hour, index % 2 === 0 ? parts : parts.toReversed());
    }
    const [[, document]] = [...detector.workspace.scan('mix|')] as [[string, object]];
    const { values } = document as MixDocument;
    expect(Object.keys(values)).toHaveLength(51);
    expect(values['city:other']?.days.every(([, votes]) => votes === 24 * 10)).toBe(true);
    expect(values['city:0']?.days.length).toBeLessThanOrEqual(21);
  });
});

describe('the past', () => {
  it('that is told later shapes the baseline and never the evidence', () => {
    const detector = new Detector();
    const [calm, past] = [steady(4), steady(20)];
    for (let index = 0; index < 60 * 24; index += 1) {
      const hour = firstHour + index;
      const history = index === 59 * 24 ? Array.from({ length: 48 }, (_, ago) => past(hour - 48 + ago, 0.9, true)) : [];
      detector.hear(hour, [calm(hour, 0.1), ...history]);
    }
    expect(detector.news).toEqual([]);
    const series = detector.workspace.get<StageDocument>(stageKey('delivery'))!.state.sources[0]!;
    expect(series.votes).toBe(60 * 24 * 4 + 48 * 20);
  });
});

describe('claims of two partitions', () => {
  it('give the same whoever speaks first, and are taken back only by who told them', () => {
    const gone: BeliefChange = { ...kpi(0.9, 0), claim: null };
    const told = [
      { partition: 0, beliefs: [kpi(0.9, 0)] },
      { partition: 1, beliefs: [gone] },
    ];
    const states = [told, told.toReversed()].map((order) => {
      const detector = new Detector();
      for (const { partition, beliefs } of order)
        detector.hear(firstHour, partition === 0 ? [steady(4)(firstHour, 0)] : [], {
          partition,
          partitions: 2,
          beliefs,
        });
      return detector.workspace.get<StageDocument>(stageKey('delivery'))?.state;
    });
    expect(states[0]).toEqual(states[1]);
    expect(states[0]?.belief?.share).toBe(0.9);
  });
});
