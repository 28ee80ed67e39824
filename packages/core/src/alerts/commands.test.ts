import {
  type AlertRecord,
  alertRecordSchema,
  type Command,
  type FrictionRecord,
  type LogRecord,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { hourMs } from '../friction/time.ts';
import { hash32 } from '../hash.ts';
import { MemoryWorkspace } from '../memory-workspace.ts';
import { commandOutput, copyCommands, readCommand } from './commands.ts';
import { type AlertDocument, foldFriction, frictionDocuments, readFriction, type StageDocument } from './fold.ts';
import { alertKey, stageKey } from './keys.ts';

const firstHour = Math.floor(Date.UTC(2026, 0, 1) / hourMs);
const stepDay = 60;
const openDay = 68;

/** One detector, its two topics, and everything that came out. */
class Detector {
  readonly workspace = new MemoryWorkspace();
  #offset = 0;
  #commandOffset = 0;

  /** Four customers an hour; from day 60 on three in ten are unhappy, before one in ten. */
  hear(fromDay: number, toDay: number): void {
    for (let hour = firstHour + fromDay * 24; hour < firstHour + toDay * 24; hour += 1) {
      const share = hour < firstHour + stepDay * 24 ? 0.1 : 0.3;
      let unhappy = 0;
      for (let one = 0; one < 4; one += 1)
        unhappy += (hash32(`${hour - firstHour} ${one}`) % 1_000) / 1_000 < share ? 1 : 0;
      const levels: [number, number][] = [
        [0, 4 - unhappy],
        [10, unhappy],
      ];
      const at = new Date((hour + 1) * hourMs).toISOString();
      const votes = [{ hour, stage: 'delivery', segment: null, source: 'survey', levels }];
      const origin = { topic: 'signals', partition: 0, offset: hour, index: 0 };
      this.take({ type: 'hour', origin, partition: 0, partitions: 1, upTo: hour + 1, at, votes }, (hour + 1) * hourMs);
    }
  }

  take(content: FrictionRecord, time: number): void {
    const value = new TextEncoder().encode(JSON.stringify(content));
    const headers = { schema: schemaVersions.friction };
    const place = { topic: 'friction', partition: 0, offset: this.#offset };
    this.#offset += 1;
    const reading = readFriction({ ...place, time, key: null, value, headers } satisfies LogRecord);
    if (!('input' in reading)) throw new Error('our own record must be readable');
    foldFriction([reading.input], this.workspace);
  }

  /** The way of a command: `commands`, the copy in `friction`, the fold. */
  say(over: Partial<Command> & Pick<Command, 'action'>, sent = 1): void {
    const time = (firstHour + (openDay + 1) * 24) * hourMs;
    const at = new Date(time).toISOString();
    const { value, headers = {} } = commandOutput({
      type: 'command',
      id: `${over.action}-${over.by ?? 'anna'}`,
      alert: this.alert.id,
      sequence: this.alert.sequence,
      by: 'anna',
      at,
      ...over,
    });
    for (let time1 = 0; time1 < sent; time1 += 1) {
      const bytes = new TextEncoder().encode(value as string);
      const place = { topic: topicNames.commands, partition: 0, offset: this.#commandOffset };
      this.#commandOffset += 1;
      const reading = readCommand({ ...place, time, key: null, value: bytes, headers });
      if (!('input' in reading)) throw new Error('our own command must be readable');
      const copies = new MemoryWorkspace();
      copyCommands([reading.input], copies);
      for (const copy of copies.outputs) this.take(JSON.parse(copy.value as string) as FrictionRecord, time);
    }
  }

  get alerts(): AlertRecord[] {
    return this.workspace.outputs.map(({ value }) => JSON.parse(value as string) as AlertRecord);
  }

  get alert(): AlertRecord {
    return this.alerts.at(-1)!;
  }

  get document(): AlertDocument {
    return this.workspace.get<AlertDocument>(alertKey(this.alert.id))!;
  }
}

function opened(): Detector {
  const detector = new Detector();
  detector.hear(0, openDay);
  expect(detector.alert.state).toBe('open');
  return detector;
}

describe('a command', () => {
  it('becomes the next record of the alert, and is in every later one', () => {
    const detector = opened();
    const before = detector.alert;
    detector.say({ action: 'acknowledge' });
    detector.say({ action: 'fix', details: { text: 'another courier, ask anna@example.com' } });
    const { acknowledged, fixed } = detector.alert.people ?? {};
    expect(detector.alert).toMatchObject({ sequence: before.sequence + 2, event: 'updated', reason: 'fixed' });
    expect([acknowledged?.by, fixed?.text]).toEqual(['anna', 'another courier, ask <email>']);
    detector.hear(openDay, openDay + 4);
    expect(detector.alert.reason).not.toBe('fixed');
    expect(detector.alert.people).toEqual({ acknowledged, fixed });
    expect(detector.alerts.map(({ sequence }) => sequence)).toEqual(detector.alerts.map((_, index) => index + 1));
    for (const alert of detector.alerts) expect(alertRecordSchema.parse(alert)).toEqual(alert);
  });

  it('that comes twice is folded once', () => {
    const detector = opened();
    detector.say({ action: 'acknowledge' }, 3);
    expect(detector.alerts.filter(({ reason }) => reason === 'acknowledged')).toHaveLength(1);
    expect(detector.workspace.counts).toMatchObject({ 'command-applied': 1, 'command-repeated': 2 });
  });

  it('of which only the first of two colleagues is right leaves the other in the history', () => {
    const detector = opened();
    const { sequence } = detector.alert;
    detector.say({ action: 'acknowledge', sequence });
    detector.say({ action: 'acknowledge', sequence, by: 'ben' });
    expect(detector.alert.people?.acknowledged?.by).toBe('anna');
    expect(detector.document.history.slice(-2).map(({ reason, command }) => [reason, command?.by])).toEqual([
      ['acknowledged', 'anna'],
      ['superseded', 'ben'],
    ]);
    expect(detector.workspace.counts['command-superseded']).toBe(1);
  });

  it('on no alert is a dead letter with its reason', () => {
    const detector = opened();
    detector.say({ action: 'acknowledge', alert: 'none' });
    expect(detector.workspace.rejections.map(({ code }) => code)).toEqual(['unknown-alert']);
  });

  it('moves no hour on: the alerts are those that would have come without it', () => {
    const [silent, spoken] = [opened(), opened()];
    spoken.say({ action: 'acknowledge' });
    for (const detector of [silent, spoken]) detector.hear(openDay, openDay + 10);
    const figures = (detector: Detector) =>
      detector.alerts
        .filter(({ reason }) => reason !== 'acknowledged')
        .map(({ event, size, evidence }) => [event, size, evidence]);
    expect(figures(spoken)).toEqual(figures(silent));
  });

  it('asks for the documents of its alert and its stage', () => {
    const detector = opened();
    const loaded = new Set<string>(['detector', alertKey(detector.alert.id)]);
    const workspace = Object.assign(Object.create(detector.workspace) as MemoryWorkspace, {
      loaded: (key: string) => loaded.has(key),
      get: (key: string) => (loaded.has(key) ? detector.workspace.get(key) : undefined),
    });
    const command: Command = {
      type: 'command',
      id: '1',
      alert: detector.alert.id,
      sequence: 1,
      action: 'accept',
      by: 'anna',
      at: detector.alert.at,
    };
    const content = {
      type: 'command' as const,
      origin: { topic: 'commands', partition: 0, offset: 0, index: 0 },
      command,
    };
    const record = { topic: 'friction', partition: 0, offset: 1, time: 0, key: null, value: null, headers: {} };
    expect(frictionDocuments([{ record, content }], workspace)).toEqual([stageKey('delivery')]);
  });
});

describe('accepting a level', () => {
  it('closes the episode as the new normal, which raises no alert again', () => {
    const detector = opened();
    detector.say({ action: 'accept' });
    expect(detector.alert).toMatchObject({
      event: 'closed',
      state: 'closed',
      outcome: 'rebased',
      reason: 'accepted',
      people: { accepted: { by: 'anna' } },
    });
    expect(detector.document.history.at(-1)).toMatchObject({ event: 'closed', command: { action: 'accept' } });
    expect(detector.workspace.get<StageDocument>(stageKey('delivery'))?.alert).toBeNull();
    const { id } = detector.alert;
    detector.hear(openDay, openDay + 30);
    expect(detector.alert.id).toBe(id);
  });

  it('comes too late for what is closed already', () => {
    const detector = opened();
    detector.say({ action: 'accept' });
    detector.say({ action: 'accept', by: 'ben' });
    expect(detector.document.history.at(-1)).toMatchObject({ reason: 'closed-already', command: { by: 'ben' } });
    expect(detector.alert.people?.accepted?.by).toBe('anna');
  });
});
