// How good the tagger is on texts that it was not trained on: `node test/quality/evaluate.ts`.
import { tag } from '../../packages/core/src/tagging/index.ts';
import { languageOf } from '../../packages/core/src/tagging/language.ts';
import { isHeldOut, type Label, labelledTexts, textsInLanguages } from './sets.ts';

const labels: readonly Label[] = ['negative', 'neutral', 'positive'];

export type Quality = {
  readonly set: string;
  readonly texts: number;
  readonly accuracy: number;
  /** mean over the labels that occur */
  readonly macroF1: number;
  /** accuracy where the label is negative or positive: negative against the rest by the sign of the score */
  readonly signs: number;
  /** expected calibration error of the confidence, ten bins */
  readonly calibrationError: number;
};

type Judged = {
  readonly set: string;
  readonly label: Label;
  readonly found: Label;
  readonly score: number;
  readonly confidence: number;
};

export function sentimentQuality(): Quality[] {
  const judged = labelledTexts()
    .filter(({ text }) => isHeldOut(text))
    .map(({ set, text, label }): Judged => {
      const { sentiment } = tag({ text });
      return { set, label, found: sentiment.label, score: sentiment.score, confidence: sentiment.confidence };
    });
  return [...Map.groupBy(judged, ({ set }) => set)].map(([set, ones]) => qualityOf(set, ones));
}

function qualityOf(set: string, judged: readonly Judged[]): Quality {
  const occurring = labels.filter((label) => judged.some((one) => one.label === label));
  const signed = judged.filter(({ label }) => label !== 'neutral');
  const right = signed.filter(({ label, score }) => (label === 'negative') === score < 0).length;
  return {
    set,
    texts: judged.length,
    accuracy: judged.filter(({ label, found }) => label === found).length / judged.length,
    macroF1: occurring.reduce((sum, label) => sum + f1(judged, label), 0) / occurring.length,
    signs: right / signed.length,
    calibrationError: calibrationError(judged),
  };
}

function f1(judged: readonly Judged[], label: Label): number {
  const hit = judged.filter((one) => one.label === label && one.found === label).length;
  const found = judged.filter((one) => one.found === label).length;
  const there = judged.filter((one) => one.label === label).length;
  return hit === 0 ? 0 : (2 * hit) / (found + there);
}

function calibrationError(judged: readonly Judged[]): number {
  let error = 0;
  for (let bin = 0; bin < 10; bin += 1) {
    const inside = judged.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === bin);
    if (inside.length === 0) continue;
    const right = inside.filter(({ label, found }) => label === found).length / inside.length;
    const said = inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length;
    error += (Math.abs(right - said) * inside.length) / judged.length;
  }
  return error;
}

/** Shares of held-out sentences whose language was found, and that were left open. */
export function languageQuality(
  languages: readonly string[],
): { language: string; texts: number; right: number; open: number }[] {
  const texts = textsInLanguages().filter(({ text }) => isHeldOut(text));
  return languages.map((language) => {
    const own = texts.filter((one) => one.language === language);
    const found = own.map(({ text }) => languageOf(text));
    const right = found.filter((one) => one === language).length / own.length;
    return { language, texts: own.length, right, open: found.filter((one) => one === null).length / own.length };
  });
}

if (import.meta.main) {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.table(
    sentimentQuality().map(({ set, texts, accuracy, macroF1, signs, calibrationError: error }) => {
      return {
        set,
        texts,
        accuracy: percent(accuracy),
        'macro F1': percent(macroF1),
        signs: percent(signs),
        'calibration error': percent(error),
      };
    }),
  );
  console.table(
    languageQuality(['en', 'de', 'es', 'fr', 'pt', 'it', 'nl', 'pl', 'sv', 'da', 'ru', 'ja']).map(
      ({ language, texts, right, open }) => {
        return { language, texts, right: percent(right), open: percent(open) };
      },
    ),
  );
}
