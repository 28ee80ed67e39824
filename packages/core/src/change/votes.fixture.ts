/** Votes for tests without chance: the wanted share of unhappy customers, met as closely as whole customers allow. */
import {
  closeHour,
  type Decision,
  type DetectorSettings,
  defaultSettings,
  type HourVotes,
  newTenant,
  type StageState,
  type Tenant,
} from './index.ts';

export type World = { tenant: Tenant; stages: Map<string, StageState> };

export const newWorld = (): World => ({ tenant: newTenant(), stages: new Map() });

/** A Monday, 00:00 UTC, in whole hours since 1970. */
export const startHour = 20_006 * 24;
export const hourOfDay = (day: number): number => startHour + day * 24;

/** Votes of an hour on the grid 0, .25, .5, .75, 1; the rounding of one hour is carried into the next. */
export function steadyVotes(stage: string, source: string, votesPerHour: number, shareAt: (hour: number) => number) {
  let owed = 0;
  return (hour: number): HourVotes => {
    owed += shareAt(hour) * votesPerHour;
    const unhappy = Math.min(votesPerHour, Math.max(0, Math.round(owed)));
    owed -= unhappy;
    const happy = votesPerHour - unhappy;
    const satisfied = Math.ceil(happy / 2);
    return {
      stage,
      segment: null,
      source,
      levels: [satisfied, happy - satisfied, 0, Math.ceil(unhappy / 2), Math.floor(unhappy / 2)],
    };
  };
}

/** Closes the hours from `from` to before `to`. */
export function run(
  world: World,
  from: number,
  to: number,
  votesAt: (hour: number) => HourVotes[],
  settings: DetectorSettings = defaultSettings,
): Decision[] {
  const decisions: Decision[] = [];
  for (let hour = from; hour < to; hour++) {
    const votes = votesAt(hour);
    if (votes.length > 0) decisions.push(...closeHour(world.tenant, world.stages, hour, votes, settings));
  }
  return decisions;
}

/** As a store would keep it. */
export function throughJson({ tenant, stages }: World): World {
  return {
    tenant: JSON.parse(JSON.stringify(tenant)) as Tenant,
    stages: new Map(JSON.parse(JSON.stringify([...stages])) as [string, StageState][]),
  };
}
