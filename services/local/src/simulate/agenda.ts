// What will happen, soonest first: a binary heap in which equal times keep the order of their arrival.
// It holds only what is still to come, so its size follows from how far people plan, never from the length of a run.

type Entry<T> = { at: number; order: number; item: T };

export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The time of the soonest item; Infinity when there is none. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: number, item: T): void {
    this.#heap.push({ at, order: this.#order++, item });
    this.#rise(this.#heap.length - 1);
  }

  /** Removes and returns the soonest item. */
  take(): T {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) throw new Error('the agenda is empty');
    if (last !== first) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #before(left: number, right: number): boolean {
    const one = this.#heap[left] as Entry<T>;
    const other = this.#heap[right] as Entry<T>;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(left: number, right: number): void {
    const entry = this.#heap[left] as Entry<T>;
    this.#heap[left] = this.#heap[right] as Entry<T>;
    this.#heap[right] = entry;
  }

  #rise(from: number): void {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2])
        if (child < this.#heap.length && this.#before(child, least)) least = child;
      if (least === parent) return;
      this.#swap(parent, least);
      parent = least;
    }
  }
}
