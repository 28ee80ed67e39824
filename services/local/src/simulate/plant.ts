// A planted change: from a day on, more (or fewer) of a stage's customers are unhappy.
// Written STAGE:STEP@DAY[+RAMP], e.g. `delivery:0.12@120+28`.

/** `step` in shares of unhappy customers, may be negative; reached `rampDays` after the start of day `day` (day 0 is the first). */
export type Plant = { stage: string; step: number; day: number; rampDays: number };

const form = 'write STAGE:STEP@DAY or STAGE:STEP@DAY+RAMP, e.g. delivery:0.12@120+28';

function fail(text: string, what: string): never {
  throw new Error(`plant '${text}': ${what}; ${form}`);
}

function numberOf(
  text: string,
  part: string,
  written: string,
  valid: (value: number) => boolean,
  rule: string,
): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(written) ? Number(written) : Number.NaN;
  if (!valid(value)) fail(text, `${part} is '${written}' but must be ${rule}`);
  return value;
}

/** Reads one `--plant`. Throws an error that names the faulty part and the remedy. */
export function parsePlant(text: string): Plant {
  const at = text.lastIndexOf('@');
  if (at < 0) fail(text, 'the day is missing (an @ with a day after it)');
  const colon = text.lastIndexOf(':', at);
  if (colon < 0) fail(text, 'the step is missing (a colon with a share after the stage)');
  if (colon === 0) fail(text, 'the stage is missing');
  const [day = '', ramp = '0', ...rest] = text.slice(at + 1).split('+');
  if (rest.length > 0) fail(text, 'more than one ramp');
  return {
    stage: text.slice(0, colon),
    step: numberOf(text, 'STEP', text.slice(colon + 1, at), (value) => Math.abs(value) < 1, 'a share between -1 and 1'),
    day: numberOf(text, 'DAY', day, (value) => value >= 0, 'a day, 0 or later'),
    rampDays: numberOf(text, 'RAMP', ramp, (value) => value >= 0, 'a number of days, 0 or more'),
  };
}

/** What the plants of one stage add to the share of unhappy customers, `day` days (a fraction too) after the start. */
export function plantedAt(plants: readonly Plant[], day: number): number {
  let added = 0;
  for (const plant of plants) {
    if (day < plant.day) continue;
    added += plant.rampDays === 0 ? plant.step : plant.step * Math.min(1, (day - plant.day) / plant.rampDays);
  }
  return added;
}
