// What is said of a run that failed: the seed, what struck, the first difference, and how to see it again.
import type { Report } from './simulation.ts';

export function describeFailure({ seed, difference, faults, last }: Report): string {
  return [
    `seed ${seed}: ${difference}`,
    `faults: ${[...faults].map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}`,
    ...last.map((fault) => `  ${fault}`),
    `again: npm run simulate:faults -- --seeds 1 --from ${seed}`,
  ].join('\n');
}
