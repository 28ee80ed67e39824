// What people say of an alert: one pure decision on each command, and what it changes in the record.
// A command names the transition that its sender saw. What came after that may make it stale; then it is written down
// and changes nothing.
import { type AlertRecord, type Command, type CommandAction, commandFaults, type People } from '@gapwatch/contracts';

/** A line in the history of an alert: a transition, or a command with its outcome as `reason`. */
export type HistoryEntry = {
  /** of the record; of a command without effect, the sequence that stood then */
  sequence: number;
  event: AlertRecord['event'];
  at: string;
  size: number;
  evidence: number;
  /** absent in what was kept before reasons were */
  reason?: string;
  command?: Pick<Command, 'id' | 'action' | 'by' | 'details'>;
};

/** An alert as far as a command looks at it. */
export type Commanded = { readonly record: AlertRecord; readonly history: readonly HistoryEntry[] };

export type CommandDecision =
  | { readonly outcome: 'applied'; readonly reason: AppliedReason }
  /** after what its sender saw the alert got news, or a command of the same action */
  | { readonly outcome: 'superseded'; readonly reason: 'news-since' | 'same-action-since' }
  | { readonly outcome: 'closed-already'; readonly reason: 'closed' }
  /** the same id was folded before */
  | { readonly outcome: 'repeated'; readonly reason: 'same-id' }
  | { readonly outcome: 'unknown-alert'; readonly reason: string }
  | { readonly outcome: 'invalid'; readonly reason: string };

export const appliedReasons = {
  acknowledge: 'acknowledged',
  snooze: 'snoozed',
  assign: 'assigned',
  fix: 'fixed',
  verdict: 'judged',
  accept: 'accepted',
} as const satisfies Record<CommandAction, string>;
export type AppliedReason = (typeof appliedReasons)[CommandAction];

/** What can still be said when an episode is over: whether it was right, and what was done about it. */
const allowedWhenClosed: ReadonlySet<CommandAction> = new Set(['fix', 'verdict']);

/** What becomes of a command; `alert` undefined: there is none of this id. */
export function decideCommand(alert: Commanded | undefined, command: Command): CommandDecision {
  const { action, id, sequence } = command;
  if (alert === undefined) {
    const reason = `there is no alert ${command.alert}: gapwatch alerts list names them`;
    return { outcome: 'unknown-alert', reason };
  }
  if (alert.history.some((entry) => entry.command?.id === id)) return { outcome: 'repeated', reason: 'same-id' };
  const fault = faultOf(alert.record, command);
  if (fault !== null) return { outcome: 'invalid', reason: fault };
  if (alert.record.state === 'closed' && !allowedWhenClosed.has(action)) {
    return { outcome: 'closed-already', reason: 'closed' };
  }
  const since = alert.history.filter((entry) => entry.sequence > sequence);
  if (since.some(isNews)) return { outcome: 'superseded', reason: 'news-since' };
  if (since.some((entry) => isApplied(entry, action))) return { outcome: 'superseded', reason: 'same-action-since' };
  return { outcome: 'applied', reason: appliedReasons[action] };
}

function faultOf(record: AlertRecord, command: Command): string | null {
  if (command.sequence > record.sequence) {
    return `sequence: alert ${record.id} has come to ${record.sequence}, nobody can have seen ${command.sequence}`;
  }
  const faults = commandFaults(command.action, command.details, Date.parse(command.at));
  return faults.length === 0 ? null : faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

/** What a person must have seen before deciding: a day that passed is none, and neither is a gap that narrowed. */
function isNews({ event, reason }: HistoryEntry): boolean {
  return event !== 'updated' || reason === 'worsened';
}

function isApplied({ command, reason }: HistoryEntry, action: CommandAction): boolean {
  return command?.action === action && reason === appliedReasons[action];
}

/** What people have said, with a command that is applied. `at`: log time, RFC 3339. */
export function peopleAfter(people: People | undefined, { action, by, details }: Command, at: string): People {
  const said = { by, at };
  const { until = '', to = '', text = '', value } = details ?? {};
  const added: Record<CommandAction, People> = {
    acknowledge: { acknowledged: said },
    snooze: { snoozed: { ...said, until } },
    assign: { assigned: { ...said, to } },
    fix: { fixed: { ...said, text } },
    verdict: { verdict: { ...said, value: value as NonNullable<People['verdict']>['value'] } },
    accept: { accepted: said },
  };
  return { ...people, ...added[action] };
}

/** Commands that the history of one alert keeps: the oldest go first. */
export const keptCommands = 200;

/** The history with one more entry. Transitions all stay; so do the newest commands, by which a repeat is known. */
export function extendHistory(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const extended = [...history, entry];
  let excess = extended.filter(({ command }) => command !== undefined).length - keptCommands;
  return extended.filter(({ command }) => command === undefined || --excess < 0);
}
