// Says last which suites were skipped and why: their names say what they need.
import type { Reporter, TestModule } from 'vitest/node';

export default class SkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = new Set<string>();
    for (const module of modules) {
      for (const suite of module.children.allSuites()) if (suite.options.mode === 'skip') skipped.add(suite.name);
    }
    for (const name of skipped) if (/\(.+\)/.test(name)) console.log(`skipped: ${name}`);
  }
}
