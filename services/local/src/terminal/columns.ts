// Tables and paragraphs that fit the width of a terminal.
import { widestOf } from './table.ts';

export type Column = {
  readonly title: string;
  readonly align?: 'right' /** may be broken into lines */;
  readonly wraps?: true;
};

/** Lines of a table without their ends. Columns that wrap share what the others leave, by what they hold. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const texts = [columns.map(({ title }) => title), ...rows];
  const widest = columns.map((_, place) => widestOf(texts, place));
  const widths = fit(columns, widest, width - 2 * (columns.length - 1));
  return texts.flatMap((row) => lay(row, columns, widths));
}

const leastWidth = 10;

function fit(columns: readonly Column[], widest: readonly number[], width: number): number[] {
  const fixed = widest.filter((_, place) => !columns[place]?.wraps).reduce((sum, one) => sum + one, 0);
  const wanted = widest.filter((_, place) => columns[place]?.wraps).reduce((sum, one) => sum + one, 0);
  const left = Math.max(0, width - fixed);
  return widest.map((one, place) =>
    columns[place]?.wraps && wanted > left ? Math.max(leastWidth, Math.floor((left * one) / wanted)) : one,
  );
}

function lay(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string[] {
  const cells = row.map((text, place) => wrap(text, widths[place] ?? leastWidth));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, place) => {
        const text = lines[line] ?? '';
        return columns[place]?.align === 'right' ? text.padStart(widths[place] ?? 0) : text.padEnd(widths[place] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a text between words; a word that is longer than the width, 1 at least, is broken itself. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return [...lines, line];
}
