// The words in which surveys let people answer, and what they are worth.
import type { SampledColumn } from './sampled.ts';

/** Answers as surveys word them, the shortest first, each from the worst on; what is neither the one nor the other is neutral. */
const wordings: readonly (readonly string[])[] = [
  ['bad', 'good'],
  ['negative', 'neutral', 'positive'],
  ['very dissatisfied', 'dissatisfied', 'neutral', 'satisfied', 'very satisfied'],
  ['very unsatisfied', 'unsatisfied', 'neutral', 'satisfied', 'very satisfied'],
  ['not at all satisfied', 'not so satisfied', 'somewhat satisfied', 'very satisfied', 'extremely satisfied'],
  ['extremely dissatisfied', 'somewhat dissatisfied', 'neutral', 'somewhat satisfied', 'extremely satisfied'],
  ['not at all likely', 'not so likely', 'somewhat likely', 'very likely', 'extremely likely'],
  ['very difficult', 'difficult', 'neutral', 'easy', 'very easy'],
  ['very unhappy', 'unhappy', 'neutral', 'happy', 'very happy'],
  ['strongly disagree', 'disagree', 'neutral', 'agree', 'strongly agree'],
  ['very poor', 'poor', 'neutral', 'good', 'very good'],
  ['very poor', 'poor', 'average', 'good', 'excellent'],
  ['poor', 'fair', 'good', 'very good', 'excellent'],
  ['terrible', 'poor', 'average', 'very good', 'excellent'],
  ['very bad', 'bad', 'neutral', 'good', 'very good'],
  ['strongly disagree', 'disagree', 'somewhat disagree', 'neutral', 'somewhat agree', 'agree', 'strongly agree'],
  ['sehr unzufrieden', 'unzufrieden', 'neutral', 'zufrieden', 'sehr zufrieden'],
];
/** a second row of heads, and what somebody wrote by hand */
const oddShare = 0.05;

/** Said by those who have nothing to say of it. */
const noAnswer = /^(?:n[./]?a\.?|not applicable|does(?: not|n't) apply|don't know|no opinion|prefer not to say|[-–])$/i;

const wordOf = (cell: string) => cell.toLowerCase().replace(/^neither\b.*/, 'neutral');

/** Whatever the column is called: three words of one wording are no chance, where it is a long one. */
export function isAnswer(column: SampledColumn): boolean {
  return (wordingOf(column)?.length ?? 0) >= 5 && new Set(column.cells.map(wordOf)).size >= 3;
}

/** The wording that has all the answers but the odd one; null where they are fewer than two, or none has them. */
export function wordingOf({ cells }: SampledColumn): readonly string[] | null {
  const answers = cells.filter((cell) => !noAnswer.test(cell));
  const counts = [...Map.groupBy(answers, wordOf)].map(([word, said]) => [word, said.length] as const);
  const mostOdd = answers.length * oddShare;
  const oddOf = (wording: readonly string[]) =>
    counts.reduce((odd, [word, count]) => odd + (wording.includes(word) ? 0 : count), 0);
  return counts.length < 2 ? null : (wordings.find((wording) => oddOf(wording) <= mostOdd) ?? null);
}

/** What words are worth: on a scale from 1 to `max`, null where they are no answer. */
type Worth = {
  readonly map: Readonly<Record<string, number | null>>;
  readonly max: number;
  /** the cells that are of no such word */
  readonly odd: readonly string[];
};

/** The words of the cells from the worst on. */
export function worthOf(wording: readonly string[], { cells }: SampledColumn): Worth {
  const placeOf = (word: string) => wording.indexOf(wordOf(word)) + 1;
  const said = [...new Set(cells)].filter((word) => placeOf(word) > 0);
  const unsaid = [...new Set(cells)].filter((word) => noAnswer.test(word));
  const worths = said.sort((one, other) => placeOf(one) - placeOf(other)).map((word) => [word, placeOf(word)] as const);
  return {
    map: Object.fromEntries([...worths, ...unsaid.map((word) => [word, null] as const)]),
    max: wording.length,
    odd: cells.filter((cell) => placeOf(cell) === 0 && !noAnswer.test(cell)),
  };
}
