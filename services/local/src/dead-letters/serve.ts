// The dead letters of a log and a state, as the console asks for them.
import type { DeadLetters, Filter, ReplayCounts, ReplayRequest, ShownLetter } from '@gapwatch/console';
import type { Configuration } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import { type Letter, type LetterLog, LetterReader } from './letters.ts';
import { marksIn } from './marks.ts';
import { type ReplayLog, replay, type Sent } from './replay.ts';

export type DeadLetterParts = {
  readonly log: LetterLog & ReplayLog;
  readonly state: StateStore;
  readonly configuration: Configuration;
  readonly clock: Clock;
};

export function deadLettersOf(parts: DeadLetterParts): DeadLetters {
  const { log, state, configuration } = parts;
  const reader = new LetterReader(log, configuration);
  const marks = marksIn(state);
  async function* read(below: readonly number[] | null, filter: Filter): AsyncGenerator<ShownLetter> {
    const ends = await reader.ends();
    const from = ends.map((end, partition) => Math.min(end, below?.[partition] ?? end));
    for await (const { letter, source, below: rest } of reader.newestFirst(from, filter)) {
      const [replayed = null] = await marks.read([letter.id]);
      yield { letter, source, replayed, below: rest };
    }
  }
  return { read, replay: (request) => replayAsked(parts, request) };
}

/** Sends the letters that are asked for; `onSent` is told where each came to lie. */
export async function replayAsked(
  { log, state, configuration, clock }: DeadLetterParts,
  { ids, again, by, ...filter }: ReplayRequest,
  onSent: (sent: Sent) => void = () => {},
): Promise<ReplayCounts> {
  const reader = new LetterReader(log, configuration);
  const unknown: string[] = [];
  const letters = ids === undefined ? reader.oldestFirst(await reader.ends(), filter) : named(reader, ids, unknown);
  const counts = { replayed: 0, refused: {} as Record<string, number>, unknown };
  const at = new Date(clock.now()).toISOString();
  for await (const one of replay(letters, { log, marks: marksIn(state), by, at, again })) {
    if ('refused' in one) counts.refused[one.refused] = (counts.refused[one.refused] ?? 0) + 1;
    else {
      counts.replayed += 1;
      onSent(one.sent);
    }
  }
  return counts;
}

/** The letters of these ids; those of none are added to `unknown`. */
async function* named(reader: LetterReader, ids: readonly string[], unknown: string[]): AsyncGenerator<Letter> {
  for (const id of ids) {
    const letter = await reader.find(id);
    if (letter === null) unknown.push(id);
    else yield letter;
  }
}
