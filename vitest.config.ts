// One runner for every test of the repository.
import { defineConfig } from 'vitest/config';

const forPeople = ['default', './test/parts/skips-reporter.ts'];

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? [...forPeople, ['json', { outputFile: 'test-results.json' }]] : forPeople,
  },
});
