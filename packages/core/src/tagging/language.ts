// Which language a text is in: by its script, or by the words and letters of its beginning.
import { languageModel } from './language.generated.ts';
import { createNgrams, ngramPlaces, readNgrams } from './ngrams.ts';

const { languages } = languageModel;
const width = languages.length;
const weights = decode(languageModel.weights);
const ngrams = createNgrams();
const sums = new Float64Array(width);

function decode(text: string): Int8Array {
  const bytes = atob(text);
  const decoded = new Int8Array(ngramPlaces * width);
  for (let at = 0; at < decoded.length; at += 1) decoded[at] = (bytes.charCodeAt(at) << 24) >> 24;
  return decoded;
}

/** Scripts that name a language by themselves, as far as a word of a customer goes. */
const scripts: readonly (readonly [from: number, to: number, language: string])[] = [
  [0x3040, 0x30ff, 'ja'],
  [0xac00, 0xd7a3, 'ko'],
  [0x1100, 0x11ff, 'ko'],
  [0x4e00, 0x9fff, 'zh'],
  [0x0400, 0x04ff, 'ru'],
  [0x0370, 0x03ff, 'el'],
  [0x0590, 0x05ff, 'he'],
  [0x0600, 0x06ff, 'ar'],
  [0x0900, 0x097f, 'hi'],
  [0x0e00, 0x0e7f, 'th'],
];
const scriptLookedAt = 60;
/** The best must be ahead of the second by so much a feature, in the units of the weights. */
const leastLead = 1.5;
const fewFeatures = 6;

/** BCP 47 primary tag; null where the text is too short to say, or says nothing in words. */
export function languageOf(text: string): string | null {
  const byScript = languageOfScript(text);
  if (byScript !== null) return byScript;
  readNgrams(text, ngrams);
  if (ngrams.count < fewFeatures) return null;
  sums.fill(0);
  for (let at = 0; at < ngrams.count; at += 1) {
    const row = (ngrams.places[at] as number) * width;
    for (let language = 0; language < width; language += 1) {
      sums[language] = (sums[language] as number) + (weights[row + language] as number);
    }
  }
  return leader(ngrams.count);
}

function leader(features: number): string | null {
  let best = 0;
  let second = -1;
  for (let language = 1; language < width; language += 1) {
    if ((sums[language] as number) > (sums[best] as number)) {
      second = best;
      best = language;
    } else if (second < 0 || (sums[language] as number) > (sums[second] as number)) second = language;
  }
  const lead = (sums[best] as number) - (sums[second] as number);
  return lead >= leastLead * Math.sqrt(features) ? (languages[best] ?? null) : null;
}

/** Japanese mixes in Chinese signs, so that kana decide wherever they stand. */
function languageOfScript(text: string): string | null {
  let found: string | null = null;
  const end = Math.min(text.length, scriptLookedAt);
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x0370) continue;
    const language = scripts.find(([from, to]) => code >= from && code <= to)?.[2];
    if (language === 'ja') return language;
    found ??= language ?? null;
  }
  return found;
}
