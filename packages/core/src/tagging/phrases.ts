// Finds the phrases of the lexicon in a text, all in one pass over its tokens. A phrase is found by its first word; at
// most a few phrases share one, so that the whole is linear in the text.
import { isNegation } from './features.ts';
import { keyTable, rowOf } from './hash.ts';
import { type PhraseMeaning, phrases } from './lexicon/phrases.ts';
import { createTokens, SENTENCE_START, scan, type Tokens } from './scan.ts';

/** A phrase that was found, by the number of the token it begins with; `negated`: a negation stands before it. */
export type Found = { readonly meaning: PhraseMeaning; readonly at: number; readonly negated: boolean };

/** Stands for up to three words. */
const gap = 0;
const mostGapWords = 3;
/** Tokens before a phrase in which a negation turns it round. */
const negationLooksBack = 3;

type Phrase = { readonly meaning: PhraseMeaning; readonly keys: readonly number[] };

const scratch = createTokens();

function keysOf(text: string): number[] {
  const { keys, count } = scan(text, scratch);
  return [...keys.subarray(0, count)];
}

function compile(meaning: PhraseMeaning, text: string): Phrase {
  const parts = text.split('…').map(keysOf);
  return { meaning, keys: parts.flatMap((keys, index) => (index === 0 ? keys : [gap, ...keys])) };
}

const compiled = Object.entries(phrases).flatMap(([meaning, text]) =>
  text.split(/[|\n]/).flatMap((one) => (one.trim() === '' ? [] : [compile(meaning as PhraseMeaning, one)])),
);
const firsts = [...new Set(compiled.map(({ keys }) => keys[0] ?? 0))];
const table = keyTable(firsts);
const byFirst = firsts.map((key) => compiled.filter(({ keys }) => keys[0] === key));

/** In the order of the text. */
export function findPhrases(tokens: Tokens): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < tokens.count; at += 1) {
    const row = rowOf(table, tokens.keys[at] as number);
    if (row < 0) continue;
    for (const { meaning, keys } of byFirst[row] ?? []) {
      if (matches(tokens, at, keys)) found.push({ meaning, at, negated: isNegated(tokens, at) });
    }
  }
  return found;
}

function matches(tokens: Tokens, from: number, keys: readonly number[]): boolean {
  let at = from;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as number;
    if (key === gap) {
      at = skipTo(tokens, at, keys[index + 1] as number);
      if (at < 0) return false;
    } else {
      if (at >= tokens.count || tokens.keys[at] !== key || (at > from && startsSentence(tokens, at))) return false;
      at += 1;
    }
  }
  return true;
}

/** The place of the key at most so many words on, in the same sentence; -1 where it is not. */
function skipTo(tokens: Tokens, from: number, key: number): number {
  for (let at = from; at <= from + mostGapWords && at < tokens.count && !startsSentence(tokens, at); at += 1) {
    if (tokens.keys[at] === key) return at;
  }
  return -1;
}

function startsSentence(tokens: Tokens, at: number): boolean {
  return ((tokens.flags[at] as number) & SENTENCE_START) !== 0;
}

function isNegated(tokens: Tokens, at: number): boolean {
  for (let before = at - 1; before >= 0 && before >= at - negationLooksBack; before -= 1) {
    if (startsSentence(tokens, before + 1)) return false;
    if (isNegation(tokens.keys[before] as number)) return true;
  }
  return false;
}
