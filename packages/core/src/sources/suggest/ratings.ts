// Which column says how it went, and on which scale: numbers, however they are written, or the words of an answer.
import { listNames } from '../rows/paths.ts';
import { readRating } from '../rows/ratings.ts';
import type { Guess, Scale } from './proposal.ts';
import { best, isCalled, isFew, oddDoubt, type SampledColumn } from './sampled.ts';

/** What the answers of a survey are called: by the survey, or by the question. */
export const surveyPattern =
  /(?<![a-z])(nps|csat|survey)|likely\b.*\brecommend|^(how|what|why|would|were|was|did|overall|anything)\b.*\?/i;

const named = [/overall/i, /(?<![a-z])(rating|stars?|score|satisfaction|nps|csat|grade|bewertung)(?![a-z])/i];
/** Not every question is answered by how it went: how old, how many, how they heard of us. */
const questions = [
  /(?<![a-z])survey|likely\b.*\brecommend/i,
  /^(how (likely|satisfied|happy|easy|difficult|was|were|would you rate|do you (rate|feel))|(please )?rate)\b/i,
];
const ratingPatterns = [...named, ...questions];

export function guessRating(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  return guessNumbers(columns, doubts) ?? guessWords(columns, doubts);
}

function guessNumbers(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const numbers = columns.filter((column) => scaleOf(column) !== null);
  const column = best(numbers, ratingPatterns);
  const scale = column && scaleOf(column);
  if (column === null || scale === null) return null;
  const { odd } = numbersOf(column.cells);
  doubts.push(...oddDoubt('rating', column, odd, 'number'));
  doubts.push(
    `rating: is ${scale.max} the best and ${scale.min} the worst? Else change the scale, or add reversed: true`,
  );
  return { field: 'rating', column: column.name, suggestion: { column: column.name, scale } };
}

/** The scale that the cells name; else the smallest usual one that all numbers lie on. Null where they are few, or lie on none. */
function scaleOf(column: SampledColumn): Scale | null {
  const { cells } = column;
  const { numbers, odd, bests } = numbersOf(cells);
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  const [end = 100] = bests;
  if (!isFew(odd, cells) || bests.size > 1 || least < 0 || most > end) return null;
  if (isCalled(column, /(?<![a-z])nps(?![a-z])|recommend/i) && most <= 10) return { min: 0, max: 10 };
  const max = bests.size === 1 ? end : most <= 5 ? 5 : most <= 10 ? 10 : 100;
  return { min: max === 100 || least < 1 ? 0 : 1, max };
}

/** `bests`: the ends of scales that cells name themselves, as `4/5` does. */
type Numbers = {
  readonly numbers: readonly number[];
  readonly odd: readonly string[];
  readonly bests: ReadonlySet<number>;
};

/** Every guess asks it of each column. */
const known = new WeakMap<readonly string[], Numbers>();

export function numbersOf(cells: readonly string[]): Numbers {
  const found = known.get(cells) ?? readNumbers(cells);
  known.set(cells, found);
  return found;
}

function readNumbers(cells: readonly string[]): Numbers {
  const numbers: number[] = [];
  const odd: string[] = [];
  const bests = new Set<number>();
  for (const cell of cells) {
    const reading = readRating(cell);
    if ('fault' in reading) odd.push(cell);
    else {
      numbers.push(reading.value);
      if (reading.of !== undefined) bests.add(reading.of);
    }
  }
  return { numbers, odd, bests };
}

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
const mostWords = 12;
/** a second row of heads, and what somebody wrote by hand */
const oddShare = 0.05;

const wordOf = (cell: string) => cell.toLowerCase().replace(/^neither\b.*/, 'neutral');

function guessWords(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const worded = columns.filter((one) => wordingOf(one) !== null);
  const column = best(worded, ratingPatterns) ?? worded.find(isAnswer) ?? null;
  const wording = column && wordingOf(column);
  if (column === null || wording === null) {
    doubts.push(...wordsDoubt(columns));
    return null;
  }
  const placeOf = (word: string) => wording.indexOf(wordOf(word)) + 1;
  const words = [...new Set(column.cells)].sort((one, other) => placeOf(one) - placeOf(other));
  const map = Object.fromEntries(words.filter((word) => placeOf(word) > 0).map((word) => [word, placeOf(word)]));
  const odd = column.cells.filter((cell) => placeOf(cell) === 0);
  doubts.push(...oddDoubt('rating', column, odd, 'such answer'));
  doubts.push(`rating: are the words of ${JSON.stringify(column.name)} as good as their numbers say?`);
  return {
    field: 'rating',
    column: column.name,
    suggestion: { column: column.name, map, scale: { min: 1, max: wording.length } },
  };
}

/** Whatever the column is called: three words of one wording are no chance, where it is a long one. */
function isAnswer(column: SampledColumn): boolean {
  return (wordingOf(column)?.length ?? 0) >= 5 && new Set(column.cells.map(wordOf)).size >= 3;
}

/** The wording that has all the answers but the odd one; null where they are fewer than two, or none has them. */
function wordingOf({ cells }: SampledColumn): readonly string[] | null {
  const counts = [...Map.groupBy(cells, wordOf)].map(([word, said]) => [word, said.length] as const);
  const mostOdd = cells.length * oddShare;
  const oddOf = (wording: readonly string[]) =>
    counts.reduce((odd, [word, count]) => odd + (wording.includes(word) ? 0 : count), 0);
  return counts.length < 2 ? null : (wordings.find((wording) => oddOf(wording) <= mostOdd) ?? null);
}

/** A column that is called like a rating and has a few words of its own. */
function wordsDoubt(columns: readonly SampledColumn[]): string[] {
  const few = columns.filter(({ cells }) => new Set(cells).size <= mostWords);
  const found = best(few, named);
  if (found === null) return [];
  const words = listNames([...new Set(found.cells)].slice(0, mostWords));
  return [
    `rating: what is ${words} of ${JSON.stringify(found.name)} worth? Say it with map: { WORD: NUMBER } and a scale`,
  ];
}
