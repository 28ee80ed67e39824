// Hours, days and weeks in UTC, all as whole hours since 1970. 1970-01-01 was a Thursday; weeks begin on Monday.

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
const weekHours = 168;
/** 1970-01-05, the first Monday */
const firstMonday = 96;

/** The earliest of times, however many there are; none: infinity. */
export function soonest(times: readonly number[]): number {
  return times.reduce((earliest, time) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
}

/** Log time, milliseconds UTC, when these records are folded too. */
export function logTimeAfter(
  inputs: readonly { readonly record: { readonly time: number } }[],
  before: number,
): number {
  return inputs.reduce((latest, { record }) => Math.max(latest, record.time), before);
}

export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / hourMs);
}

export const windowSteps = ['1h', '1d', '7d'] as const;
export type WindowStep = (typeof windowSteps)[number];

/** Hours in a window of this step. */
export const stepHours: Readonly<Record<WindowStep, number>> = { '1h': 1, '1d': 24, '7d': weekHours };

/** The first hour of the window of this step that holds the hour. */
export function windowStart(step: WindowStep, hour: number): number {
  if (step === '1h') return hour;
  if (step === '1d') return Math.floor(hour / 24) * 24;
  return Math.floor((hour - firstMonday) / weekHours) * weekHours + firstMonday;
}
