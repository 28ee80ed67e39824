// From counters to what a window says: shares with their intervals, belief and target. Pure.
import type { Configuration } from '@gapwatch/contracts';
import { type Belief, beliefFor, type Cell, hourMs, stepHours, targetFor, type WindowStep } from '@gapwatch/core';
import type { Window } from './schemas.ts';

/** Whose unhappiness a window counts: customers, or anonymous voices where no customer is known. */
export type Heard = { readonly of: 'customers' | 'voices'; readonly heard: number; readonly unhappy: number };

export function heardOf(cell: Cell): Heard {
  if (cell.customers > 0) return { of: 'customers', heard: cell.customers, unhappy: cell.unhappy };
  return { of: 'voices', heard: cell.anonymousStatements, unhappy: cell.anonymousUnhappy };
}

export function exposureOf(cell: Cell): { exposed: number | null; coverage: number | null } {
  if (cell.active <= 0) return { exposed: null, coverage: null };
  return { exposed: cell.present, coverage: cell.present > 0 ? cell.customers / cell.present : null };
}

export function isEmpty(cell: Cell): boolean {
  return Object.values(cell).every((field) => field === 0);
}

/** The target that the configuration names for a stage. */
export function configuredTarget({ stages }: Configuration, stage: string): number | null {
  return stages?.find(({ id }) => id === stage)?.target ?? null;
}

export type WindowPlace = { readonly stage: string; readonly step: WindowStep; readonly start: number };

export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

export function windowOf(
  place: WindowPlace,
  cell: Cell,
  beliefs: readonly Belief[],
  configuration: Configuration,
): Window {
  const fromMs = place.start * hourMs;
  const toMs = fromMs + stepHours[place.step] * hourMs;
  const { heard, unhappy } = heardOf(cell);
  return {
    stage: place.stage,
    from: isoTime(fromMs),
    to: isoTime(toMs),
    statements: cell.statements,
    customers: cell.customers,
    unhappy: cell.unhappy,
    anonymous: { statements: cell.anonymousStatements, unhappy: cell.anonymousUnhappy },
    experience: heard > 0 ? 1 - unhappy / heard : null,
    friction: cell.customers > 0 ? cell.frictionThousandths / 1_000 / cell.customers : null,
    belief: beliefFor(beliefs, fromMs, toMs)?.share ?? null,
    target: targetFor(beliefs, configuredTarget(configuration, place.stage), fromMs),
    ...exposureOf(cell),
  };
}
