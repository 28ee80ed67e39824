// Times of signals: RFC 3339 with an offset comes in, UTC with milliseconds goes on.

/** What a time must lie in, for messages. */
export const outOfRange = 'the years 0000 to 9999 in UTC';

/** A time that the schema accepted, as `YYYY-MM-DDTHH:MM:SS.mmmZ`; what is finer than milliseconds is cut off. Empty when out of range. */
export function toUtc(time: string): string {
  // the only accepted form of 24 characters with a Z at the end is the one that is wanted
  if (time.length === 24 && time.charCodeAt(23) === 0x5a) return time;
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return '';
  const utc = new Date(ms).toISOString();
  return utc.length === 24 ? utc : '';
}
