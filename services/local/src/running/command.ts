// A command of a person into the log of a directory, and what the fold made of it. Beside a running start it appends and
// waits; without one the detector alone folds: nobody is paged.
import { randomUUID } from 'node:crypto';
import { type Command, type Note, type Output, topicNames } from '@gapwatch/contracts';
import { type AlertDocument, alertKey, appliedReasons, commandOutput, noteOutput } from '@gapwatch/core';
import { create as createDetector, namespace as detector } from '@gapwatch/detector';
import type { Clock, Logger } from '@gapwatch/runtime';
import { foldAlone } from './alone.ts';
import { commandReadings, waitUntilFolded } from './folded.ts';
import type { Place } from './place.ts';

export type Given = Pick<Command, 'action' | 'alert' | 'by' | 'sequence' | 'details'>;

export type CommandResult = {
  readonly id: string;
  readonly alert: string;
  /** of the alert when the command was folded */
  readonly sequence: number;
  /** applied, or why not: superseded, closed-already, or rejected, which the dead letters explain */
  readonly outcome: string;
};

export type CommandTools = { readonly clock: Clock; readonly logger: Logger };

export async function give(place: Place, given: Given, tools: CommandTools): Promise<CommandResult> {
  const { clock } = tools;
  const id = randomUUID();
  const at = new Date(clock.now()).toISOString();
  await say(place, commandOutput({ type: 'command', id, at, ...given }), tools);
  return resultOf(place, id, given);
}

/** Marks something on the time line; resolves when it is there. */
export async function mark(place: Place, note: Omit<Note, 'type' | 'id'>, tools: CommandTools) {
  const id = randomUUID();
  await say(place, noteOutput({ type: 'note', id, ...note }), tools);
  return { id };
}

async function say(place: Place, output: Output, tools: CommandTools): Promise<void> {
  await place.log.append([output]);
  // the notifier reads on when a start does
  if (place.isAlone)
    await foldAlone(place, (loop) => [createDetector({ loop, state: place.state })], commandReadings, tools);
  else await waitUntilFolded(place, commandReadings, { check: place.check });
}

async function resultOf({ state }: Place, id: string, { alert, action, sequence }: Given): Promise<CommandResult> {
  const [stored] = await state.partition(detector, 0).documents([alertKey(alert)]);
  const history = stored ? (JSON.parse(stored.value) as AlertDocument).history : [];
  const entry = history.findLast(({ command }) => command?.id === id);
  if (entry === undefined) return { id, alert, sequence, outcome: `rejected: see ${topicNames.deadLetters}` };
  const outcome = entry.reason === appliedReasons[action] ? 'applied' : (entry.reason ?? '');
  return { id, alert, sequence: entry.sequence, outcome };
}
