// What became of the records of a play or a file, for a person: every one of them is in the sum.
import type { ExportAccount } from '../exports/read.ts';
import type { PlayAccount } from '../play/play.ts';
import type { Play } from '../running/story.ts';

/** Lines without their ends. */
export function printAccount({ marker, account }: Play, played: PlayAccount): string[] {
  const written = [...played.written.values()].reduce((sum, count) => sum + count, 0);
  if (account === null) return [`played ${written} records of the example company`];
  return [...printFaults(account), `read ${account.read}: played ${written}${reasons(account)} (${marker.kind})`];
}

/** What helps where a file calls its columns otherwise than we do. */
export const suggestHint = 'gapwatch sources suggest FILE proposes which column is what';

/** The first faults that differ, how many more there are, and what helps. */
export function printFaults({ faults, rejected, warnings }: ExportAccount): string[] {
  let others = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const lines = [...warnings].map((warning) => `warning: ${warning}`);
  for (const [message, { place, count }] of faults) {
    others -= count;
    lines.push(`${place}: ${message}${count > 1 ? ` (and ${count - 1} more like it)` : ''}`);
  }
  if (others > 0) lines.push(`… and ${others} more were rejected`);
  if (Object.hasOwn(rejected, 'no-column')) lines.push(suggestHint);
  return lines;
}

function reasons({ skipped, rejected }: ExportAccount): string {
  return named('skipped', skipped) + named('rejected', rejected);
}

/** `, rejected 3 (2 date, 1 too-large)` */
export function named(what: string, counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  const sum = entries.reduce((total, [, count]) => total + count, 0);
  if (entries.length === 0) return `, ${what} 0`;
  return `, ${what} ${sum} (${entries.map(([reason, count]) => `${count} ${reason}`).join(', ')})`;
}
