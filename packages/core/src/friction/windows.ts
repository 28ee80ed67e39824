// What one holder contributes to the windows of a stage. Customers are counted, never events: every figure here is one
// customer's, so that contributions of all customers add up, and a retraction is the old contribution taken away.
import type { Held, Holder } from '../ledger/held.ts';
import { cellFields, cellKey } from './cells.ts';
import { hourOf, stepHours, type WindowStep, windowStart, windowSteps } from './time.ts';

/** Friction above this makes a customer unhappy in a window. */
const unhappyAbove = 0.5;

/** One window of one stage and segment. */
type Place = { readonly step: WindowStep; readonly stage: string; readonly segment: string; readonly start: number };

/** Every window that a statement touches, by the key of its cell. */
function placesOf(held: Held, into: Map<string, Place>): void {
  if (held.role === 'other') return;
  const hour = hourOf(held.at);
  for (const step of windowSteps) {
    const start = windowStart(step, hour);
    for (const segment of ['', ...held.segments]) {
      into.set(cellKey(step, held.stage, segment, start), { step, stage: held.stage, segment, start });
    }
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
    const here = holder.held.filter((held) => isIn(held, place));
    const before = contribution(holder, here);
    const rest = removed === undefined ? here : here.filter((held) => held !== removed);
    const after = contribution(holder, added !== undefined && isIn(added, place) ? [...rest, added] : rest);
    const change = after.map((field, index) => field - (before[index] ?? 0));
    if (change.some((field) => field !== 0)) add(key, change);
  }
}

function isIn(held: Held, place: Place): boolean {
  if (held.role === 'other' || held.stage !== place.stage) return false;
  const hour = hourOf(held.at);
  if (hour < place.start || hour >= place.start + stepHours[place.step]) return false;
  return place.segment === '' || held.segments.includes(place.segment);
}

/** The fields of a cell, see `cellFields`, that these statements of one holder make. */
function contribution(holder: Holder, here: readonly Held[]): number[] {
  const spoken = here.filter((held) => held.role === 'spoken');
  if (here.length === 0) return cellFields.map(() => 0);
  if (holder.customer === null) {
    const unhappy = spoken.filter((held) => held.friction > unhappyAbove).length;
    return [spoken.length, 0, 0, spoken.length, unhappy, 0, 0, 0];
  }
  const heard = spoken.length > 0 ? 1 : 0;
  const friction = heard === 1 ? customerFriction(spoken) : 0;
  const active = here.some((held) => held.role === 'active') ? 1 : 0;
  return [spoken.length, heard, friction > unhappyAbove ? 1 : 0, 0, 0, Math.round(friction * 1_000), 1, active];
}

/** The highest friction of a customer's statements; of a company the mean over its contacts of each one's highest. */
function customerFriction(spoken: readonly Held[]): number {
  const byContact = new Map<string, number>();
  for (const held of spoken) {
    const contact = held.contact ?? '';
    byContact.set(contact, Math.max(byContact.get(contact) ?? 0, held.friction));
  }
  let sum = 0;
  for (const friction of byContact.values()) sum += friction;
  return sum / byContact.size;
}
