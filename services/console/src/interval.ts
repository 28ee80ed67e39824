// The interval of a share. It stands alone because the page draws with it too.

export type Interval = readonly [low: number, high: number];

/** Two-sided 95 % of the normal distribution. */
const z95 = 1.959964;

/** 95 % interval of a share (Wilson 1927, without continuity correction), null where nobody was asked. */
export function wilson(hits: number, count: number): Interval | null {
  if (count <= 0) return null;
  const share = hits / count;
  const square = z95 ** 2 / count;
  const middle = (share + square / 2) / (1 + square);
  const half = (z95 * Math.sqrt((share * (1 - share) + square / 4) / count)) / (1 + square);
  // at none and all of them the formula ends exactly there; rounding must not carry it past
  return [hits <= 0 ? 0 : Math.max(0, middle - half), hits >= count ? 1 : Math.min(1, middle + half)];
}
