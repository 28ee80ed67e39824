// Where a process takes the time from. Whatever needs the time is given a clock; nothing calls Date.now() by itself.
export type Clock = {
  /** milliseconds since 1970 UTC */
  now(): number;
};

export const systemClock: Clock = { now: () => Date.now() };
