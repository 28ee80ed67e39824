import { type Command, commandActions, peopleSchema } from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appliedReasons,
  type CommandDecision,
  type Commanded,
  decideCommand,
  extendHistory,
  type HistoryEntry,
  keptCommands,
  peopleAfter,
} from './people.ts';

const at = '2026-03-04T08:00:00.000Z';

function entry(sequence: number, over: Partial<HistoryEntry> = {}): HistoryEntry {
  return { sequence, event: 'updated', at, size: 0.1, evidence: 9, reason: 'day-passed', ...over };
}

const opened = entry(1, { event: 'opened', reason: 'evidence-reached-threshold' });

function alert(history: HistoryEntry[], state: 'open' | 'closed' = 'open'): Commanded {
  const sequence = Math.max(...history.map((one) => one.sequence));
  return { record: { id: 'a', sequence, state } as Commanded['record'], history };
}

function command(action: Command['action'], over: Partial<Command> = {}): Command {
  return { type: 'command', id: 'new', alert: 'a', sequence: 1, action, by: 'anna', at, ...over };
}

function said(sequence: number, action: Command['action'], reason: string, id = 'old'): HistoryEntry {
  return entry(sequence, { reason, command: { id, action, by: 'ben' } });
}

const monday = { until: '2026-03-09T08:00:00Z' };

describe('what becomes of a command', () => {
  const cases: [string, Commanded | undefined, Command, CommandDecision['outcome'], string][] = [
    ['on what it saw', alert([opened]), command('acknowledge'), 'applied', 'acknowledged'],
    ['after a day that passed', alert([opened, entry(2)]), command('acknowledge'), 'applied', 'acknowledged'],
    [
      'after the gap narrowed',
      alert([opened, entry(2, { reason: 'narrowed' })]),
      command('acknowledge'),
      'applied',
      'acknowledged',
    ],
    [
      'after it got worse',
      alert([opened, entry(2, { reason: 'worsened' })]),
      command('acknowledge'),
      'superseded',
      'news-since',
    ],
    [
      'having seen that it got worse',
      alert([opened, entry(2, { reason: 'worsened' })]),
      command('snooze', { sequence: 2, details: monday }),
      'applied',
      'snoozed',
    ],
    [
      'after somebody else did the same',
      alert([opened, said(2, 'acknowledge', 'acknowledged')]),
      command('acknowledge'),
      'superseded',
      'same-action-since',
    ],
    [
      'after somebody else did another thing',
      alert([opened, said(2, 'acknowledge', 'acknowledged')]),
      command('assign', { details: { to: 'logistics' } }),
      'applied',
      'assigned',
    ],
    [
      'after the same was superseded',
      alert([opened, entry(2), said(2, 'acknowledge', 'superseded')]),
      command('acknowledge'),
      'applied',
      'acknowledged',
    ],
    [
      'sent again',
      alert([opened, said(2, 'acknowledge', 'acknowledged', 'new')]),
      command('acknowledge'),
      'repeated',
      'same-id',
    ],
    [
      'on what is over',
      alert([opened, entry(2, { event: 'closed' })], 'closed'),
      command('accept', { sequence: 2 }),
      'closed-already',
      'closed',
    ],
    [
      'on what is over, a verdict',
      alert([opened, entry(2, { event: 'closed' })], 'closed'),
      command('verdict', { sequence: 2, details: { value: 'useful' } }),
      'applied',
      'judged',
    ],
    [
      'on what is over, what was done about it',
      alert([opened, entry(2, { event: 'closed' })], 'closed'),
      command('fix', { sequence: 2, details: { text: 'another courier' } }),
      'applied',
      'fixed',
    ],
    ['on nothing', undefined, command('acknowledge'), 'unknown-alert', 'there is no alert a'],
    ['on what nobody can have seen', alert([opened]), command('acknowledge', { sequence: 2 }), 'invalid', 'sequence:'],
    [
      'until a time that is past',
      alert([opened]),
      command('snooze', { details: { until: at } }),
      'invalid',
      'until: it is past',
    ],
    [
      'until a time of no zone',
      alert([opened]),
      command('snooze', { details: { until: '2026-03-09T08:00:00' } }),
      'invalid',
      'until: write a time with its offset',
    ],
    [
      'for more than a year',
      alert([opened]),
      command('snooze', { details: { until: '2027-03-06T00:00:00Z' } }),
      'invalid',
      'until: at most 366 days',
    ],
    ['to nobody', alert([opened]), command('assign', { details: { to: ' ' } }), 'invalid', 'to: write something'],
    [
      'with no verdict',
      alert([opened]),
      command('verdict', { details: { value: 'so-so' } }),
      'invalid',
      'value: one of',
    ],
  ];
  it.each(cases)('%s', (_, on, given, outcome, reason) => {
    const decision = decideCommand(on, given);
    expect(decision.outcome).toBe(outcome);
    expect(decision.reason).toContain(reason);
  });
});

describe('what people have said', () => {
  it('keeps the newest word of each kind, in the form of the contract', () => {
    const details: Partial<Record<Command['action'], Command['details']>> = {
      snooze: { until: '2026-03-09T08:00:00.000Z' },
      assign: { to: 'logistics' },
      fix: { text: 'another courier' },
      verdict: { value: 'useful' },
    };
    const all = commandActions.reduce<ReturnType<typeof peopleAfter> | undefined>(
      (people, action) =>
        peopleAfter(people, command(action, details[action] === undefined ? {} : { details: details[action] }), at),
      undefined,
    );
    expect(peopleSchema.parse(all)).toEqual(all);
    expect(Object.keys(all ?? {})).toEqual(['acknowledged', 'snoozed', 'assigned', 'fixed', 'verdict', 'accepted']);
    expect(peopleAfter(all, command('acknowledge', { by: 'ben' }), at).acknowledged).toEqual({ by: 'ben', at });
  });
});

describe('the history of an alert', () => {
  it('is bounded: of the commands the newest stay, of the transitions all', () => {
    const entries = fc.array(fc.boolean(), { maxLength: 3 * keptCommands });
    fc.assert(
      fc.property(entries, (kinds) => {
        const all = kinds.map((isCommand, index) =>
          isCommand ? said(index, 'fix', appliedReasons.fix, `${index}`) : entry(index),
        );
        const kept = all.reduce<HistoryEntry[]>((history, one) => extendHistory(history, one), []);
        const commands = all.filter((one) => one.command !== undefined).slice(-keptCommands);
        expect(kept).toEqual(all.filter((one) => one.command === undefined || commands.includes(one)));
      }),
      { numRuns: 50 },
    );
  });
});
