// One field of a signal, guessed from what the columns are called and from what stands in them.
import { isEmail } from '../customers.ts';
import { listNames } from '../rows/paths.ts';
import type { Guess } from './proposal.ts';
import { numbersOf } from './ratings.ts';
import { best, isCalled, isFew, oddDoubt, type SampledColumn } from './sampled.ts';
import { suggestTime } from './time.ts';

const timePatterns = [
  /creat|submit|occur|post|receiv|report|review|open|sent/i,
  /^(?!.*(updat|modif|clos|solv|birth|due)).*(date|time|datum|fecha)/i,
  /^(?!.*(updat|modif|clos|solv|birth|due))/i,
  /./,
];

export function guessTime(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const times = columns.filter((column) => suggestTime(column) !== null);
  const column = best(times, timePatterns);
  const time = column && suggestTime(column);
  if (column === null || time === null) return null;
  const { suggestion, odd, doubtful } = time;
  doubts.push(...oddDoubt('occurredAt', column, odd, 'time of that format'));
  if (doubtful !== null)
    doubts.push(`occurredAt: ${doubtful.join(' or ')}? Nothing in the rows that were read says which`);
  return { field: 'occurredAt', column: column.name, suggestion };
}

const statuses: ReadonlySet<string> = new Set(['new', 'open', 'pending', 'solved', 'closed']);

/** The column that says how a ticket stands. */
export function guessStatus(columns: readonly SampledColumn[]): string | null {
  const known = columns.filter(({ cells }) => cells.every((cell) => statuses.has(cell.toLowerCase())));
  return best(known, [/status|state/i])?.name ?? null;
}

const customerPatterns = [
  /^(?=.*(customer|client|account|member|subscriber|kunde)).*(id|number|no|key)\b/i,
  /^(?=.*(customer|client|account|member|subscriber|kunde)).*e-?mail/i,
  /customer|client|account|member|subscriber|kunde/i,
  /^(?=.*user).*(id|key)\b/i,
  /^(?=.*contact).*(ids?|e-?mail)\b/i,
  /e-?mail/i,
  /user|requester|reviewer|author/i,
];
/** Who answered, stayed or was treated: a person where the same one comes again, else only what the answer is called. */
const visitorPattern =
  /^(?=.*(respondent|panelist|patient|guest|passenger|buyer|shopper|resident|tenant)).*(id|number|no|key)\b/i;
/** 'Reviewer language': of the person, not the person */
const notCustomerPattern = /(?<![a-z])(language|locale|country|city|region|type|agent|segment|count|since)$/i;

/** What exports write where they know no customer. */
const nobody = /^(?:n[./]?a\.?|none|null|nil|nobody|unknown|anonymous|anon|guest|undefined|[-–?.]+|0+)$/i;

export function guessCustomer(columns: readonly SampledColumn[], doubts: string[]): Guess | null {
  const persons = columns.filter((column) => !isCalled(column, notCustomerPattern));
  const found = best(persons, customerPatterns) ?? best(persons.filter(hasRepeats), [visitorPattern]);
  if (found === null) return null;
  const { name: column, cells } = found;
  const placeholders = [...new Set(cells.filter((cell) => nobody.test(cell)))];
  const isAddress = cells.some(isEmail) && cells.every((cell) => isEmail(cell) || nobody.test(cell));
  if (placeholders.length > 0) doubts.push(`customer: ${listNames(placeholders)} is taken for nobody`);
  const map = Object.fromEntries(placeholders.map((one) => [one, null]));
  const options = { ...(isAddress && { as: 'email' as const }), ...(placeholders.length > 0 && { map }) };
  const suggestion = Object.keys(options).length > 0 ? { column, ...options } : column;
  return { field: 'customer', column, suggestion };
}

function hasRepeats({ cells }: SampledColumn): boolean {
  return new Set(cells).size < cells.length;
}

/** Whatever is called an id, and names each row. */
export function guessSubject(columns: readonly SampledColumn[], _: string[], rows: number): Guess | null {
  const unique = columns.filter(({ cells }) => cells.length === rows && new Set(cells).size === rows);
  const found = best(unique, [
    /^#$/,
    /^(ticket|case|complaint|review|respon[sd]e?|answer)?[ _-]?(id|number|key)$/i,
    /[ _-]id$/i,
    /^(uu|gu)id$|^(session|conversation|ticket|case)$/i,
  ]);
  return found && { field: 'subject', column: found.name, suggestion: found.name };
}

/** Where a row is one word of a conversation: what the conversation is called. */
export function guessThread(columns: readonly SampledColumn[]): Guess | null {
  const found = best(columns, [/^(ticket|case|complaint|conversation|thread)[ _-]?(id|number|no|key)$/i]);
  return found && { field: 'thread', column: found.name, suggestion: found.name };
}

/** What words are called. */
export const textPattern =
  /comment|review(?!er)|verbatim|feedback|message|body|content|text|descri|narrative|remark|why|reason|kommentar/i;
/** 'Review ID', 'Comment sentiment': of the words, not the words */
const notTextPattern =
  /(?<![a-z])(id|number|no|key|code|date|time|type|status|sentiment|rating|score|title|language|url|link)$/i;
const fewLetters = 30;

/** What a ticket is called is its customer's first word, where there is no other. */
const titlePattern = /^((ticket|case|review)[ _-]?)?(subject|title|summary)$/i;

/** The longest of the columns that are called so; where none is, the longest that reads like sentences. */
export function guessText(columns: readonly SampledColumn[]): Guess | null {
  const words = columns.filter(isWords);
  const called = words.filter((column) => isCalled(column, textPattern) && !isCalled(column, notTextPattern));
  const answers = words.filter((column) => isCalled(column, questionPattern) && isOpen(column));
  const long = words.filter(
    (column) => meanLength(column) >= fewLetters && column.cells.some((cell) => cell.includes(' ')),
  );
  const titles = words.filter((column) => isCalled(column, titlePattern));
  const [of = []] = [called, answers, long, titles].filter((some) => some.length > 0);
  const [found = null] = of.toSorted((one, other) => meanLength(other) - meanLength(one));
  return found && { field: 'text', column: found.name, suggestion: found.name };
}

/** A question of a survey that has no list of answers. */
const questionPattern = /\?\s*$|tell us|anything else|suggest|improve/i;
const mostAnswers = 30;

function isOpen({ cells }: SampledColumn): boolean {
  return new Set(cells).size > Math.min(mostAnswers, cells.length / 2);
}

/** Neither numbers nor times. */
function isWords(column: SampledColumn): boolean {
  return !isFew(numbersOf(column.cells).odd, column.cells) && suggestTime(column) === null;
}

function meanLength({ cells }: SampledColumn): number {
  return cells.reduce((sum, { length }) => sum + length, 0) / cells.length;
}

const mostStages = 30;

export function guessStage(columns: readonly SampledColumn[]): Guess | null {
  const few = columns.filter(({ cells }) => new Set(cells).size <= mostStages);
  const found = best(few, [
    /stage|touchpoint|journey/i,
    /category|topic|department|queue|product/i,
    /^(service|issue|enquiry|inquiry|contact|complaint)[ _-]?(type|area|line|reason)/i,
    /^(ticket[ _-]?)?group$/i,
  ]);
  return found && { field: 'stage', column: found.name, suggestion: found.name };
}

const authors: Readonly<Record<string, RegExp>> = {
  customer: /^(customer|client|(end[ _-]?)?user|requester|visitor|consumer|contact|caller|buyer|guest)$/i,
  staff: /^(staff|agent|support|operator|admin|teammate|employee|representative|company)$/i,
  bot: /^(bot|system|automation|assistant)$/i,
};

/** The column that says whether customers speak, or who answers them. */
export function guessAuthor(columns: readonly SampledColumn[]): Guess | null {
  for (const { name, cells } of columns) {
    const words = [...new Set(cells)];
    const pairs = words.map((word) => [word, Object.keys(authors).find((author) => authors[author]?.test(word))]);
    if (pairs.length < 2 || pairs.some(([, author]) => author === undefined)) continue;
    const map = Object.fromEntries(pairs.filter(([word, author]) => word !== author)) as Record<string, string>;
    const suggestion = Object.keys(map).length === 0 ? name : { column: name, map };
    return { field: 'author', column: name, suggestion };
  }
  return null;
}
