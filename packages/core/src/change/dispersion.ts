/**
 * How far the votes of one day move together: ρ, from the residuals of whole days behind the lag, of the stage and of the tenant.
 * Evidence is divided by φ = 1 + ρ(N − 1) for N votes in 24 hours, so that a bad day is not taken for many bad votes.
 */
import { dailyDecay } from './baseline.ts';
import { blockDays, type Dispersion, lagDays, type Tenant } from './state.ts';

/** Half-life of the tenant's pool: the longest block must come back often. */
const tenantDailyDecay = 0.5 ** (1 / 112);
const mostCorrelation = 0.5;

export function addResidual(state: Dispersion, day: number, votes: number, residual: number, spread: number): void {
  const slot = day % lagDays;
  state.pending.votes[slot]! += votes;
  state.pending.residual[slot]! += residual;
  state.pending.spread[slot]! += spread;
}

export function clearResidual(state: Dispersion, slot: number): void {
  state.pending.votes[slot] = 0;
  state.pending.residual[slot] = 0;
  state.pending.spread[slot] = 0;
}

/** A day begins: the day that leaves the lag counts. */
export function beginDispersionDay(tenant: Tenant, state: Dispersion, day: number): void {
  const slot = day % lagDays;
  if (state.pending.votes[slot]! > 0) {
    addToStage(state, slot, day - lagDays);
    for (let block = 0; block < blockDays.length; block++) addToBlock(tenant, state, slot, day, block);
  }
  clearResidual(state, slot);
}

function addToStage(state: Dispersion, slot: number, day: number): void {
  const votes = state.pending.votes[slot]!;
  const residual = state.pending.residual[slot]!;
  const spread = state.pending.spread[slot]!;
  const previous = day - state.lastDay === 1 ? state.lastResidual : 0;
  const beforePrevious =
    day - state.lastDay === 1 ? state.beforeLastResidual : day - state.lastDay === 2 ? state.lastResidual : 0;
  state.votes = state.votes * dailyDecay + votes;
  state.spread = state.spread * dailyDecay + spread;
  state.pairs = state.pairs * dailyDecay + votes * (votes - 1);
  state.excess = state.excess * dailyDecay + residual * residual - spread;
  state.next = state.next * dailyDecay + residual * previous;
  state.afterNext = state.afterNext * dailyDecay + residual * beforePrevious;
  state.beforeLastResidual = previous;
  state.lastResidual = residual;
  state.lastDay = day;
}

function addToBlock(tenant: Tenant, state: Dispersion, slot: number, day: number, block: number): void {
  const { blocks } = state;
  const index = Math.floor((day - lagDays) / blockDays[block]!);
  if (blocks.index[block] !== index) closeBlock(tenant, state, day, block);
  blocks.index[block] = index;
  blocks.votes[block]! += state.pending.votes[slot]!;
  blocks.residual[block]! += state.pending.residual[slot]!;
  blocks.spread[block]! += state.pending.spread[slot]!;
}

function closeBlock(tenant: Tenant, { blocks, votes, spread }: Dispersion, day: number, block: number): void {
  const heard = blocks.votes[block]!;
  fadeTenant(tenant, day);
  tenant.excess[block]! += blocks.residual[block]! ** 2 - blocks.spread[block]!;
  tenant.scale[block]! += (spread / votes) * heard * (heard - 1);
  blocks.votes[block] = 0;
  blocks.residual[block] = 0;
  blocks.spread[block] = 0;
}

function fadeTenant(tenant: Tenant, day: number): void {
  if (tenant.day >= 0 && day > tenant.day) {
    const decay = tenantDailyDecay ** (day - tenant.day);
    tenant.excess = tenant.excess.map((value) => value * decay);
    tenant.scale = tenant.scale.map((value) => value * decay);
  }
  tenant.day = Math.max(tenant.day, day);
}

/** ρ of a stage: the mean of its own and the tenant's; `strict` never takes less than the tenant's. */
export function correlationOf(tenant: Tenant, state: Dispersion, strict: boolean): number {
  const scale = state.votes > 0 ? (state.spread / state.votes) * state.pairs : 0;
  const own = scale > 0 ? (state.excess + (4 / 3) * state.next + (2 / 3) * state.afterNext) / scale : 0;
  const pooled = pooledCorrelation(tenant);
  const mixed = (Math.max(0, own) + pooled) / 2;
  return Math.min(mostCorrelation, strict ? Math.max(pooled, mixed) : mixed);
}

/** The largest over the block lengths, never below nothing. */
export function pooledCorrelation(tenant: Tenant): number {
  let largest = 0;
  for (let block = 0; block < blockDays.length; block++) {
    const scale = tenant.scale[block]!;
    if (scale > 0) largest = Math.max(largest, tenant.excess[block]! / scale);
  }
  return largest;
}
