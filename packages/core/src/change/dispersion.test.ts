import { describe, expect, it } from 'vitest';
import { addResidual, beginDispersionDay, correlationOf, pooledCorrelation } from './dispersion.ts';
import { newStage, newTenant } from './state.ts';

/** Folds days of 100 votes, variance .1 each, with the wanted residual. */
function measure(residualOf: (day: number) => number) {
  const tenant = newTenant();
  const { dispersion } = newStage('delivery', 0);
  for (let day = 100; day < 240; day++) {
    beginDispersionDay(tenant, dispersion, day);
    addResidual(dispersion, day, 100, residualOf(day), 10);
  }
  return { tenant, dispersion };
}

describe('the correlation of a day', () => {
  it('is nothing where days differ as independent votes do', () => {
    const { tenant, dispersion } = measure((day) => (day % 2 === 0 ? Math.sqrt(10) : -Math.sqrt(10)));
    expect(correlationOf(tenant, dispersion, false)).toBeLessThan(1e-9);
  });

  it('is the shared variance where days move together', () => {
    const { tenant, dispersion } = measure((day) => (day % 2 === 0 ? 10 : -10));
    const expected = (100 - 10) / (0.1 * 100 * 99);
    expect(pooledCorrelation(tenant)).toBeCloseTo(expected, 6);
    expect(correlationOf(tenant, dispersion, true)).toBeCloseTo(expected, 6);
  });

  it('sees slow movement in the long blocks', () => {
    const { tenant } = measure((day) => (Math.floor(day / 14) % 2 === 0 ? 5 : -5));
    expect(tenant.excess[3]! / tenant.scale[3]!).toBeGreaterThan(tenant.excess[0]! / tenant.scale[0]!);
  });

  it('never counts days inside the lag', () => {
    const calm = measure(() => 0);
    const late = measure((day) => (day > 240 - 20 ? 50 : 0));
    expect(correlationOf(late.tenant, late.dispersion, false)).toBe(correlationOf(calm.tenant, calm.dispersion, false));
  });
});
