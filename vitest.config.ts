// One runner for every test of the repository.
import { defineConfig } from 'vitest/config';

const forPeople = ['default', './test/parts/skips-reporter.ts'];

/** What starts servers of its own. */
const parts = [
  'test/{browser,contract,infra}/**/*.test.ts',
  'test/journeys/{archive,kafka,kafka-move,kafka-rebuild,receivers}.test.ts',
];
/** What kills servers under load, or says how soon something must have happened: a neighbour would take its time away. */
const alone = [
  'test/chaos/**/*.test.ts',
  'test/contract/{kafka-faults,leaks}.test.ts',
  'test/journeys/{durable,start}.test.ts',
];
const usual = {
  // a guard against what never ends, not a claim of speed
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    reporters: process.env.CI ? [...forPeople, ['json', { outputFile: 'test-results.json' }]] : forPeople,
    projects: [
      {
        test: {
          ...usual,
          name: 'together',
          include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...parts, ...alone],
          // of three, one waits for the tick of a minute
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...usual,
          name: 'parts',
          include: parts,
          exclude: ['**/node_modules/**', ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...usual, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
