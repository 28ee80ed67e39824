// What the page says of people: who has an alert, what was done about it, and what became of a command.
import type { Alert } from '../src/schemas.ts';
import { count, dayAndTime, ofHundred } from './words.ts';

/** The newest word of each kind, a sentence each. */
export function peopleText({ people }: Pick<Alert, 'people'>): string[] {
  if (people === undefined) return [];
  const { acknowledged, assigned, snoozed, fixed, verdict, accepted } = people;
  const said: (string | false | undefined)[] = [
    acknowledged && `${acknowledged.by} has it, since ${dayAndTime(acknowledged.at)}.`,
    assigned && `Given to ${assigned.to} by ${assigned.by}.`,
    snoozed && `Quiet until ${dayAndTime(snoozed.until)}, says ${snoozed.by}.`,
    fixed && `Done about it, says ${fixed.by}: ${fixed.text}`,
    verdict && `${verdicts[verdict.value]}, says ${verdict.by}.`,
    accepted && `Accepted as normal by ${accepted.by}.`,
  ];
  return said.filter((sentence) => typeof sentence === 'string');
}

export const verdicts = { useful: 'Useful', 'false-alarm': 'False alarm', known: 'Known before' } as const;

type Entry = Alert['history'][number];

const actions: Readonly<Record<NonNullable<Entry['command']>['action'], string>> = {
  acknowledge: 'has it',
  snooze: 'wants to be reminded',
  assign: 'gave it to',
  fix: 'says what was done:',
  verdict: 'says:',
  accept: 'accepted it as normal',
};

const withoutEffect: Readonly<Record<string, string>> = {
  superseded: ' (without effect: something else came before)',
  'closed-already': ' (without effect: it was closed already)',
};

function commandText(command: NonNullable<Entry['command']>, reason: string | undefined): string {
  const { until, to, text, value } = command.details ?? {};
  const details = until === undefined ? (to ?? text ?? value) : dayAndTime(until);
  const said = [command.by, actions[command.action], details].filter((part) => part !== undefined).join(' ');
  return `${said}${withoutEffect[reason ?? ''] ?? ''}`;
}

const events = { opened: 'Alert opened', updated: 'Updated', closed: 'Closed' } as const;

export function historyText({ event, size, evidence, reason, command }: Entry): string {
  if (command !== undefined) return commandText(command, reason);
  if (event === 'closed') return `${events.closed}: the gap is gone`;
  return `${events[event]}: ${ofHundred(size)} more of 100 customers, evidence ${count(evidence)}`;
}

/** What became of a command; null while it is not decided, empty where it did what it should. */
export function outcomeText(alert: Pick<Alert, 'history'>, command: string): string | null {
  const entry = alert.history.findLast((one) => one.command?.id === command);
  if (entry === undefined) return null;
  if (entry.reason === 'superseded') return 'The alert changed before that arrived. Look at it again, then decide.';
  return entry.reason === 'closed-already' ? 'The alert was closed before that arrived.' : '';
}

/** Nine o'clock of the next Monday, in the reader's zone. */
export function nextMonday(now: Date): Date {
  const days = (8 - now.getDay()) % 7 || 7;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
}
