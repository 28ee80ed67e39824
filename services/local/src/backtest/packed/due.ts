// Which slots are due when: by hour, so that an hour that passes looks at its own alone.
import { hourMs } from '@gapwatch/core';

const firstSlots = 1_024;

type Found = { readonly slots: number[]; readonly times: number[] };

export class DueSlots {
  /** milliseconds by slot; NaN: not due */
  #times = new Float64Array(firstSlots).fill(Number.NaN);
  /** slots by hour; a slot is stale there when it is due at another hour by now */
  readonly #hours = new Map<number, number[]>();
  #firstHour = Number.POSITIVE_INFINITY;

  /** null: not due, or free. A slot below 0 is none. */
  put(slot: number, due: number | null): void {
    if (slot < 0) return;
    if (slot >= this.#times.length) this.#grow(slot);
    const before = this.#times[slot] as number;
    this.#times[slot] = due ?? Number.NaN;
    if (due === null || due === before) return;
    const hour = Math.floor(due / hourMs);
    if (Math.floor(before / hourMs) === hour) return;
    const slots = this.#hours.get(hour);
    if (slots === undefined) this.#hours.set(hour, [slot]);
    else slots.push(slot);
    if (hour < this.#firstHour) this.#firstHour = hour;
  }

  /** Takes the slots that are due at or before this time, in no order, each with its time. */
  take(untilMs: number): Found {
    const found: Found = { slots: [], times: [] };
    const last = Math.floor(untilMs / hourMs);
    while (this.#firstHour <= last && this.#hours.size > 0) {
      const hour = this.#firstHour;
      const left = this.#takeOf(hour, untilMs, found);
      if (left.length > 0) {
        this.#hours.set(hour, left);
        break;
      }
      this.#hours.delete(hour);
      this.#firstHour += 1;
    }
    if (this.#hours.size === 0) this.#firstHour = Number.POSITIVE_INFINITY;
    return found;
  }

  /** Answers the slots of the hour that are due later in it. */
  #takeOf(hour: number, untilMs: number, found: Found): number[] {
    const left: number[] = [];
    for (const slot of this.#hours.get(hour) ?? []) {
      const due = this.#times[slot] as number;
      if (Math.floor(due / hourMs) !== hour) continue;
      if (due > untilMs) left.push(slot);
      else {
        found.slots.push(slot);
        found.times.push(due);
        this.#times[slot] = Number.NaN;
      }
    }
    return left;
  }

  #grow(slot: number): void {
    const times = new Float64Array(2 ** Math.ceil(Math.log2(slot + 1))).fill(Number.NaN);
    times.set(this.#times);
    this.#times = times;
  }
}
