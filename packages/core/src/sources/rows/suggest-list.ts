// Lists inside of objects: of what was said, each element with its time.
import type { SampledColumn } from './sampled.ts';
import { guessAuthor, guessText, guessTime } from './suggest-fields.ts';
import type { StatementSuggestion } from './suggest-ticket.ts';

/** A list of objects by its path, and the columns of its elements. */
export type SampledList = { readonly path: string; readonly columns: readonly SampledColumn[] };

/** The statements of the first list whose elements say something at a time; null where there is none. */
export function wordsIn(lists: readonly SampledList[]): StatementSuggestion | null {
  for (const { path, columns } of lists) {
    const filled = columns.filter(({ cells }) => cells.length > 0);
    const time = guessTime(filled, []);
    const others = filled.filter(({ name }) => name !== time?.column);
    const text = guessText(others);
    if (time === null || text === null) continue;
    const author = guessAuthor(others);
    return {
      each: path,
      columns: {
        occurredAt: time.suggestion,
        text: text.suggestion,
        ...(author !== null && { author: author.suggestion }),
      },
    };
  }
  return null;
}
