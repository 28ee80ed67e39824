// A table of texts for a terminal: columns as wide as what stands in them, the last one as it is.

/** Lines without their ends. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const [first = []] = rows;
  const widths = first.map((_, column) => widestOf(rows, column));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === first.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Characters of the widest text of a column. */
export function widestOf(rows: readonly (readonly string[])[], column: number): number {
  return rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0);
}
