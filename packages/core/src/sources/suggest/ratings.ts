// Which column says how it went, and on which scale: numbers, however they are written, or the words of an answer.
import { listNames } from '../rows/paths.ts';
import { readRating } from '../rows/ratings.ts';
import type { ColumnSuggestion, Guess, Scale } from './proposal.ts';
import { best, isCalled, isFew, oddDoubt, type SampledColumn } from './sampled.ts';
import { isAnswer, wordingOf, worthOf } from './wordings.ts';

/** What the answers of a survey are called: by the survey, or by the question. */
export const surveyPattern =
  /(?<![a-z])(nps|csat|survey)|likely\b.*\brecommend|^how (satisfied|likely|happy|easy)\b|^(please )?rate\b|^(how|what|why|would|were|was|did|overall|anything)\b.*\?/i;

const named = [/overall/i, /(?<![a-z])(rating|stars?|score|satisfaction|nps|csat|grade|bewertung)(?![a-z])/i];
/** Not every question is answered by how it went: how old, how many, how they heard of us. */
const questions = [
  /(?<![a-z])survey|likely\b.*\brecommend/i,
  /^(how (likely|satisfied|happy|easy|difficult|was|were|would you rate|do you (rate|feel))|(please )?rate)\b/i,
];
const ratingPatterns = [...named, ...questions];

/** Whether a column that is called so may be a rating. */
export function isRatingName(name: string): boolean {
  return ratingPatterns.some((pattern) => pattern.test(name));
}

export function guessRating(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const numbers = columns.filter((column) => scaleOf(column) !== null);
  const worded = columns.filter((column) => wordingOf(column) !== null);
  const column = best(numbers, ratingPatterns) ?? best(worded, ratingPatterns) ?? worded.find(isAnswer) ?? null;
  const rating = column && readColumn(column);
  if (column === null || rating === null) {
    doubts.push(...wordsDoubt(columns));
    return null;
  }
  doubts.push(...rating.odd, rating.worth, ...noughtsDoubt([rating]));
  return { field: 'rating', column: column.name, suggestion: rating.suggestion };
}

/** How the cells of a column are ratings. */
export type RatingColumn = {
  readonly suggestion: ColumnSuggestion & { readonly column: string; readonly scale: Scale };
  /** the cells in which nobody answered */
  readonly noughts: readonly string[];
  /** a doubt about cells that are no ratings */
  readonly odd: readonly string[];
  /** the doubt what the ratings are worth */
  readonly worth: string;
};

/** Null where they are none. `noughts`: what says of five steps that nobody answered, if not what the column itself shows. */
export function readColumn(column: SampledColumn, noughts?: readonly string[]): RatingColumn | null {
  const scale = scaleOf(column);
  if (scale !== null) return readScale(column, scale, noughts ?? noughtsOf(column));
  const wording = wordingOf(column);
  return wording === null ? null : readWords(column, wording);
}

const fiveSteps = 5;

function readScale(column: SampledColumn, found: Scale, asked: readonly string[]): RatingColumn {
  const noughts = found.max === fiveSteps ? asked : [];
  const map = Object.fromEntries(noughts.map((cell) => [cell, null]));
  const scale = noughts.length === 0 ? found : { ...found, min: 1 };
  return {
    suggestion: { column: column.name, ...(noughts.length > 0 && { map }), scale },
    noughts,
    odd: oddDoubt('rating', column, numbersOf(column.cells).odd, 'number'),
    worth: `rating: is ${scale.max} the best and ${scale.min} the worst? Else change the scale, or add reversed: true`,
  };
}

/** Five steps begin with one: a nought among them is how exports write that nobody answered, unless it is more usual than the one. */
function noughtsOf({ cells }: SampledColumn): readonly string[] {
  const { numbers } = numbersOf(cells);
  const timesOf = (value: number) => numbers.filter((number) => number === value).length;
  const isBroken = numbers.some((number) => number > 0 && number < 1);
  return isBroken || timesOf(0) > timesOf(1) ? [] : [...new Set(cells)].filter((cell) => Number(cell) === 0);
}

export function noughtsDoubt(ratings: readonly RatingColumn[]): string[] {
  const columns = ratings.filter(({ noughts }) => noughts.length > 0).map(({ suggestion }) => suggestion.column);
  if (columns.length === 0) return [];
  return [
    `rating: 0 is taken for no answer in ${listNames(columns)}; where it is the worst, min is 0 and there is no map`,
  ];
}

function readWords(column: SampledColumn, wording: readonly string[]): RatingColumn {
  const { map, max, odd } = worthOf(wording, column);
  return {
    suggestion: { column: column.name, map, scale: { min: 1, max } },
    noughts: [],
    odd: oddDoubt('rating', column, odd, 'such answer'),
    worth: `rating: are the words of ${JSON.stringify(column.name)} as good as their numbers say?`,
  };
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

const mostWords = 12;

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
