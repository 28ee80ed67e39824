// What a guess is made from: the first cells of each column, and what the columns are called.
import { listNames } from '../rows/paths.ts';

/** A column and its cells that are not empty, trimmed. */
export type SampledColumn = { readonly name: string; readonly cells: readonly string[] };

/** The column whose name fits the earliest of the patterns; of several the first. */
export function best(columns: readonly SampledColumn[], patterns: readonly RegExp[]): SampledColumn | null {
  for (const pattern of patterns) {
    const found = columns.find(({ name }) => pattern.test(name));
    if (found !== undefined) return found;
  }
  return null;
}

/** Exports have rows that are broken, and their header again in the middle. */
export function isFew(odd: readonly string[], cells: readonly string[]): boolean {
  return odd.length * 2 < cells.length;
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
