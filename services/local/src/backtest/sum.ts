// What several partitions have in the end, as one: counters add up, and all claims lie in one of them.
import type { Beliefs } from '@gapwatch/core';
import { Heard, type HeardPart } from './heard.ts';

/** What a partition has in the end. */
export type FoldedPart = {
  readonly cells: ReadonlyMap<string, readonly number[]>;
  /** how many statements had which outcome */
  readonly counts: Readonly<Record<string, number>>;
  /** claims by stage */
  readonly claims: ReadonlyMap<string, Beliefs>;
  readonly heard: HeardPart;
};

export class Sum {
  readonly cells = new Map<string, readonly number[]>();
  readonly counts: Record<string, number> = {};
  readonly claims = new Map<string, Beliefs>();
  readonly heard = new Heard();

  add({ cells, counts, claims, heard }: FoldedPart): void {
    for (const [key, fields] of cells) {
      const sum = this.cells.get(key);
      this.cells.set(key, sum === undefined ? fields : sum.map((field, index) => field + (fields[index] ?? 0)));
    }
    for (const [outcome, count] of Object.entries(counts)) this.counts[outcome] = (this.counts[outcome] ?? 0) + count;
    for (const [stage, claim] of claims) this.claims.set(stage, claim);
    this.heard.add(heard);
  }

  /** As if all were one partition. */
  get part(): FoldedPart {
    const { cells, counts, claims, heard } = this;
    return { cells, counts, claims, heard: heard.part };
  }
}
