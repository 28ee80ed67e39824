// One runner for every test of the repository.
import { defineConfig } from 'vitest/config';

const forPeople = ['default', './test/parts/skips-reporter.ts'];

/** What starts servers of its own, or says how soon something must have happened: a neighbour would take its time away. */
const alone = [
  'test/{browser,chaos,contract,infra}/**/*.test.ts',
  'test/journeys/{archive,durable,kafka,receivers,start}.test.ts',
];
const usual = {
  // a guard against what never ends, not a claim of speed
  testTimeout: 120_000,
  hookTimeout: 120_000,
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
          exclude: ['**/node_modules/**', ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...usual, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
