/** Prints rows as a table on stdout, columns as wide as their widest cell. */
export function printTable(title: string, rows: Record<string, string | number>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => String(row[name]).length)));
  const line = (cells: string[]) => cells.map((cell, column) => cell.padStart(widths[column]!)).join('  ');
  console.log(`\n${title}`);
  console.log(line(names));
  for (const row of rows) console.log(line(names.map((name) => String(row[name]))));
}

/** The q-quantile of the values, the lower one between two; NaN where there is none. */
export function quantile(values: readonly number[], q: number): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.floor(q * (ordered.length - 1))] ?? Number.NaN;
}
