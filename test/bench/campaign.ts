/** Runs the stages of one tenant through the detector, hour by hour, and keeps every decision. */
import {
  closeHour,
  type Decision,
  type DetectorSettings,
  newTenant,
  type StageState,
} from '../../packages/core/src/change/index.ts';
import { type Null, type StageSpec, uniformFrom, votesOf } from './series.ts';

/** Day 20,000 since 1970: any whole day will do. */
export const firstDay = 20_000;

export type Campaign = {
  seed: number;
  stages: number;
  days: number;
  votesPerDay: number;
  disturbance: Null;
  /** Day is counted from the first. */
  plant: { step: number; day: number; rampDays: number; untilDay: number } | null;
};

export function runCampaign(
  campaign: Campaign,
  settings: DetectorSettings,
): { decisions: Decision[]; stages: Map<string, StageState> } {
  const uniform = uniformFrom(campaign.seed);
  const streams = Array.from({ length: campaign.stages }, (_, index) =>
    votesOf(specOf(campaign, index, 0.08 + 0.22 * uniform()), uniformFrom(campaign.seed * 1000 + index + 1)),
  );
  const tenant = newTenant();
  const stages = new Map<string, StageState>();
  const decisions: Decision[] = [];
  for (let hour = firstDay * 24; hour < (firstDay + campaign.days) * 24; hour++) {
    const votes = streams.flatMap((votesAt) => votesAt(hour));
    decisions.push(...closeHour(tenant, stages, hour, votes, settings));
  }
  return { decisions, stages };
}

function specOf({ votesPerDay, disturbance, plant }: Campaign, index: number, base: number): StageSpec {
  const moved = plant && { ...plant, day: plant.day + firstDay, untilDay: plant.untilDay + firstDay };
  return { stage: `stage-${String(index).padStart(3, '0')}`, votesPerDay, base, disturbance, plant: moved };
}
