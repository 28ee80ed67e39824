// Trains the language model: `node test/quality/train-language.ts` writes language.generated.ts. The weights are those of
// a naive Bayes model over runs of three letters and words, on tatoeba_sentences and xed_subtitles.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createNgrams, ngramPlaces, readNgrams } from '../../packages/core/src/tagging/ngrams.ts';
import { isHeldOut, textsInLanguages } from './sets.ts';

const languages = ['en', 'de', 'es', 'fr', 'pt', 'it', 'nl', 'pl', 'sv', 'da', 'no', 'fi', 'cs', 'tr', 'ro', 'hu'];
const width = languages.length;
const ngrams = createNgrams();
const counts = new Float64Array(ngramPlaces * width).fill(0.05);
const totals = new Float64Array(width).fill(0.05 * ngramPlaces);
const smallest = 4_000;

const texts = textsInLanguages().filter(({ language }) => languages.includes(language));
const training = texts.filter(({ text }) => !isHeldOut(text));
const sizes = languages.map((language) => training.filter((one) => one.language === language).length);
for (const { language, text } of training) {
  const column = languages.indexOf(language);
  // languages with few sentences count as much as those with many
  const weight = smallest / (sizes[column] as number);
  readNgrams(text, ngrams);
  for (let at = 0; at < ngrams.count; at += 1) {
    const place = (ngrams.places[at] as number) * width + column;
    counts[place] = (counts[place] as number) + weight;
    totals[column] = (totals[column] as number) + weight;
  }
}
const scale = 12;
const weights = new Int8Array(ngramPlaces * width);
for (let row = 0; row < ngramPlaces; row += 1) {
  const logs = languages.map((_, column) =>
    Math.log((counts[row * width + column] as number) / (totals[column] as number)),
  );
  const mean = logs.reduce((sum, one) => sum + one, 0) / width;
  logs.forEach((log, column) => {
    weights[row * width + column] = Math.max(-127, Math.min(127, Math.round((log - mean) * scale)));
  });
}
const file = resolve(import.meta.dirname, '../../packages/core/src/tagging/language.generated.ts');
writeFileSync(
  file,
  `// Written by \`node test/quality/train-language.ts\`; trained on tatoeba_sentences and xed_subtitles.
export const languageModel = {
  languages: ${JSON.stringify(languages)},
  weights:
    '${Buffer.from(weights.buffer).toString('base64')}',
} as const;
`,
);
