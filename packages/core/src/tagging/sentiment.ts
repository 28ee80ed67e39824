// How a statement feels: a linear model over words and pairs of words, and the rating where there is one.
// The weights are trained by test/quality/train.ts; the confidence is calibrated there.
import type { Tags } from '@gapwatch/contracts';
import { createFeatures, featureBits, readFeatures } from './features.ts';
import { keyOf, keyTable, rowOf } from './hash.ts';
import { answers } from './lexicon/scopes.ts';
import type { Tokens } from './scan.ts';
import { sentimentModel } from './sentiment.generated.ts';
import type { Statement } from './statement.ts';

export type Sentiment = Tags['sentiment'];

const features = createFeatures();
const places = 1 << featureBits;
const weights = decode(sentimentModel.weights);

/** Two signed bytes a place, negative before positive, in base64. */
function decode(text: string): Int8Array {
  const bytes = atob(text);
  const decoded = new Int8Array(places * 2);
  for (let at = 0; at < decoded.length; at += 1) decoded[at] = (bytes.charCodeAt(at) << 24) >> 24;
  return decoded;
}

/** Rating and text together: what somebody gave counts for more than what we read. */
const ratingWeight = 0.65;
/** Scores beyond this are no longer neutral, where a rating takes part. */
const neutralWithin = 0.2;
const ratingConfidence = 0.9;

export function sentimentOf(tokens: Tokens, { rating }: Statement): Sentiment {
  const read = tokens.count === 0 ? null : sentimentOfText(tokens);
  if (rating === undefined) return read ?? { label: 'neutral', score: 0, confidence: 0.34 };
  const rated = (2 * (rating.value - rating.min)) / (rating.max - rating.min) - 1;
  if (read === null) return { label: labelOf(rated), score: round(rated), confidence: ratingConfidence };
  const score = ratingWeight * rated + (1 - ratingWeight) * read.score;
  const agreement = 1 - Math.abs(rated - read.score) / 2;
  const confidence = 0.5 + (ratingConfidence - 0.5) * agreement;
  return { label: labelOf(score), score: round(score), confidence: round(confidence) };
}

function labelOf(score: number): Sentiment['label'] {
  return score < -neutralWithin ? 'negative' : score > neutralWithin ? 'positive' : 'neutral';
}

const answerTable = keyTable(answers.map(keyOf));
const answerWords = 3;
const answerConfidence = 0.7;

function isAnswer({ keys, count }: Tokens): boolean {
  if (count > answerWords) return false;
  for (let at = 0; at < count; at += 1) if (rowOf(answerTable, keys[at] as number) < 0) return false;
  return true;
}

/** Softmax over three classes, that of neutral held at its bias. */
function sentimentOfText(tokens: Tokens): Sentiment {
  if (isAnswer(tokens)) return { label: 'neutral', score: 0, confidence: answerConfidence };
  readFeatures(tokens, features);
  let negative = 0;
  let positive = 0;
  for (let at = 0; at < features.count; at += 1) {
    const place = (features.ids[at] as number) * 2;
    const weight = features.weights[at] as number;
    negative += weight * (weights[place] as number);
    positive += weight * (weights[place + 1] as number);
  }
  const { scale, bias, temperature } = sentimentModel;
  return probable((negative * scale + bias[0]) / temperature, (positive * scale + bias[1]) / temperature);
}

function probable(negative: number, positive: number): Sentiment {
  const top = Math.max(negative, positive, 0);
  const [bad, good, none] = [Math.exp(negative - top), Math.exp(positive - top), Math.exp(-top)];
  const sum = bad + good + none;
  const score = round((good - bad) / sum);
  if (none >= bad && none >= good) return { label: 'neutral', score, confidence: round(none / sum) };
  const isNegative = bad > good;
  return { label: isNegative ? 'negative' : 'positive', score, confidence: round((isNegative ? bad : good) / sum) };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
