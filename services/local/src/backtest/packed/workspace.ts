// The workspace of a backtest: as the one in memory, but documents that are due some time, which are those of customers
// and subjects, are packed into bytes. What the records at hand touch stays an object until it is settled, so that one
// fold sees one object. Bounded by the statements that can still change.
import { MemoryWorkspace } from '@gapwatch/core';
import { PackedDocuments } from './documents.ts';
import { DueSlots } from './due.ts';

type Open = { document: object | null; due: number | null; isPut: boolean };

/** so many are packed together between two records */
const openDocuments = 200;
/** no record but a tick touches so many */
const mostOpenDocuments = 5_000;

export class PackedWorkspace extends MemoryWorkspace {
  readonly #packed = new PackedDocuments();
  readonly #due = new DueSlots();
  #open = new Map<string, Open>();

  constructor(keepsCell?: (cell: string) => boolean) {
    super(0, 1, keepsCell);
  }

  override get<T extends object>(key: string): T | undefined {
    const open = this.#open.get(key) ?? this.#unpack(key);
    return (open?.document as T | null | undefined) ?? super.get<T>(key);
  }

  #unpack(key: string): Open | undefined {
    const slot = this.#packed.find(key);
    if (slot < 0) return undefined;
    const open = { document: this.#packed.get(slot), due: null, isPut: false };
    this.#open.set(key, open);
    return open;
  }

  override put(key: string, document: object | null, due: number | null = null): void {
    const isPacked = document !== null && due !== null;
    if (isPacked || this.#open.has(key) || this.#packed.find(key) >= 0)
      this.#open.set(key, { document: isPacked ? document : null, due, isPut: true });
    super.put(key, isPacked ? null : document);
    if (this.#open.size >= mostOpenDocuments) this.#settleOldest();
  }

  override due(untilMs: number): readonly string[] {
    this.settle();
    const { slots, times } = this.#due.take(untilMs);
    const places = Uint32Array.from(slots.keys());
    const keyAt = (place: number) => this.#packed.keyOf(slots[place] as number);
    places.sort(
      (one, other) => (times[one] as number) - (times[other] as number) || (keyAt(one) < keyAt(other) ? -1 : 1),
    );
    return Array.from(places, keyAt);
  }

  /** Tells that no fold is at work: packs what was put, where that is enough to be worth it. */
  rest(): void {
    if (this.#open.size >= openDocuments) this.settle();
  }

  settle(): void {
    for (const [key, open] of this.#open) this.#pack(key, open);
    // a cleared map would keep what comes into it alive with the garbage that it has become old beside
    this.#open = new Map();
  }

  /** A tick that looks at very many documents puts back each before it takes the next: those of before are done with. */
  #settleOldest(): void {
    const kept = [...this.#open].slice(-openDocuments);
    for (const [key] of kept) this.#open.delete(key);
    this.settle();
    this.#open = new Map(kept);
  }

  #pack(key: string, { document, due, isPut }: Open): void {
    if (!isPut) return;
    if (document === null) this.#due.put(this.#packed.delete(key), null);
    else this.#due.put(this.#packed.put(key, document), due);
  }
}
