// The order of the test files: those that take longest begin, so that none is left over when everybody else has ended.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first, as `.ci/run` has measured them; the rest follows by size. */
const longest = [
  'chaos/chaos',
  'journeys/real-data',
  'journeys/backfill',
  'journeys/rebuild',
  'journeys/backtest',
  'journeys/sources',
  'journeys/start',
  'journeys/commands',
  'journeys/kafka-move',
  'journeys/kafka',
  'journeys/receivers',
  'contract/partitions',
];

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
  return rank === -1 ? longest.length : rank;
}

const groupOf = ({ project }: TestSpecification) => project.config.sequence.groupOrder;

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => groupOf(one) - groupOf(other) || rankOf(one) - rankOf(other));
  }
}
