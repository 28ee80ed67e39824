// Conversations with a list of what was said in them: each element that has words and a time is a statement.

import { guessAuthor, guessText, guessTime, textPattern } from './fields.ts';
import { columnsOf, fieldsOf, freeOf, type Guess, type Proposal, type StatementSuggestion } from './proposal.ts';
import type { SampledColumn } from './sampled.ts';
import { isOfAll, underOneThread } from './ticket.ts';

/** A list of objects by its path, and the columns of its elements. */
export type SampledList = { readonly path: string; readonly columns: readonly SampledColumn[] };

/** Null where no list says anything at a time. */
export function proposeDialogue(guesses: readonly Guess[], lists: readonly SampledList[]): Proposal | null {
  const words = wordsIn(lists);
  if (words === null) return null;
  const ofAll = guesses.filter(isOfAll);
  const own = ownWords(guesses);
  const first = own.length === 0 ? [] : [{ columns: fieldsOf(own) }];
  return {
    columns: columnsOf('ticket', underOneThread(ofAll)),
    statements: [...first, words],
    used: [...ofAll, ...own].map(({ column }) => column),
  };
}

function wordsIn(lists: readonly SampledList[]): StatementSuggestion | null {
  for (const { path, columns } of lists) {
    const filled = columns.filter(({ cells }) => cells.length > 0);
    const time = guessTime(filled, []);
    const text = time && guessText(freeOf(filled, [time]));
    if (time === null || text === null) continue;
    const author = guessAuthor(freeOf(filled, [time, text]));
    return { each: path, columns: fieldsOf([time, text, ...(author === null ? [] : [author])]) };
  }
  return null;
}

/** What a conversation says itself, beside the list: words, if they are called so, at a time. */
function ownWords(guesses: readonly Guess[]): readonly Guess[] {
  const time = guesses.find(({ field }) => field === 'occurredAt');
  const text = guesses.find(({ field, column }) => field === 'text' && textPattern.test(column));
  return time === undefined || text === undefined ? [] : [time, text];
}
