// Trains the weights of the sentiment model: `node test/quality/train-sentiment.ts` writes sentiment.generated.ts.
// A softmax over three classes by AdaGrad on texts of ../shared/data (the sets are named in the file it writes); the
// bias and the temperature are fitted on the texts that were held out, set by set alike.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createFeatures, featureBits, readFeatures } from '../../packages/core/src/tagging/features.ts';
import { createTokens, scan } from '../../packages/core/src/tagging/scan.ts';
import { isHeldOut, type Label, labelledTexts, sentimentEmoji, sentimentWords } from './sets.ts';

type Example = {
  readonly set: string;
  readonly ids: Int32Array;
  readonly weights: Float32Array;
  readonly label: number;
  readonly weight: number;
};

const classes: readonly Label[] = ['negative', 'positive', 'neutral'];
const places = 1 << featureBits;
const tokens = createTokens();
const features = createFeatures();
const passes = 10;
const rate = 0.2;
const decay = 1e-4;

function exampleOf(set: string, text: string, label: Label, weight: number): Example {
  readFeatures(scan(text, tokens), features);
  const { count, ids, weights } = features;
  return { set, ids: ids.slice(0, count), weights: weights.slice(0, count), label: classes.indexOf(label), weight };
}

/** The same order for everybody. */
function shuffle<T>(items: T[]): T[] {
  let state = 12_345;
  for (let at = items.length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const other = state % (at + 1);
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
  return items;
}

const texts = labelledTexts();
const all = texts.map((one) => ({
  example: exampleOf(one.set, one.text, one.label, one.weight),
  held: isHeldOut(one.text),
}));
const lexicon = [...sentimentWords(), ...sentimentEmoji()].flatMap(({ word, value }) => {
  if (Math.abs(value) < 1) return [];
  const [label, other]: [Label, Label] = value > 0 ? ['positive', 'negative'] : ['negative', 'positive'];
  const weight = Math.abs(value) * 0.1;
  return [exampleOf('words', word, label, weight), exampleOf('words', `not ${word}`, other, weight * 0.4)];
});
const training = shuffle([...all.filter(({ held }) => !held).map(({ example }) => example), ...lexicon]);
const heldOut = all.filter(({ held }) => held).map(({ example }) => example);
console.error(`${training.length} texts and words, ${heldOut.length} held out`);

/** Two weights a place, negative and positive; neutral is what is left. */
const weights = new Float64Array(places * 2);
const squares = new Float64Array(places * 2).fill(0.1);
const bias = [0, 0];

function logits({ ids, weights: values }: Example, table: ArrayLike<number>, scale = 1): [number, number] {
  let [negative, positive] = [0, 0];
  for (let at = 0; at < ids.length; at += 1) {
    const place = (ids[at] as number) * 2;
    negative += (values[at] as number) * (table[place] as number) * scale;
    positive += (values[at] as number) * (table[place + 1] as number) * scale;
  }
  return [negative + (bias[0] as number), positive + (bias[1] as number)];
}

function softmax(negative: number, positive: number): [number, number, number] {
  const top = Math.max(negative, positive, 0);
  const e = [Math.exp(negative - top), Math.exp(positive - top), Math.exp(-top)] as const;
  const sum = e[0] + e[1] + e[2];
  return [e[0] / sum, e[1] / sum, e[2] / sum];
}

function learn(example: Example, rateNow: number): void {
  const probabilities = softmax(...logits(example, weights));
  for (let kind = 0; kind < 2; kind += 1) {
    const error = ((example.label === kind ? 1 : 0) - (probabilities[kind] as number)) * example.weight;
    bias[kind] = (bias[kind] as number) + rateNow * 0.02 * error;
    for (let at = 0; at < example.ids.length; at += 1) {
      const place = (example.ids[at] as number) * 2 + kind;
      const gradient = error * (example.weights[at] as number) - decay * (weights[place] as number);
      squares[place] = (squares[place] as number) + gradient ** 2;
      weights[place] = (weights[place] as number) + (rateNow * gradient) / Math.sqrt(squares[place] as number);
    }
  }
}

for (let pass = 0; pass < passes; pass += 1) {
  for (const example of training) learn(example, rate);
  console.error(`pass ${pass + 1} of ${passes}`);
}

const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
// a few weights are far larger than the rest; they are cut, so that the small ones keep their steps
const scale = Math.min(largest, 6) / 127;
const quantized = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale))));

/** Each set counts alike; in films and posts people say other things than to a company. */
const customerSets = new Set([
  'nhs-comments',
  'nhs-phase-1',
  'uci-amazon_cells',
  'uci-yelp',
  'pros-cons',
  'clothing',
  'lounges',
  'seats',
  'banking77',
  'complaints',
  'brighter',
  'goemotions',
  'clinc150',
  'tatoeba',
]);
const judged = heldOut.filter(({ set }) => customerSets.has(set));
const sizes = new Map([...customerSets].map((set) => [set, judged.filter((one) => one.set === set).length]));

function loss(temperature: number, shift: number): number {
  let sum = 0;
  for (const example of judged) {
    const [negative, positive] = logits(example, quantized, scale);
    const probabilities = softmax((negative + shift) / temperature, (positive + shift) / temperature);
    sum -= Math.log(Math.max(1e-9, probabilities[example.label] as number)) / (sizes.get(example.set) as number);
  }
  return sum;
}

let best = { temperature: 1, shift: 0, loss: Number.POSITIVE_INFINITY };
for (let temperature = 0.6; temperature < 3; temperature += 0.1) {
  for (let shift = -1; shift <= 1; shift += 0.1) {
    const found = loss(temperature, shift);
    if (found < best.loss) best = { temperature, shift, loss: found };
  }
}
console.error(`temperature ${best.temperature.toFixed(1)}, shift ${best.shift.toFixed(1)}`);

const sets = [...new Set(texts.map(({ set }) => set))].join(', ');
const round = (value: number) => Math.round(value * 1e6) / 1e6;
const file = resolve(import.meta.dirname, '../../packages/core/src/tagging/sentiment.generated.ts');
writeFileSync(
  file,
  `// Written by \`node test/quality/train-sentiment.ts\`; trained on ${sets}; and on the word lists of sentiment_words, AFINN and VADER.
export const sentimentModel = {
  scale: ${round(scale)},
  bias: [${round((bias[0] as number) + best.shift)}, ${round((bias[1] as number) + best.shift)}],
  temperature: ${round(best.temperature)},
  weights:
    '${Buffer.from(quantized.buffer).toString('base64')}',
} as const;
`,
);
