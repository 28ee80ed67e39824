import { type Suggestion, suggestColumns } from './columns.ts';
import type { SampledColumn } from './sampled.ts';

/** Columns of a table: its head, then its rows; empty cells are none. */
export function table(head: string, ...rows: string[]): [SampledColumn[], number] {
  const cells = rows.map((row) => row.split('|'));
  const columns = head.split('|').map((name, at) => ({
    name,
    cells: cells.map((row) => row[at] ?? '').filter((cell) => cell !== ''),
  }));
  return [columns, rows.length];
}

/** What is proposed for a table: its head, then its rows. */
export function suggested(head: string, ...rows: string[]): Suggestion {
  return suggestColumns(...table(head, ...rows));
}
