// Every reason with which an alert is told or not, reached from the records that the detector writes.
import type { AlertRecord } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { decideDelivery, type Known, newsKinds, type Occasion, silences } from './delivery.ts';
import { sampleAlert } from './sample.ts';

const at = '2026-03-04T06:00:00.000Z';
const soon = Date.parse(at) + 60_000;
const dayMs = 86_400_000;
const unknown: Known = { sequence: 0, isRecorded: false };

const snoozed = { snoozed: { by: 'desk', at, until: '2026-03-04T08:00:00.000Z' } };
const acknowledged = { acknowledged: { by: 'desk', at } };
const worsened = { event: 'updated', sequence: 2, reason: 'worsened' } as const;
const closed = { event: 'closed', sequence: 3, state: 'closed', reason: 'gap-closed' } as const;
const snoozeEnd = Date.parse(snoozed.snoozed.until);

type Row = [name: string, reason: string, change: Partial<AlertRecord>, logTime?: number, known?: Known];

const transitions: Row[] = [
  ['an opening', 'opened', {}],
  ['an opening that goes on from another', 'opened', { follows: 'before' }],
  ['a worsening', 'worsened', worsened],
  ['a worsening of what somebody has', 'worsened', { ...worsened, people: acknowledged }],
  ['a worsening after the snooze', 'worsened', { ...worsened, people: snoozed }, snoozeEnd],
  ['a worsening during the snooze', 'snoozed', { ...worsened, people: snoozed }, snoozeEnd - 1],
  ['an end', 'closed', { ...closed, outcome: 'closed' }],
  ['an end that was accepted', 'closed', { ...closed, outcome: 'rebased' }],
  ['an end of what somebody has', 'closed', { ...closed, outcome: 'closed', people: acknowledged }],
  ['an end during the snooze', 'closed', { ...closed, outcome: 'closed', people: snoozed }],
  ['an end by escalation', 'escalated', { ...closed, outcome: 'escalated' }],
  ['a day that passed', 'no-news', { ...worsened, reason: 'day-passed' }],
  ['a narrowing', 'no-news', { ...worsened, reason: 'narrowed' }],
  ['an acknowledgement', 'no-news', { ...worsened, reason: 'acknowledged', people: acknowledged }],
  ['a day and no more', 'opened', {}, Date.parse(at) + dayMs],
  ['more than a day', 'stale', {}, Date.parse(at) + dayMs + 1],
  ['a repeat', 'already-delivered', {}, soon, { sequence: 1, isRecorded: false }],
  ['what an earlier life has told', 'already-delivered', {}, soon, { sequence: 0, isRecorded: true }],
  ['an improvement', 'reversed', { reversed: true }],
];

const reminders: Row[] = [
  ['the end of a snooze', 'reminder', { ...worsened, reason: 'snoozed', people: snoozed }, snoozeEnd],
  ['a snooze whose alert has ended', 'no-news', { ...closed, outcome: 'closed', people: snoozed }, snoozeEnd],
  ['a snooze that ended long ago', 'stale', { people: snoozed }, snoozeEnd + dayMs + 1],
  ['a reminder that was given', 'already-delivered', { people: snoozed }, snoozeEnd, { sequence: 1, isRecorded: true }],
  ['a reminder of what was decided on', 'reminder', { people: snoozed }, snoozeEnd, { sequence: 1, isRecorded: false }],
];

const decide = (kind: Occasion['kind'], [, , change, logTime = soon, known = unknown]: Row) =>
  decideDelivery({ kind, alert: { ...sampleAlert, at, ...change } }, known, logTime);

describe('a transition', () => {
  it.each(transitions)('%s is %s', (...row) => {
    expect(decide('transition', row).reason).toBe(row[1]);
  });
});

describe('a reminder', () => {
  it.each(reminders)('%s is %s', (...row) => {
    expect(decide('snooze-ended', row).reason).toBe(row[1]);
  });
});

it('every reason is reached, and only news is delivered', () => {
  const decisions = [
    ...transitions.map((row) => decide('transition', row)),
    ...reminders.map((row) => decide('snooze-ended', row)),
  ];
  const reasonsOf = (action: string) =>
    new Set(decisions.filter((one) => one.action === action).map(({ reason }) => reason));
  expect(reasonsOf('deliver')).toEqual(new Set(newsKinds));
  expect(reasonsOf('skip')).toEqual(new Set(silences));
});
