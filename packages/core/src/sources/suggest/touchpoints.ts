// Several ratings in a row: each is of a touchpoint, and becomes a statement at a stage that is called like it.
import { listNames } from '../rows/paths.ts';
import { columnsOf, fieldsOf, freeOf, type Guess, type Proposal, type StatementSuggestion } from './proposal.ts';
import { isRatingName, noughtsDoubt, type RatingColumn, readColumn } from './ratings.ts';
import { isCalled, type SampledColumn } from './sampled.ts';

/** What is rated; `question`: under which it stands with others, as survey tools write it: 'How was it? [Staff]'. */
type Touchpoint = {
  readonly stage: string;
  readonly question: string | null;
  readonly column: SampledColumn;
  readonly rating: RatingColumn;
};

const inQuestion = /^(?<question>.+?)\s*(?:\[(?<inBrackets>[^\]]+)\]|(?:\s[-–—>|]+|:)\s+(?<behind>[^?]+))$/;
/** 'ratings.food', 'food_rating', 'Food Score', 'rating of food' */
const inName = [
  /^(?:.*\.)?(?:sub[ _-]?)?(?:ratings?|scores?)\.(?<of>.+)$/i,
  /^(?<of>.+?)[ ._-]?(?:rating|stars?|score|satisfaction|csat|bewertung)$/i,
  /^(?:rating|score|stars|satisfaction)[ _-]+(?:(?:of|for|with)[ _-]+)?(?<of>.+)$/i,
];
/** Of the whole, or not said by a customer. */
const noTouchpoint =
  /\b(overall|total|general|whole|star|review(er)?|customer|user|avg|average|mean|median|max|min|previous|last|nps|csat|survey|sentiment|polarity|risk|lead|credit|health|churn|confidence|engagement|helpful(ness)?|id|count|date|text)\b/;
/** What goes to a hundred is reckoned by a machine, not answered. */
const mostSteps = 10;
const mostTouchpoints = 50;
const mostLetters = 40;

/** Null where a row has one rating or none. `filled`: all columns in which anything stands. */
export function proposeTouchpoints(
  kind: string,
  guesses: readonly Guess[],
  filled: readonly SampledColumn[],
  doubts: string[],
): Proposal | null {
  const guess = guesses.find(({ field }) => field === 'rating');
  const whole = filled.find(({ name }) => name === guess?.column);
  if (guess === undefined || whole === undefined) return null;
  const others = guesses.filter((one) => one !== guess);
  const all = freeOf(filled, others).flatMap(touchpointOf);
  // under one question with others the first is not of the whole either
  const first = all.find(({ column }) => column === whole);
  const isWhole = first === undefined || all.every((one) => one === first || one.question !== first.question);
  const rated = withSameNoughts(onceEach(isWhole ? all.filter((one) => one !== first) : all).slice(0, mostTouchpoints));
  const free = freeOf(filled, guesses).filter((column) => !rated.some((one) => one.column === column));
  doubts.push(...doubtsOf(rated), ...alikeDoubt(whole, free));
  if (rated.length === 0) return null;
  const said = guesses.filter((one) => saidOnce.has(one.field) && (isWhole || one !== guess));
  return {
    columns: columnsOf(
      kind,
      guesses.filter(({ field }) => !saidOnce.has(field)),
    ),
    statements: [...ownStatement(said), ...rated.map(statementOf)],
    used: [...guesses.map(({ column }) => column), ...rated.map(({ column }) => column.name)],
  };
}

/** What a row says of itself rather than of a touchpoint. */
const saidOnce: ReadonlySet<string> = new Set(['stage', 'rating', 'text', 'author']);

function ownStatement(said: readonly Guess[]): readonly StatementSuggestion[] {
  if (said.every(({ field }) => field === 'stage')) return [];
  const isPlaced = said.some(({ field }) => field === 'stage');
  return [{ columns: { ...(!isPlaced && { stage: { constant: 'overall' } }), ...fieldsOf(said) } }];
}

function statementOf({ stage, rating }: Touchpoint, place: number): StatementSuggestion {
  const isPlain = /^[a-z0-9][a-z0-9-]*$/.test(stage);
  return {
    name: isPlain ? stage : `rating-${place + 1}`,
    columns: { stage: { constant: stage }, rating: rating.suggestion },
  };
}

function touchpointOf(column: SampledColumn): Touchpoint[] {
  const name = column.label ?? column.name;
  const { question, inBrackets, behind } = inQuestion.exec(name)?.groups ?? {};
  const isAsked = question !== undefined && isRatingName(question);
  const of = isAsked ? (inBrackets ?? behind) : inName.map((form) => form.exec(name)?.groups?.of).find((one) => one);
  const stage = stageOf(of ?? '');
  const rating = stage === '' || noTouchpoint.test(stage) ? null : readColumn(column);
  if (rating === null || rating.suggestion.scale.max > mostSteps) return [];
  return [{ stage, question: isAsked ? question : null, column, rating }];
}

/** 'Waiting time' and 'waitingTime' as the stages of a configuration are called: waiting-time. */
function stageOf(name: string): string {
  const words =
    name
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join('-').slice(0, mostLetters).replace(/-$/, '');
}

function onceEach(touchpoints: readonly Touchpoint[]): readonly Touchpoint[] {
  return touchpoints.filter(({ stage }, at) => touchpoints.findIndex((one) => one.stage === stage) === at);
}

/** What is no answer in one of the columns is none in another, where the first rows have none of it. */
function withSameNoughts(touchpoints: readonly Touchpoint[]): readonly Touchpoint[] {
  const noughts = [...new Set(touchpoints.flatMap(({ rating }) => rating.noughts))];
  if (noughts.length === 0) return touchpoints;
  return touchpoints.map((one) => ({ ...one, rating: readColumn(one.column, noughts) ?? one.rating }));
}

function doubtsOf(rated: readonly Touchpoint[]): readonly string[] {
  if (rated.length === 0) return [];
  const ratings = rated.map(({ rating }) => rating);
  return [
    `stage: ${listNames(rated.map(({ stage }) => stage))} are called like what is rated; is the highest number the best of each?`,
    ...ratings.flatMap(({ odd }) => odd),
    ...noughtsDoubt(ratings),
  ];
}

/** Who counts something has small numbers too. */
const countPattern =
  /(?<![a-z])(id|count|quantity|qty|number|nights?|age|years?|months?|weeks?|days?|hours?|version|priority|level|tier|votes?|visits?|guests|adults|children|seats|items?)(?![a-z])/i;
const leastSteps = 3;

/** Columns of as many steps as the whole that are not called like ratings, and may be some. */
function alikeDoubt(whole: SampledColumn, free: readonly SampledColumn[]): string[] {
  const steps = readColumn(whole)?.suggestion.scale.max;
  if (steps === undefined || steps > mostSteps) return [];
  const answers = free.filter((column) => !isCalled(column, countPattern) && new Set(column.cells).size >= leastSteps);
  const alike = answers.filter((column) => {
    const rating = readColumn(column);
    return rating?.suggestion.scale.max === steps && rating.odd.length === 0;
  });
  if (alike.length === 0) return [];
  return [
    `statements: are ${listNames(alike.map(({ name }) => name))} ratings of touchpoints too? Then each is one of its own`,
  ];
}
