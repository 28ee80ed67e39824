// What people do with an alert: checked here, answered when the log has it, decided where the alert is folded.
import { randomUUID } from 'node:crypto';
import {
  type Command,
  type CommandAction,
  commandActions,
  commandDetails,
  commandFaults,
  type Output,
} from '@gapwatch/contracts';
import { commandOutput } from '@gapwatch/core';
import { type Clock, Problem } from '@gapwatch/runtime';
import { z } from 'zod';
import { badBody } from './body.ts';
import { type PostRoute, post } from './routes.ts';
import { commandAnswerSchema } from './schemas.ts';
import type { StateReader } from './state.ts';

export type CommandFacts = {
  readonly reader: StateReader;
  readonly clock: Clock;
  /** resolves when the log has it; for commands alone */
  readonly append: (outputs: readonly Output[]) => Promise<unknown>;
};

const sequence = z
  .number({ error: 'write a whole number' })
  .int('write a whole number')
  .min(1, 'sequences begin at 1')
  .optional()
  .meta({
    description: 'the transition that you saw; absent: the newest one. What came after it supersedes the command',
  });

const summaries: Readonly<Record<CommandAction, string>> = {
  acknowledge: 'I have it',
  snooze: 'Remind me at a time',
  assign: 'Somebody else has it',
  fix: 'What was done about it',
  verdict: 'Was it right?',
  accept: 'Accept the present level as normal; closes the alert',
};

export function commandRoutes(facts: CommandFacts): PostRoute[] {
  return commandActions.map((action) =>
    post({
      url: `/v1/alerts/:id/${action}`,
      access: 'operate',
      summary: summaries[action],
      body: commandDetails[action].extend({ sequence }),
      response: commandAnswerSchema,
      problems: [400, 404, 413, 415, 503],
      answer: ({ sequence: seen, ...details }, { id, by }) => command(facts, { action, alert: id, by, seen, details }),
    }),
  );
}

type Asked = Pick<Command, 'action' | 'alert' | 'by'> & {
  readonly seen: number | undefined;
  readonly details: NonNullable<Command['details']>;
};

/** @throws Problem 400, 404, 503 */
async function command({ reader, clock, append }: CommandFacts, { seen, details, ...asked }: Asked) {
  const { action, alert } = asked;
  const record = (await reader.alerts()).find((one) => one.record.id === alert)?.record;
  if (record === undefined) throw new Problem(404, 'no-alert', 'There is no such alert; GET /v1/alerts lists them.');
  const now = clock.now();
  const faults = commandFaults(action, details, now);
  if (faults.length > 0) throw badBody(faults);
  if (seen !== undefined && seen > record.sequence) {
    throw badBody([{ path: 'sequence', message: `the alert has come to ${record.sequence}` }]);
  }
  const id = randomUUID();
  const given = { type: 'command', id, sequence: seen ?? record.sequence, ...asked } as const;
  const at = new Date(now).toISOString();
  await takeIn(append, commandOutput({ ...given, at, ...(Object.keys(details).length > 0 && { details }) }));
  return { id, alert, sequence: given.sequence };
}

const retryAfterSeconds = 5;

/** @throws Problem 503 where the log took nothing */
export async function takeIn(append: CommandFacts['append'], output: Output): Promise<void> {
  await append([output]).catch((cause: unknown) => {
    const detail = 'The log cannot take anything at the moment: nothing of this was kept, send it again.';
    const headers = { 'retry-after': String(retryAfterSeconds) };
    throw new Problem(503, 'not-accepted', detail, { headers, cause });
  });
}
