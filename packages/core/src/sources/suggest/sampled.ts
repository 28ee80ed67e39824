// What a guess is made from: the first cells of each column, and what the columns are called.

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
