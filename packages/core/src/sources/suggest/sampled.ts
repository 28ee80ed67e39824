// What a guess is made from: the first cells of each column, and what the columns are called.
import { listNames } from '../rows/paths.ts';

/** A column and its cells that are not empty, trimmed. `label`: the question that it answers, where the name is only a number. */
export type SampledColumn = { readonly name: string; readonly label?: string; readonly cells: readonly string[] };

export function isCalled({ name, label }: SampledColumn, pattern: RegExp): boolean {
  return pattern.test(name) || (label !== undefined && pattern.test(label));
}

/** The column whose name fits the earliest of the patterns; of several the first. */
export function best(columns: readonly SampledColumn[], patterns: readonly RegExp[]): SampledColumn | null {
  for (const pattern of patterns) {
    const found = columns.find((column) => isCalled(column, pattern));
    if (found !== undefined) return found;
  }
  return null;
}

/** Exports have rows that are broken, and their header again in the middle. */
export function isFew(odd: readonly string[], cells: readonly string[]): boolean {
  return odd.length * 2 < cells.length;
}

/** Columns without further rows of heads than the first, and how many those were. */
type Headless = { readonly columns: readonly SampledColumn[]; readonly heads: 0 | 1 | 2 };

/** Survey tools write the questions into further rows of heads: they become labels. */
export function withoutHeads(columns: readonly SampledColumn[]): Headless {
  return withoutImportIds(columns) ?? withoutAnswerHeads(columns) ?? { columns, heads: 0 };
}

/** What Qualtrics writes into every cell of its third row of heads; the second has the questions. */
const importId = /^\{"ImportId"/;

function withoutImportIds(columns: readonly SampledColumn[]): Headless | null {
  const at = columns.map(({ cells }) => cells.slice(0, 2).findIndex((cell) => importId.test(cell)));
  if (!at.some((row) => row === 1)) return null;
  const plain = columns.map(({ name, cells }, column) => {
    const row = at[column] ?? -1;
    return { name, cells: cells.slice(row + 1), ...(row === 1 && { label: cells[0] as string }) };
  });
  return { columns: plain, heads: 2 };
}

/** What SurveyMonkey writes below a question with one answer; below one with several stand those, under heads that are empty. */
const answerHead = /^(?:open-ended )?response$/i;
/** what a column without a head is called */
const unnamed = /^column \d+$/;

function withoutAnswerHeads(columns: readonly SampledColumn[]): Headless | null {
  if (!columns.some(({ cells }) => answerHead.test(cells[0] ?? ''))) return null;
  let question = '';
  const plain = columns.map((column, at) => {
    const { name, cells } = column;
    const isNamed = !unnamed.test(name);
    if (isNamed) question = name;
    const [head, ...answers] = cells;
    if (head === undefined) return column;
    if (answerHead.test(head)) return { name, cells: answers };
    const isOfSeveral = !isNamed || unnamed.test(columns[at + 1]?.name ?? '');
    return isOfSeveral ? { name, label: `${question} [${head}]`, cells: answers } : column;
  });
  return { columns: plain, heads: 1 };
}

/** What a person should know of cells that are not what the others are. */
export function oddDoubt(
  field: string,
  { name, cells }: SampledColumn,
  odd: readonly string[],
  what: string,
): string[] {
  if (odd.length === 0) return [];
  return [
    `${field}: ${odd.length} of ${cells.length} cells of ${JSON.stringify(name)} are no ${what}, for one ${listNames(odd.slice(0, 1))}`,
  ];
}
