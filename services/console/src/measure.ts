// From counters to what a window says: shares with their intervals, and which belief and target hold for it. Pure.
import type { Configuration } from '@gapwatch/contracts';
import { type Belief, type Cell, hourMs, stepHours, type WindowStep } from '@gapwatch/core';
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

/** Newest first: the one that begins last, then ends last, then by name so that the answer never wavers. */
function newest(left: Belief, right: Belief): number {
  return (
    Date.parse(right.from) - Date.parse(left.from) ||
    Date.parse(right.to) - Date.parse(left.to) ||
    (left.subject < right.subject ? 1 : -1)
  );
}

/** B: the newest KPI that covers the whole window, else a mirror survey, else a met SLA. */
export function beliefFor(beliefs: readonly Belief[], fromMs: number, toMs: number): Belief | null {
  const covering = beliefs.filter(({ from, to }) => Date.parse(from) <= fromMs && Date.parse(to) >= toMs);
  for (const what of ['kpi', 'mirror-survey', 'sla'] as const) {
    const found = covering.filter((belief) => belief.what === what).sort(newest)[0];
    if (found !== undefined) return found;
  }
  return null;
}

/** T: what a `target` event says from its `from` on, else what the configuration says. */
export function targetFor(
  beliefs: readonly Belief[],
  stage: string,
  configuration: Configuration,
  fromMs: number,
): number | null {
  const event = beliefs.filter(({ what, from }) => what === 'target' && Date.parse(from) <= fromMs).sort(newest)[0];
  return event?.share ?? configuration.stages?.find(({ id }) => id === stage)?.target ?? null;
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
    target: targetFor(beliefs, place.stage, configuration, fromMs),
    ...exposureOf(cell),
  };
}
