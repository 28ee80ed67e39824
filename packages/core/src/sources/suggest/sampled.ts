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

/** What Qualtrics writes into every cell of its third row of heads; the second has the questions. */
const importId = /^\{"ImportId"/;

/** The columns without further rows of heads, whose questions become labels; null where there are none. */
export function withoutHeads(columns: readonly SampledColumn[]): readonly SampledColumn[] | null {
  const at = columns.map(({ cells }) => cells.slice(0, 2).findIndex((cell) => importId.test(cell)));
  if (!at.some((row) => row === 1)) return null;
  return columns.map(({ name, cells }, column) => {
    const row = at[column] ?? -1;
    return { name, cells: cells.slice(row + 1), ...(row === 1 && { label: cells[0] as string }) };
  });
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
