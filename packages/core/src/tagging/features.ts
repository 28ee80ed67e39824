// From tokens to the features that the sentiment model weighs: words and pairs of words, with the scope of negations
// and contrasts marked. Training and tagging share this file, so that a weight always means the same thing.
import { keyOf, keyTable, pairKey, rowOf } from './hash.ts';
import { contrasts, negations } from './lexicon/scopes.ts';
import { CLAUSE_START, EMOJI, MAX_TOKENS, SENTENCE_START, type Tokens } from './scan.ts';

/** Features are folded into so many places; two that share one are weighed together. */
export const featureBits = 18;
const mask = (1 << featureBits) - 1;

/** At most two a token, and three for the text as a whole. */
const mostFeatures = MAX_TOKENS * 2 + 8;

export type Features = { count: number; readonly ids: Int32Array; readonly weights: Float32Array };

export function createFeatures(): Features {
  return { count: 0, ids: new Int32Array(mostFeatures), weights: new Float32Array(mostFeatures) };
}

const negationTable = keyTable(negations.map(keyOf));
const contrastTable = keyTable(contrasts.map(keyOf));
const negatedMark = keyOf('\u0001negated');
const questionMark = keyOf('\u0001question');
const shoutMark = keyOf('\u0001shout');
const shortMark = keyOf('\u0001short');

/** Words after a negation that it still turns round, unless a clause ends first. */
const negationReach = 4;
/** What stands before a 'but' in its sentence weighs less than what comes after. */
const beforeContrast = 0.5;
const fewWords = 3;

export function isNegation(key: number): boolean {
  return rowOf(negationTable, key) >= 0;
}

/** Reads tokens into `features`, which is overwritten; weights are scaled so that their squares add up to about one. */
export function readFeatures(tokens: Tokens, features: Features): Features {
  features.count = 0;
  let negated = 0;
  let previous = 0;
  let sentenceFrom = 0;
  for (let at = 0; at < tokens.count; at += 1) {
    const key = tokens.keys[at] as number;
    const flags = tokens.flags[at] as number;
    if (flags & CLAUSE_START) negated = 0;
    if (flags & SENTENCE_START) {
      previous = 0;
      sentenceFrom = features.count;
    }
    if (rowOf(contrastTable, key) >= 0) weaken(features, sentenceFrom);
    const isTurned = negated > 0 && (flags & EMOJI) === 0;
    push(features, isTurned ? pairKey(negatedMark, key) : key);
    if (previous !== 0) push(features, pairKey(previous, key));
    negated = isNegation(key) ? negationReach : negated - 1;
    previous = key;
  }
  pushWhole(tokens, features);
  scale(features);
  return features;
}

function pushWhole(tokens: Tokens, features: Features): void {
  if (tokens.sentences > 0 && tokens.question[tokens.sentences - 1] === 1) push(features, questionMark);
  if (tokens.exclamations > 0) push(features, shoutMark);
  if (tokens.words <= fewWords) push(features, shortMark);
}

function push(features: Features, key: number): void {
  features.ids[features.count] = (key ^ (key >>> featureBits)) & mask;
  features.weights[features.count] = 1;
  features.count += 1;
}

function weaken(features: Features, from: number): void {
  for (let at = from; at < features.count; at += 1) features.weights[at] = beforeContrast;
}

function scale(features: Features): void {
  let squares = 0;
  for (let at = 0; at < features.count; at += 1) squares += (features.weights[at] as number) ** 2;
  const factor = 1 / Math.sqrt(Math.max(1, squares));
  for (let at = 0; at < features.count; at += 1) features.weights[at] = (features.weights[at] as number) * factor;
}
