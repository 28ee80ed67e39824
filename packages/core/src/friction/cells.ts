// Where the counters of a window lie, and what each of them counts.
import type { WindowStep } from './time.ts';

/** The fields of a cell, in their order. All are whole numbers that add up over partitions. */
export const cellFields = [
  'statements',
  'customers',
  'unhappy',
  'anonymousStatements',
  'anonymousUnhappy',
  'frictionThousandths',
  'present',
  'active',
] as const;
export type Cell = Record<(typeof cellFields)[number], number>;

export type CellPlace = {
  readonly step: WindowStep;
  readonly stage: string;
  /** `dimension:value`; empty for all customers */
  readonly segment: string;
  /** first hour of the window, whole hours since 1970 UTC */
  readonly start: number;
};

/** A name as a part of a key: the parts stand between bars. */
export function escapeName(text: string): string {
  return /[%|]/.test(text) ? text.replaceAll('%', '%25').replaceAll('|', '%7C') : text;
}

function unescapeName(text: string): string {
  return text.includes('%') ? text.replaceAll('%7C', '|').replaceAll('%25', '%') : text;
}

export function cellKey(step: WindowStep, stage: string, segment: string, start: number): string {
  return `${step}|${escapeName(stage)}|${escapeName(segment)}|${start}`;
}

export function parseCellKey(key: string): CellPlace {
  const [step, stage, segment, start] = key.split('|') as [WindowStep, string, string, string];
  return { step, stage: unescapeName(stage), segment: unescapeName(segment), start: Number(start) };
}

export function cellOf(fields: readonly number[]): Cell {
  return Object.fromEntries(cellFields.map((name, index) => [name, fields[index] ?? 0])) as Cell;
}
