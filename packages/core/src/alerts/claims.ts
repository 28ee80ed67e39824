// What the company claims of its stages, on its way into their states.
import { type ClaimChange, hearClaims, newStage, type StageState } from '../change/index.ts';
import type { WaitingClaim } from './hours.ts';

/** Stages take in claims that were known at the end of this hour. A stage that nobody spoke at yet begins with it. */
export function believe(hour: number, told: readonly WaitingClaim[], stages: Map<string, StageState>): void {
  const byStage = new Map<string, ClaimChange[]>();
  for (const { stage, ...claim } of told) byStage.set(stage, [...(byStage.get(stage) ?? []), claim]);
  for (const [name, changes] of byStage) {
    const stage = stages.get(name) ?? newStage(name, hour);
    stages.set(name, stage);
    hearClaims(stage, changes);
  }
}
