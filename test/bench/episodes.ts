/** How episodes go on and end, on seeded votes: a second step, a step that stays, one that passes, a promise that is raised. */
import { type Decision, defaultSettings } from '../../packages/core/src/change/index.ts';
import { type Campaign, firstDay, runCampaign } from './campaign.ts';
import type { Null, Plant } from './series.ts';
import { quantile } from './table.ts';

const plantDay = 80;
const firstHour = (firstDay + plantDay) * 24;
const daysAfter = (hour: number, day: number) => (hour + 1 - (firstDay + day) * 24) / 24;
const percent = (part: number, whole: number) => (whole === 0 ? '-' : String(Math.round((100 * part) / whole)));
const days = (values: number[], q: number) => (values.length === 0 ? '-' : quantile(values, q).toFixed(2));

type Setting = { disturbance: Null; votesPerDay: number; stages: number };
type Found = { opened: Decision; own: Decision[] };

function campaignOf({ disturbance, votesPerDay, stages }: Setting, plant: Plant | null, length: number): Campaign {
  return { seed: 5 + votesPerDay, stages, days: length, votesPerDay, disturbance, plant };
}

/** The episodes that opened within `within` days of the change, in stages that were calm then; `own` from the opening on. */
function foundIn(campaign: Campaign, within: number): { calm: number; found: Found[] } {
  const { decisions, stages } = runCampaign(campaign, defaultSettings);
  const perStage = [...stages.keys()].map((stage) => decisions.filter((decision) => decision.stage === stage));
  const calm = perStage.filter((own) => !isOpenAt(own, firstHour));
  const found = calm.flatMap((own) => {
    const opened = own.find(({ kind, hour }) => kind === 'open' && hour >= firstHour);
    if (!opened || opened.hour >= firstHour + within * 24) return [];
    return [{ opened, own: own.slice(own.indexOf(opened)) }];
  });
  return { calm: calm.length, found };
}

/** A stage whose false alarm is open when the change begins can tell nothing of it. */
export function isOpenAt(decisions: readonly Decision[], hour: number): boolean {
  const last = decisions.findLast((one) => one.hour < hour && (one.kind === 'open' || one.kind === 'close'));
  return last?.kind === 'open';
}

const endOf = ({ own }: Found) => own.find(({ kind }) => kind === 'close');

/** A step that stays for 60 days: how many episodes end as what, and how many get worse though nothing did. */
export function stayingRow(setting: Setting, step: number) {
  const plant = { step, day: plantDay, rampDays: 0, untilDay: plantDay + 60 };
  const { found } = foundIn(campaignOf(setting, plant, plantDay + 60), 25);
  const ended = (reason: Decision['reason']) => found.filter((one) => endOf(one)?.reason === reason).length;
  return {
    ...nameOf(setting, step),
    episodes: found.length,
    'escalated %': percent(ended('got-worse-again'), found.length),
    'rebased %': percent(ended('new-normal'), found.length),
    'narrowed away %': percent(ended('narrowed-away'), found.length),
    'closed %': percent(ended('gap-closed'), found.length),
    'still open %': percent(found.filter((one) => !endOf(one)).length, found.length),
    'median days to rebase': days(
      found.flatMap((one) => {
        const end = endOf(one);
        return end?.reason === 'new-normal' ? [(end.hour - one.opened.hour) / 24] : [];
      }),
      0.5,
    ),
  };
}

/** A step that passes after 21 days: when the episode closes, and whether it is taken for normal by mistake. */
export function passingRow(setting: Setting, step: number) {
  const plant = { step, day: plantDay, rampDays: 0, untilDay: plantDay + 21 };
  const { found } = foundIn(campaignOf(setting, plant, plantDay + 90), 21);
  const ends = found.flatMap((one) => endOf(one) ?? []);
  const delays = ends.map(({ hour }) => daysAfter(hour, plant.untilDay));
  return {
    ...nameOf(setting, step),
    episodes: found.length,
    'closed early %': percent(delays.filter((delay) => delay < 0).length, found.length),
    'median days to close': days(
      delays.filter((delay) => delay >= 0),
      0.5,
    ),
    p90: days(
      delays.filter((delay) => delay >= 0),
      0.9,
    ),
    'rebased %': percent(ends.filter(({ reason }) => reason === 'new-normal').length, found.length),
    'narrowed away %': percent(
      ends.filter(({ reason, hour }) => reason === 'narrowed-away' && daysAfter(hour, plant.untilDay) >= 0).length,
      found.length,
    ),
    'open two months on': found.length - ends.length,
  };
}

/** A second step two weeks after the first. */
export function worseRow(setting: Setting, step: number, again: number) {
  const second = plantDay + 16;
  const plant = { step, day: plantDay, rampDays: 0, untilDay: plantDay + 40, again: { step: again, day: second } };
  const { found } = foundIn(campaignOf(setting, plant, plantDay + 40), 14);
  const standing = found.filter((one) => daysAfter(endOf(one)?.hour ?? Number.MAX_SAFE_INTEGER, second) >= 0);
  const delays = standing.flatMap((one) => {
    const end = endOf(one);
    return end?.reason === 'got-worse-again' ? [daysAfter(end.hour, second)] : [];
  });
  return {
    ...nameOf(setting, step),
    'second step': again,
    episodes: standing.length,
    'missed %': percent(standing.length - delays.length, standing.length),
    'median days': days(delays, 0.5),
    p90: days(delays, 0.9),
  };
}

/** What the company reports rises, and customers live what they lived. */
export function raisedRow(setting: Setting, raise: number, noise: number) {
  const campaign = { ...campaignOf(setting, null, plantDay + 60), belief: { noise, raise, day: plantDay } };
  const { calm, found } = foundIn(campaign, 60);
  const delays = found.map(({ opened }) => daysAfter(opened.hour, plantDay));
  return {
    votes: setting.disturbance,
    'a day': setting.votesPerDay,
    'KPI raised by': raise,
    'its noise': noise,
    calm,
    'found %': percent(found.length, calm),
    'median days': days(delays, 0.5),
    p90: days(delays, 0.9),
    'as knowledge gap %': percent(found.filter(({ opened }) => opened.gap === 'knowledge').length, found.length),
  };
}

function nameOf({ disturbance, votesPerDay }: Setting, step: number) {
  return { votes: disturbance, 'a day': votesPerDay, step };
}
