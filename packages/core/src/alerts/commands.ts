// Commands on their way: from `commands` into `friction`, and there into the alerts that they are about.
// Guarantee: a command is folded once, however often it is sent; one without effect is in the history, the metrics or,
// where nobody can be told, in the dead letters.
import {
  type AlertRecord,
  type Command,
  type CommandsRecord,
  commandsRecordSchema,
  type FrictionCommand,
  type FrictionNote,
  type LogRecord,
  type Note,
  type Output,
  type Rejection,
  readJson,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { redact } from '../tagging/index.ts';
import type { Workspace } from '../workspace.ts';
import type { AlertDocument } from './fold.ts';
import { alertKey } from './keys.ts';
import { type CommandDecision, decideCommand, extendHistory, type HistoryEntry, peopleAfter } from './people.ts';

const headers = { schema: schemaVersions.commands };
const frictionHeaders = { schema: schemaVersions.friction };

/** A command as the log takes it, its times in UTC. What staff write is redacted like what customers write. */
export function commandOutput(command: Command): Output {
  const { until, text } = command.details ?? {};
  const details = {
    ...command.details,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(text !== undefined && { text: redact(text) }),
  };
  const value = JSON.stringify({ ...command, ...(command.details !== undefined && { details }) });
  return { topic: topicNames.commands, key: command.alert, partition: 0, value, headers };
}

/** A note as the log takes it. */
export function noteOutput(note: Note): Output {
  const value = JSON.stringify({ ...note, at: new Date(note.at).toISOString(), text: redact(note.text) });
  return { topic: topicNames.commands, key: note.stage, partition: 0, value, headers };
}

export type CommandInput = { readonly record: LogRecord; readonly command: Command };
export type SpokenInput = { readonly record: LogRecord; readonly content: CommandsRecord };

/** Parses a record of `commands`; anybody may write there, so all of it is checked. */
export function readCommand(
  record: LogRecord,
): { input: SpokenInput } | { rejection: Rejection } | { skipped: string } {
  if (record.value === null) return { skipped: 'tombstone' };
  const { value, fault } = readJson(record.value);
  if (fault !== undefined) return { rejection: { record, ...fault } };
  const parsed = commandsRecordSchema.safeParse(value);
  if (parsed.success) return { input: { record, content: parsed.data } };
  const issue = parsed.error.issues[0];
  const message = `${issue?.path.join('.')}: ${issue?.message}`;
  return { rejection: { record, code: 'schema', message } };
}

/** Copies what people say into the one topic that the detector decides on. */
export function copyCommands(inputs: readonly SpokenInput[], workspace: Workspace): void {
  for (const { record, content } of inputs) {
    const { topic, partition, offset } = record;
    const origin = { topic, partition, offset, index: 0 };
    const copy: FrictionCommand | FrictionNote =
      content.type === 'note' ? { type: 'note', origin, note: content } : { type: 'command', origin, command: content };
    const value = JSON.stringify(copy);
    workspace.emit({ topic: topicNames.friction, key: record.key, partition: 0, value, headers: frictionHeaders });
  }
}

/** What the fold of a command needs of the detector. */
export type CommandTools = {
  readonly workspace: Workspace;
  /** takes the present level of the alert's stage for normal and closes its episode; false where it has none */
  readonly accept: (alert: AlertRecord) => boolean;
};

export function foldCommand(input: CommandInput, tools: CommandTools): void {
  const { record, command } = input;
  const { workspace } = tools;
  const alert = workspace.get<AlertDocument>(alertKey(command.alert));
  const decision = carryOut(alert, decideCommand(alert, command), input, tools);
  workspace.count(`command-${decision.outcome}`);
  if (decision.outcome === 'invalid' || decision.outcome === 'unknown-alert') {
    workspace.reject({ record, code: decision.outcome, message: decision.reason });
  }
}

/** Leaves what was decided in the alert; answers what came of it. */
function carryOut(
  alert: AlertDocument | undefined,
  decision: CommandDecision,
  input: CommandInput,
  tools: CommandTools,
): CommandDecision {
  if (alert === undefined) return decision;
  const { record, command } = input;
  const at = new Date(Math.max(record.time, Date.parse(alert.record.at))).toISOString();
  if (decision.outcome === 'applied') {
    return command.action === 'accept'
      ? acceptLevel(alert, command, at, tools)
      : apply(alert, input, decision, at, tools.workspace);
  }
  if (decision.outcome === 'superseded' || decision.outcome === 'closed-already') {
    note(alert, entryOf(alert.record, command, decision, at), tools.workspace);
  }
  return decision;
}

function note(alert: AlertDocument, entry: HistoryEntry, workspace: Workspace): void {
  workspace.put(alertKey(alert.record.id), { ...alert, history: extendHistory(alert.history, entry) });
}

function entryOf(
  { sequence, event, size, evidence }: AlertRecord,
  { id, action, by, details }: Command,
  decision: CommandDecision,
  at: string,
): HistoryEntry {
  const isApplied = decision.outcome === 'applied';
  return {
    sequence,
    event: isApplied ? event : 'updated',
    at,
    size,
    evidence: evidence.value,
    reason: isApplied ? decision.reason : decision.outcome,
    command: { id, action, by, ...(details !== undefined && { details }) },
  };
}

/** The next record of the alert: the same gap, and what people have said. */
function apply(
  alert: AlertDocument,
  { record, command }: CommandInput,
  decision: CommandDecision,
  at: string,
  workspace: Workspace,
): CommandDecision {
  const { topic, partition, offset } = record;
  const next: AlertRecord = {
    ...alert.record,
    origin: { topic, partition, offset, index: 0 },
    sequence: alert.record.sequence + 1,
    event: 'updated',
    at,
    reason: decision.reason,
    people: peopleAfter(alert.record.people, command, at),
  };
  note({ ...alert, record: next }, entryOf(next, command, decision, at), workspace);
  workspace.emit(alertOutput(next));
  return decision;
}

/** Closes the episode as the new normal; the entry that closes it carries the command. */
function acceptLevel(
  alert: AlertDocument,
  command: Command,
  at: string,
  { workspace, accept }: CommandTools,
): CommandDecision {
  const key = alertKey(alert.record.id);
  const record = { ...alert.record, people: peopleAfter(alert.record.people, command, at) };
  workspace.put(key, { ...alert, record });
  if (!accept(record)) {
    workspace.put(key, alert);
    return { outcome: 'invalid', reason: `alert ${record.id} has no level that could become the new normal` };
  }
  const closed = workspace.get<AlertDocument>(key) ?? alert;
  const decision = { outcome: 'applied', reason: 'accepted' } as const;
  const entry = entryOf(closed.record, command, decision, closed.record.at);
  workspace.put(key, { ...closed, history: extendHistory(closed.history.slice(0, -1), entry) });
  return decision;
}

/** A record of `alerts` as the log takes it. */
export function alertOutput(alert: AlertRecord): Output {
  const headers = { schema: schemaVersions.alerts };
  return { topic: topicNames.alerts, key: alert.id, partition: 0, value: JSON.stringify(alert), headers };
}
