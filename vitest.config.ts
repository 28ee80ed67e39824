// One runner for every test of the repository.
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/parts/longest-first.ts';

const forPeople = ['default', './test/parts/skips-reporter.ts'];

/** What starts servers of its own. */
const parts = [
  'test/{browser,contract,infra}/**/*.test.ts',
  'test/journeys/{archive,kafka,kafka-lost,kafka-move,kafka-rebuild,receivers}.test.ts',
];
/**
 * What kills servers and processes, counts what they leave, or says how soon something must have happened under load: one
 * neighbour, no more, lets it go on in its time.
 */
const killing = [
  'test/chaos/**/*.test.ts',
  'test/contract/{kafka-faults,kafka-nodes,leaks,redis-nodes}.test.ts',
  'test/journeys/{durable,start}.test.ts',
];
const dependencies = '**/node_modules/**';
const usual = {
  // a guard against what never ends, not a claim of speed
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: process.env.CI ? [...forPeople, ['json', { outputFile: 'test-results.json' }]] : forPeople,
    projects: [
      {
        test: {
          ...usual,
          name: 'together',
          include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [dependencies, ...parts, ...killing],
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
          exclude: [dependencies, ...killing],
          // servers start, and then are waited for
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...usual, name: 'killing', include: killing, maxWorkers: 2, sequence: { groupOrder: 2 } } },
    ],
  },
});
