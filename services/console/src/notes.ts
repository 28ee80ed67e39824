// Notes: marks on the time line, such as a deploy, a price change or an incident.
import { randomUUID } from 'node:crypto';
import { type Note, noteSchema } from '@gapwatch/contracts';
import { noteOutput } from '@gapwatch/core';
import { z } from 'zod';
import { type CommandFacts, takeIn } from './commands.ts';
import { readCursor, writeCursor } from './query.ts';
import { type GetRoute, type PostRoute, post, route } from './routes.ts';
import { cursor, limitOf, limits, next, text, timeBound } from './schemas.ts';

const query = z.strictObject({
  stage: text('stage').optional().meta({ description: 'those of this stage, and those of the whole journey' }),
  from: timeBound.optional(),
  to: timeBound.optional(),
  limit: limitOf(limits.notes).optional(),
  cursor: cursor.optional(),
});

export const notesSchema = z.object({ items: z.array(noteSchema), next });
export type Notes = z.infer<typeof notesSchema>;

const body = noteSchema
  .pick({ text: true })
  .extend({
    stage: noteSchema.shape.stage.optional(),
    at: noteSchema.shape.at.optional().meta({ description: 'when it happened; absent: now' }),
    url: noteSchema.shape.url,
  })
  .strict();

export function noteRoutes(facts: CommandFacts): (GetRoute | PostRoute)[] {
  return [
    route({
      url: '/v1/notes',
      access: 'read',
      summary: 'Marks on the time line, the newest first',
      query,
      response: notesSchema,
      problems: [400],
      answer: (asked) => readNotes(facts, asked),
    }),
    post({
      url: '/v1/notes',
      access: 'operate',
      summary: 'Mark something on the time line',
      body,
      response: z.object({ id: z.string() }),
      problems: [400, 413, 415, 503],
      answer: (given, { by }) => writeNote(facts, given, by),
    }),
  ];
}

const cursorSchema = z.tuple([z.string(), z.string()]);

async function readNotes({ reader }: CommandFacts, asked: z.infer<typeof query>): Promise<Notes> {
  const after = asked.cursor === undefined ? null : readCursor(cursorSchema, asked.cursor);
  const notes = (await reader.notes()).filter((note) => isAsked(note, asked));
  const rest = notes.toReversed().filter(({ at, id }) => after === null || `${at} ${id}` < after.join(' '));
  const items = rest.slice(0, Number(asked.limit ?? limits.defaultNotes));
  const last = items.at(-1);
  return { items, next: last !== undefined && rest.length > items.length ? writeCursor([last.at, last.id]) : null };
}

function isAsked({ stage, at }: Note, asked: z.infer<typeof query>): boolean {
  const time = Date.parse(at);
  return (
    (asked.stage === undefined || stage === null || stage === asked.stage) &&
    (asked.from === undefined || time >= Date.parse(asked.from)) &&
    (asked.to === undefined || time < Date.parse(asked.to))
  );
}

/** @throws Problem 503 */
async function writeNote({ clock, append }: CommandFacts, given: z.infer<typeof body>, by: string) {
  const id = randomUUID();
  const { text: words, stage = null, url } = given;
  const at = given.at ?? new Date(clock.now()).toISOString();
  await takeIn(append, noteOutput({ type: 'note', id, text: words, stage, at, by, ...(url !== undefined && { url }) }));
  return { id };
}
