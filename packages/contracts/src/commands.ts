// What may stand in the details of each command of people: one table for the API, the command line and the fold.
import { z } from 'zod';
import { type Command, type commandActions, verdicts } from './records.ts';

export type CommandAction = (typeof commandActions)[number];

/** The furthest that an alert may be snoozed. */
export const longestSnoozeDays = 366;
const dayMs = 86_400_000;

const words = (most: number) =>
  z
    .string({ error: 'write a text' })
    .max(most, `at most ${most} characters`)
    .refine((text) => text.trim() !== '', 'write something');

const until = z.iso.datetime({
  offset: true,
  error: 'write a time with its offset, such as 2026-03-09T08:00:00Z',
});

export const commandDetails = {
  acknowledge: z.strictObject({}),
  snooze: z.strictObject({ until }),
  assign: z.strictObject({ to: words(200) }),
  fix: z.strictObject({ text: words(2_000) }),
  verdict: z.strictObject({ value: z.enum(verdicts, { error: `one of ${verdicts.join(', ')}` }) }),
  accept: z.strictObject({}),
} as const satisfies Record<CommandAction, z.ZodObject>;

export type CommandFault = { readonly path: string; readonly message: string };

/** What is wrong with the details of a command that is given at `atMs`, milliseconds UTC; empty where nothing is. */
export function commandFaults(action: CommandAction, details: Command['details'], atMs: number): CommandFault[] {
  const parsed = commandDetails[action].safeParse(details ?? {});
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return action === 'snooze' ? snoozeFaults(Date.parse(details?.until ?? ''), atMs) : [];
}

function snoozeFaults(untilMs: number, atMs: number): CommandFault[] {
  if (untilMs <= atMs) return [{ path: 'until', message: 'it is past: name a time to come' }];
  if (untilMs - atMs <= longestSnoozeDays * dayMs) return [];
  return [
    { path: 'until', message: `at most ${longestSnoozeDays} days ahead; what stays like this is accepted as normal` },
  ];
}
