// The real exports of ../shared/data, from the files as they lie, with the configurations of examples/.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  end,
  gapwatch,
  getJson,
  readyAddress,
  repository,
  spawnGapwatch,
  temporaryFolder,
} from './gapwatch.fixture.ts';

const data = join(repository, '../shared/data');
/** Example, file, statements that come out of its rows, and those among the accepted that no customer spoke. */
const exports: [string, string, number, number][] = [
  ['skytrax-lounges.yaml', 'skytrax_lounge_seat/lounge.csv.gz', 2_264, 0],
  // eight statements a row
  ['skytrax-lounges-touchpoints.yaml', 'skytrax_lounge_seat/lounge.csv.gz', 8 * 2_264, 0],
  // twenty-six rows without a date count once
  ['skytrax-seats.yaml', 'skytrax_lounge_seat/seat.csv.gz', 8 * (1_258 - 26) + 26, 0],
  // the words or the issue, and the handing over
  ['cfpb-complaints.yaml', 'cfpb_complaints/cfpb_2019_sample.csv.gz', 3 * 6_623, 6_623],
  ['nhs-comments.yaml', 'nhs_patient_feedback/v6framework_before_2022-07.csv.gz', 6_675, 0],
];
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, one) => total + one, 0);

/** As `--json` of a backtest says it. */
async function backtest(example: string, file: string) {
  const words = ['backtest', join(data, file), '--config', join(repository, 'examples', example), '--json'];
  return JSON.parse((await gapwatch(words)).stdout);
}

describe.skipIf(!existsSync(data)).each(exports)(
  '%s (skipped where ../shared/data is absent)',
  (example, file, statements, unspoken) => {
    it('is tested back, every statement accounted for', async () => {
      const { signals, stages } = await backtest(example, file);
      const { read, accepted, repeated, skipped, rejected } = signals;
      expect(read).toBe(statements);
      expect(accepted + repeated + sum(skipped) + sum(rejected)).toBe(read);
      const spoken = (stages as { statements: number }[]).reduce((total, one) => total + one.statements, 0);
      expect(spoken).toBe(accepted - unspoken);
    });
  },
);

/** The seats are rated at as many touchpoints, and over as many years. */
const replayed = exports.filter(([example]) => example !== 'skytrax-lounges-touchpoints.yaml');

describe.skipIf(!existsSync(data)).each(replayed)('%s (skipped where ../shared/data is absent)', (example, file) => {
  it('is replayed with the alerts of the backtest', { timeout: 180_000 }, async () => {
    const tested = await backtest(example, file);
    const path = join(data, file);
    const config = join(repository, 'examples', example);
    const folder = join(temporaryFolder(), 'data');
    const running = spawnGapwatch(['start', '--replay', path, '--config', config, '--data-dir', folder]);
    const address = await readyAddress(running);
    const shown: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await getJson<{ items: { stage: string; openedAt: string }[]; next: string | null }>(
        `${address}/v1/alerts${cursor}`,
      );
      shown.push(...page.items.map(({ stage, openedAt }) => `${stage} ${openedAt}`));
      if (page.next === null) break;
      cursor = `?cursor=${encodeURIComponent(page.next)}`;
    }
    // the list leaves out improvements unless asked
    const worse = (tested.alerts as { stage: string; openedAt: string; reversed?: true }[]).filter(
      ({ reversed }) => !reversed,
    );
    expect(shown.sort()).toEqual(worse.map(({ stage, openedAt }) => `${stage} ${openedAt}`).sort());
    await end(running);
    const verified = JSON.parse((await gapwatch(['verify', '--json', '--data-dir', folder])).stdout);
    expect(verified).toMatchObject({ wrong: 0, missing: 0, extra: 0, behind: 0 });
  });
});
