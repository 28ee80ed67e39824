// Dead letters over HTTP: what could not be taken, why, and sending it again. Payloads are as they came, with whatever
// customers wrote in them, so that reading them takes the role operate.
import type { DeadLetter } from '@gapwatch/contracts';
import { Problem } from '@gapwatch/runtime';
import { z } from 'zod';
import { badBody } from './body.ts';
import { readCursor, writeCursor } from './query.ts';
import { type GetRoute, type PostRoute, post, route } from './routes.ts';
import {
  type DeadLettersQuery,
  deadLettersQuery,
  deadLettersSchema,
  limits,
  replayAnswerSchema,
  replaySchema,
} from './schemas.ts';

/** A letter, the source of what it holds where that is known, and when it was sent again. */
export type ShownLetter = {
  readonly letter: DeadLetter;
  readonly source: string | null;
  readonly replayed: { readonly at: string; readonly by: string } | null;
  /** what lies below this letter: offsets, one a partition */
  readonly below: readonly number[];
};

export type Filter = { readonly reason?: string | undefined; readonly source?: string | undefined };

export type ReplayRequest = Filter & {
  /** absent: every letter */
  readonly ids?: readonly string[] | undefined;
  readonly again: boolean;
  readonly by: string;
};

/** What a replay did; `unknown` are ids of no letter. */
export type ReplayCounts = { replayed: number; refused: Record<string, number>; unknown: readonly string[] };

/** The dead letters, whatever keeps them. */
export type DeadLetters = {
  /** the newest first; `below` null: all of them */
  readonly read: (below: readonly number[] | null, filter: Filter) => AsyncIterable<ShownLetter>;
  /** resolves when the log has what was sent again */
  readonly replay: (request: ReplayRequest) => Promise<ReplayCounts>;
};

const cursorSchema = z.array(z.number().int().min(0)).max(1_000);

export function deadLetterRoutes(letters: DeadLetters): (GetRoute | PostRoute)[] {
  return [
    route({
      url: '/v1/dead-letters',
      access: 'operate',
      summary: 'What could not be taken, with the reason and the payload, the newest first',
      query: deadLettersQuery,
      response: deadLettersSchema,
      problems: [400],
      answer: (query) => page(letters, query),
    }),
    post({
      url: '/v1/dead-letters/replay',
      access: 'operate',
      summary: 'Send dead letters again, after what was wrong is mended',
      body: replaySchema,
      response: replayAnswerSchema,
      problems: [400, 413, 415, 503],
      answer: (body, { by }) => replay(letters, body, by),
    }),
  ];
}

/** A page ends early where its payloads become large. */
async function page(letters: DeadLetters, { limit, cursor, ...filter }: DeadLettersQuery) {
  const below = cursor === undefined ? null : readCursor(cursorSchema, cursor);
  const most = Number(limit ?? limits.defaultDeadLetters);
  const items: object[] = [];
  let bytes = 0;
  for await (const { letter, source, replayed, below: rest } of letters.read(below, filter)) {
    items.push({ ...letter, source, replayed });
    bytes += (letter.payload ?? letter.payloadBase64 ?? '').length;
    if (items.length >= most || bytes >= limits.deadLetterPageCharacters) return { items, next: writeCursor(rest) };
  }
  return { items, next: null };
}

async function replay(letters: DeadLetters, body: z.infer<typeof replaySchema>, by: string): Promise<ReplayCounts> {
  const { ids, all, again = false, reason, source } = body;
  if ((ids === undefined) === (all === undefined)) {
    throw badBody([{ path: '', message: 'say ids, or all: true, which reason and source may narrow' }]);
  }
  return letters.replay({ ids, again, by, reason, source }).catch((cause: unknown) => {
    const detail = 'The log cannot take anything at the moment: send it again.';
    throw new Problem(503, 'not-accepted', detail, { headers: { 'retry-after': '5' }, cause });
  });
}
