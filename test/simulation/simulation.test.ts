import { describe, expect, it } from 'vitest';
import { faultKinds } from './faults.ts';
import { describeFailure } from './report.ts';
import { type Report, simulate } from './simulation.ts';

const seeds = 300;
const groupSeeds = 10;
const groups = Array.from({ length: seeds / groupSeeds }, (_, group) => group * groupSeeds + 1);

describe('the pipeline, whatever goes wrong', () => {
  const reports: Report[] = [];

  it.each(groups)('ends with the answer of the batch: 10 seeds from %i on', async (from) => {
    for (let seed = from; seed < from + groupSeeds; seed += 1) {
      const report = await simulate(seed);
      expect(report.difference, describeFailure(report)).toBeNull();
      reports.push(report);
    }
  });

  it('met every kind of fault, opened alerts and told people of them', () => {
    const struck = new Set(reports.flatMap(({ faults }) => [...faults.keys()]));
    expect(faultKinds.filter((kind) => !struck.has(kind))).toEqual([]);
    expect(reports.filter(({ alerts }) => alerts > 0).length).toBeGreaterThanOrEqual(6);
    expect(reports.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThan(0);
  });

  it('does the same for the same seed', async () => {
    expect(await simulate(7)).toEqual(reports[6]);
  });
});
