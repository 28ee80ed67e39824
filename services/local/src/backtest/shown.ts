// Which stages a person is shown where there are more than anybody reads: those with the most alerts, then the most heard.
import type { BacktestReport } from './report.ts';
import { count } from './words.ts';

export type Shown = {
  readonly names: ReadonlySet<string>;
  /** what is said of the others; null: there are none */
  readonly rest: string | null;
};

export function shownStages(stages: BacktestReport['stages'], most: number): Shown {
  const ranked = stages.toSorted((one, other) => other.alerts - one.alerts || other.statements - one.statements);
  const left = stages.length - most;
  return {
    names: new Set(ranked.slice(0, most).map(({ stage }) => stage)),
    rest: left > 0 ? `… and ${count(left)} more stages with fewer alerts, or less said (--json has all)` : null,
  };
}
