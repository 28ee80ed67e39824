// Daily counts as a line that an eye can follow: each day stands for the seven days that end with it.
import { wilson } from '../src/interval.ts';

const trendDays = 7;
/** Fewer heard in seven days draw no line: it would be noise. */
const leastHeard = 5;

type Days = { readonly heard: readonly number[]; readonly unhappy: readonly number[] };

/** Heard and unhappy of the seven days that end with each day. */
function sums({ heard, unhappy }: Days): (readonly [heard: number, unhappy: number])[] {
  let all = 0;
  let bad = 0;
  return heard.map((count, index) => {
    all += count - (heard[index - trendDays] ?? 0);
    bad += (unhappy[index] ?? 0) - (unhappy[index - trendDays] ?? 0);
    return [all, bad];
  });
}

/** Unhappy share of the seven days that end with each day; null where too few were heard. */
export function trendOf(days: Days): (number | null)[] {
  return sums(days).map(([heard, unhappy]) => (heard < leastHeard ? null : unhappy / heard));
}

/** 95 % interval of {@link trendOf}. */
export function bandOf(days: Days): (readonly [number, number] | null)[] {
  return sums(days).map(([heard, unhappy]) => (heard < leastHeard ? null : wilson(unhappy, heard)));
}
