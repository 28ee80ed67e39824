import { describe, expect, it } from 'vitest';
import { parsePlant, plantedAt } from './plant.ts';

describe('parsePlant', () => {
  it.each([
    ['delivery:0.12@120+28', { stage: 'delivery', step: 0.12, day: 120, rampDays: 28 }],
    ['delivery:.12@120', { stage: 'delivery', step: 0.12, day: 120, rampDays: 0 }],
    ['buy:-0.1@0+7', { stage: 'buy', step: -0.1, day: 0, rampDays: 7 }],
    ['buy:+0.1@10.5+0.5', { stage: 'buy', step: 0.1, day: 10.5, rampDays: 0.5 }],
    ['a:b:0.2@3', { stage: 'a:b', step: 0.2, day: 3, rampDays: 0 }],
  ])('reads %s', (text, plant) => {
    expect(parsePlant(text)).toEqual(plant);
  });

  it.each([
    ['delivery', /day is missing/],
    ['delivery:0.1', /day is missing/],
    ['delivery@12', /step is missing/],
    [':0.1@12', /stage is missing/],
    ['delivery:much@12', /STEP is 'much' but must be a share/],
    ['delivery:12@12', /STEP is '12' but must be a share/],
    ['delivery:@12', /STEP is '' but/],
    ['delivery:0.1@soon', /DAY is 'soon' but must be a day/],
    ['delivery:0.1@-3', /DAY is '-3'/],
    ['delivery:0.1@', /DAY is ''/],
    ['delivery:0.1@3+', /RAMP is ''/],
    ['delivery:0.1@3+x', /RAMP is 'x'/],
    ['delivery:0.1@3+4+5', /more than one ramp/],
    ['delivery:1e-1@3', /STEP is '1e-1'/],
  ])('refuses %s and says how to write it', (text, reason) => {
    expect(() => parsePlant(text)).toThrow(reason);
    expect(() => parsePlant(text)).toThrow(/write STAGE:STEP@DAY/);
  });
});

describe('plantedAt', () => {
  const rise = { stage: 's', step: 0.2, day: 10, rampDays: 10 };
  it.each([
    [9.99, 0],
    [10, 0],
    [15, 0.1],
    [20, 0.2],
    [500, 0.2],
  ])('ramps up: day %d adds %d', (day, added) => {
    expect(plantedAt([rise], day)).toBeCloseTo(added);
  });

  it('adds several up, so that a change can end', () => {
    const fall = { stage: 's', step: -0.2, day: 30, rampDays: 0 };
    expect(plantedAt([rise, fall], 29)).toBeCloseTo(0.2);
    expect(plantedAt([rise, fall], 30)).toBeCloseTo(0);
  });
});
