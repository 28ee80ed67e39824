// What one holder contributes to the windows of a stage. Customers are counted, never events: every figure here is one
// customer's, so that contributions of all customers add up, and a retraction is the old contribution taken away.
import type { Held, Holder } from '../ledger/held.ts';
import { unhappyAbove } from '../ledger/said.ts';
import { cellKey } from './cells.ts';
import { hourOf, stepHours, windowStart, windowSteps } from './time.ts';

/** One window of one stage and segment, as whole hours since 1970: `start` counts, `end` does not. */
type Place = { readonly stage: string; readonly segment: string; readonly start: number; readonly end: number };

/** Every window that a statement touches, by the key of its cell. */
function placesOf(held: Held, into: Map<string, Place>): void {
  if (held.role === 'other') return;
  const hour = hourOf(held.at);
  const { stage, segments } = held;
  for (const step of windowSteps) {
    const start = windowStart(step, hour);
    const end = start + stepHours[step];
    into.set(cellKey(step, stage, '', start), { stage, segment: '', start, end });
    for (const segment of segments) into.set(cellKey(step, stage, segment, start), { stage, segment, start, end });
  }
}

/**
 * Changes of cells when `removed` leaves and `added` joins the statements of a holder, which still holds the old ones.
 * Only windows that one of the two touches can change.
 */
export function windowChanges(
  holder: Holder,
  removed: Held | undefined,
  added: Held | undefined,
  add: (cell: string, fields: readonly number[]) => void,
): void {
  const places = new Map<string, Place>();
  if (removed !== undefined) placesOf(removed, places);
  if (added !== undefined) placesOf(added, places);
  for (const [key, place] of places) {
    const before = holder.held.filter((held) => isIn(held, place));
    const after = before.filter((held) => held !== removed);
    if (added !== undefined && isIn(added, place)) after.push(added);
    const change = contribution(holder, after);
    if (subtract(change, contribution(holder, before))) add(key, change);
  }
}

/** Takes `before` away from `change`; tells whether anything is left. */
function subtract(change: number[], before: readonly number[]): boolean {
  let differs = false;
  for (let index = 0; index < change.length; index += 1) {
    const left = (change[index] ?? 0) - (before[index] ?? 0);
    change[index] = left;
    if (left !== 0) differs = true;
  }
  return differs;
}

function isIn(held: Held, place: Place): boolean {
  if (held.role === 'other' || held.stage !== place.stage) return false;
  const hour = hourOf(held.at);
  if (hour < place.start || hour >= place.end) return false;
  return place.segment === '' || held.segments.includes(place.segment);
}

/** The fields of a cell, see `cellFields`, that these statements of one holder make. */
function contribution({ customer }: Holder, here: readonly Held[]): number[] {
  if (here.length === 0) return [0, 0, 0, 0, 0, 0, 0, 0];
  let spoken = 0;
  let heard = 0;
  let unhappy = 0;
  let active = 0;
  for (const held of here) {
    if (held.role === 'active') active = 1;
    else heard = 1;
    if (held.role === 'spoken') {
      spoken += 1;
      if (held.friction > unhappyAbove) unhappy += 1;
    }
  }
  if (customer === null) return [spoken, 0, 0, spoken, unhappy, 0, 0, 0];
  const friction = customerFriction(here);
  return [spoken, heard, friction > unhappyAbove ? 1 : 0, 0, 0, Math.round(friction * 1_000), 1, active];
}

/** The highest friction of a customer's statements; of a company the mean over its contacts of each one's highest. */
function customerFriction(here: readonly Held[]): number {
  let highest = 0;
  let hasContacts = false;
  for (const held of here) {
    if (held.role === 'active') continue;
    if (held.contact !== undefined) hasContacts = true;
    if (held.friction > highest) highest = held.friction;
  }
  return hasContacts ? contactsFriction(here) : highest;
}

function contactsFriction(here: readonly Held[]): number {
  const byContact = new Map<string, number>();
  for (const held of here) {
    if (held.role === 'active') continue;
    const contact = held.contact ?? '';
    byContact.set(contact, Math.max(byContact.get(contact) ?? 0, held.friction));
  }
  // in an order of their own: the last digit of a sum hangs on it, and the order of arrival must not matter
  const ordered = [...byContact.values()].sort((one, other) => one - other);
  return ordered.reduce((sum, friction) => sum + friction, 0) / ordered.length;
}
