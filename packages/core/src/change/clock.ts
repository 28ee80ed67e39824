/** Time passes for a stage, hour by hour and day by day, when it is heard again: silence costs nothing and changes nothing. */

import { beginDay, dailyDecay, renewToday } from './baseline.ts';
import { absorbBelief, renewBelief } from './belief.ts';
import { beginDispersionDay, correlationOf } from './dispersion.ts';
import { fadeRecent } from './episode.ts';
import type { DetectorSettings } from './settings.ts';
import { lagDays, type StageState, type Tenant } from './state.ts';

/** An outage longer than this does not make a stage look idle. */
const mostIdleDays = 7;
const leastThreshold = 10;
/** Lets time pass up to `hour`. */
export function advance(tenant: Tenant, stage: StageState, hour: number, settings: DetectorSettings): void {
  beginDays(tenant, stage, Math.floor(hour / 24), settings);
  for (let passed = Math.max(stage.hour + 1, hour - 23); passed <= hour; passed++) stage.lastVotes[passed % 24] = 0;
  stage.hour = hour;
}

/** Lets the days pass since the stage was last heard; a silence longer than the lag is one of just that length. */
function beginDays(tenant: Tenant, stage: StageState, day: number, settings: DetectorSettings): void {
  const last = Math.floor(stage.hour / 24);
  if (day === last && stage.sources.length > 0) return;
  for (let begun = last + 1; begun <= Math.min(day, last + lagDays); begun++) {
    absorbBelief(stage, begun);
    beginDispersionDay(tenant, stage.dispersion, begun);
    for (const series of stage.sources) beginDay(series, begun);
  }
  if (day > last) countActive(stage, Math.min(day - last, mostIdleDays));
  if (stage.episode && day > last) fadeRecent(stage.episode);
  renewBelief(stage, day);
  stage.correlation = correlationOf(tenant, stage.dispersion, settings.strict);
  for (const series of stage.sources) renewToday(series, day, stage.correlation);
  stage.threshold = thresholdOf(stage, settings.budgetDays);
}

function countActive({ active }: StageState, days: number): void {
  active.hours = active.hours * dailyDecay + active.today;
  active.of = active.of * dailyDecay + 24 * days;
  active.today = 0;
}

/** The budget in hours with votes: the average time to a false alarm is no shorter. */
export function thresholdOf({ active }: StageState, budgetDays: number): number {
  const share = active.of > 0 ? active.hours / active.of : 1;
  return Math.max(leastThreshold, budgetDays * 24 * share);
}
