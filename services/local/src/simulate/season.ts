// When people speak: the hour of the day and the day of the week, as a factor on volume whose mean over a week is 1.

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

// Few at night, a peak in the late morning and one after work.
const byHour = [
  0.25, 0.15, 0.1, 0.1, 0.15, 0.3, 0.6, 0.95, 1.4, 1.75, 1.85, 1.75, 1.5, 1.45, 1.5, 1.4, 1.35, 1.4, 1.5, 1.6, 1.45,
  1.1, 0.75, 0.45,
];
const byWeekday = [1.25, 1.15, 1.1, 1.05, 1, 0.75, 0.7];
const mondayOfEpoch = 4; // 1 January 1970 was a Thursday; the Monday after it is day 4

const sum = (list: readonly number[]): number => list.reduce((total, item) => total + item, 0);
const scale = (24 * 7) / (sum(byHour) * sum(byWeekday));

/** The factor on volume of the hour that starts at `atMs` (UTC). */
export function volumeFactor(atMs: number): number {
  const hour = Math.floor(atMs / hourMs);
  const weekday = (((Math.floor(hour / 24) - mondayOfEpoch) % 7) + 7) % 7;
  return (byHour[hour % 24] as number) * (byWeekday[weekday] as number) * scale;
}
