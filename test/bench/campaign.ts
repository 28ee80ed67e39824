/** Runs the stages of one tenant through the detector, hour by hour, and keeps every decision. */
import {
  type ClaimChange,
  closeHour,
  type Decision,
  type DetectorSettings,
  hearClaims,
  newTenant,
  type StageState,
} from '../../packages/core/src/change/index.ts';
import { newStage } from '../../packages/core/src/change/state.ts';
import { type Null, normal, type Plant, type StageSpec, type Uniform, uniformFrom, votesOf } from './series.ts';

/** Day 20,000 since 1970: any whole day will do. */
export const firstDay = 20_000;
const dayMs = 86_400_000;

export type Campaign = {
  seed: number;
  stages: number;
  days: number;
  votesPerDay: number;
  disturbance: Null;
  /** Days are counted from the first. */
  plant: Plant | null;
  /** A KPI each week on the week before, `noise` its standard deviation, `raise` what is added from `day` on. */
  belief?: { noise: number; raise: number; day: number };
};

type Stream = { spec: StageSpec; votesAt: ReturnType<typeof votesOf>; uniform: Uniform };

export function runCampaign(
  campaign: Campaign,
  settings: DetectorSettings,
): { decisions: Decision[]; stages: Map<string, StageState> } {
  const streams = streamsOf(campaign);
  const tenant = newTenant();
  const stages = new Map<string, StageState>();
  const decisions: Decision[] = [];
  for (let hour = firstDay * 24; hour < (firstDay + campaign.days) * 24; hour++) {
    if (campaign.belief && hour % 168 === 0) for (const stream of streams) publish(campaign, stream, stages, hour);
    const votes = streams.flatMap(({ votesAt }) => votesAt(hour));
    decisions.push(...closeHour(tenant, stages, hour, votes, settings));
  }
  return { decisions, stages };
}

function streamsOf(campaign: Campaign): Stream[] {
  const uniform = uniformFrom(campaign.seed);
  return Array.from({ length: campaign.stages }, (_, index) => {
    const spec = specOf(campaign, index, 0.08 + 0.22 * uniform());
    const votesAt = votesOf(spec, uniformFrom(campaign.seed * 1000 + index + 1));
    return { spec, votesAt, uniform: uniformFrom(campaign.seed * 77_000 + index + 1) };
  });
}

function specOf({ votesPerDay, disturbance, plant }: Campaign, index: number, base: number): StageSpec {
  const moved = plant && {
    ...plant,
    day: plant.day + firstDay,
    untilDay: plant.untilDay + firstDay,
    ...(plant.again && { again: { ...plant.again, day: plant.again.day + firstDay } }),
  };
  return { stage: `stage-${String(index).padStart(3, '0')}`, votesPerDay, base, disturbance, plant: moved };
}

/** The KPI of the week that ends at `hour`, rosier than what customers say. */
function publish({ belief }: Campaign, { spec, uniform }: Stream, stages: Map<string, StageState>, hour: number): void {
  if (!belief) return;
  const raised = hour >= (firstDay + belief.day) * 24 ? belief.raise : 0;
  const share = Math.min(1, Math.max(0, 1 - 0.7 * spec.base - 0.15 + raised + belief.noise * normal(uniform)));
  const at = (ms: number) => new Date(ms).toISOString();
  const claim = { what: 'kpi' as const, share, from: at((hour / 24 - 7) * dayMs), to: at((hour / 24) * dayMs) };
  const change: ClaimChange = { partition: 0, source: 'scorecards', subject: `kpi:${hour}`, claim };
  const stage = stages.get(spec.stage) ?? newStage(spec.stage, hour);
  stages.set(spec.stage, stage);
  hearClaims(stage, [change]);
}
