// Texts a second of the tagger on one core, everything it does switched on, against sentiment analysis alone by natural:
// `npm run bench:tag`. Real texts where ../shared/data is present, else made-up ones. Medians of five.
import { createRequire } from 'node:module';
import { redact, tag } from '../../packages/core/src/tagging/index.ts';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { hasData, labelledTexts } from '../quality/sets.ts';
import { printTable, quantile } from './table.ts';

const require = createRequire(import.meta.url);
const SentimentAnalyzer = require('natural/lib/natural/sentiment/SentimentAnalyzer.js');
const PorterStemmer = require('natural/lib/natural/stemmers/porter_stemmer.js');

const runs = 5;
const texts = hasData ? realTexts() : madeUpTexts();
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;

function realTexts(): string[] {
  const customers = labelledTexts().filter(({ set }) => /nhs|lounges|seats|clothing|yelp|amazon|banking/.test(set));
  return customers.filter((_, index) => index % 4 === 0).map(({ text }) => text);
}

function madeUpTexts(): string[] {
  const signals = simulate({ days: 60, customers: 2_000, stages: 6, seed: 1, plants: [], ratingsOnly: false });
  return [...signals].flatMap(({ text }) => text ?? []).slice(0, 5_000);
}

function textsPerSecond(work: (text: string) => unknown): number {
  const found: number[] = [];
  for (const text of texts.slice(0, 500)) work(text);
  for (let run = 0; run < runs; run += 1) {
    const from = performance.now();
    for (const text of texts) work(text);
    found.push((1_000 * texts.length) / (performance.now() - from));
  }
  return quantile(found, 0.5);
}

const analyzer = new SentimentAnalyzer('English', PorterStemmer, 'afinn');
const rates: [string, number][] = [
  ['natural AFINN and Porter', textsPerSecond((text) => analyzer.getSentiment(text.split(/\W+/)))],
  ['gapwatch tag', textsPerSecond((text) => tag({ text }))],
  ['gapwatch redact and tag', textsPerSecond((text) => tag({ text: redact(text) }))],
];
const [, rival] = rates[0] as [string, number];
printTable(
  `${texts.length} ${hasData ? 'real' : 'made-up'} texts of ${Math.round(bytes)} bytes`,
  rates.map(([name, rate]) => ({
    name,
    'texts a second': Math.round(rate),
    'µs a text': (1e6 / rate).toFixed(1),
    'times natural': (rate / rival).toFixed(1),
  })),
);
