// A workspace that holds everything in memory: for the backtest, which keeps nothing, and for tests of the folds.
import type { Output, Rejection } from '@gapwatch/contracts';
import { hourOf } from './friction/time.ts';
import type { Workspace } from './workspace.ts';

/** `due` null: not due, or named as due since it was put */
type Entry = { readonly key: string; document: object; due: number | null };

export class MemoryWorkspace implements Workspace {
  readonly partition: number;
  readonly partitions: number;
  readonly cells = new Map<string, number[]>();
  readonly counts: Record<string, number> = {};
  /** records emitted and rejected since they were last taken */
  outputs: Output[] = [];
  rejections: Rejection[] = [];
  readonly #documents = new Map<string, Entry>();
  /** by the hour in which they are due; an entry is stale there when its document is due in another hour by now */
  readonly #due = new Map<number, Entry[]>();
  /** nothing is due in an hour before this one */
  #firstHour = Number.POSITIVE_INFINITY;
  readonly #keepsCell: (cell: string) => boolean;

  constructor(partition = 0, partitions = 1, keepsCell: (cell: string) => boolean = () => true) {
    this.partition = partition;
    this.partitions = partitions;
    this.#keepsCell = keepsCell;
  }

  get<T extends object>(key: string): T | undefined {
    return this.#documents.get(key)?.document as T | undefined;
  }

  loaded(_key: string): boolean {
    return true;
  }

  put(key: string, document: object | null, due: number | null = null): void {
    const known = this.#documents.get(key);
    if (document === null) {
      if (known !== undefined) known.due = null;
      this.#documents.delete(key);
      return;
    }
    const entry = known ?? { key, document, due: null };
    if (known === undefined) this.#documents.set(key, entry);
    entry.document = document;
    if (due !== null && due !== entry.due) this.#schedule(entry, due);
    entry.due = due;
  }

  #schedule(entry: Entry, due: number): void {
    const hour = hourOf(due);
    if (entry.due !== null && hourOf(entry.due) === hour) return;
    const entries = this.#due.get(hour);
    if (entries === undefined) this.#due.set(hour, [entry]);
    else entries.push(entry);
    if (hour < this.#firstHour) this.#firstHour = hour;
  }

  /** False: nothing is due at or before this time. */
  isDue(untilMs: number): boolean {
    const last = hourOf(untilMs);
    while (this.#firstHour <= last && !this.#due.has(this.#firstHour)) this.#nextHour();
    return this.#firstHour <= last;
  }

  due(untilMs: number): readonly string[] {
    const found: { readonly due: number; readonly key: string }[] = [];
    while (this.isDue(untilMs)) {
      const hour = this.#firstHour;
      const later = this.#takeDue(hour, untilMs, found);
      if (later.length > 0) {
        this.#due.set(hour, later);
        break;
      }
      this.#due.delete(hour);
    }
    found.sort((one, other) => one.due - other.due || (one.key < other.key ? -1 : 1));
    return found.map(({ key }) => key);
  }

  #nextHour(): void {
    this.#firstHour = this.#due.size === 0 ? Number.POSITIVE_INFINITY : this.#firstHour + 1;
  }

  /** Takes what is due in an hour up to a time; answers what is due later in it. */
  #takeDue(hour: number, untilMs: number, found: { due: number; key: string }[]): Entry[] {
    const later: Entry[] = [];
    for (const entry of this.#due.get(hour) ?? []) {
      const { key, due } = entry;
      if (due === null || hourOf(due) !== hour) continue;
      if (due > untilMs) later.push(entry);
      else {
        found.push({ key, due });
        // whoever puts it back as due at the same time is to be asked again
        entry.due = null;
      }
    }
    return later;
  }

  add(cell: string, fields: readonly number[]): void {
    if (!this.#keepsCell(cell)) return;
    const stored = this.cells.get(cell);
    if (stored === undefined) this.cells.set(cell, [...fields]);
    else
      for (let index = 0; index < fields.length; index += 1)
        stored[index] = (stored[index] ?? 0) + (fields[index] ?? 0);
  }

  emit(output: Output): void {
    this.outputs.push(output);
  }

  reject(rejection: Rejection): void {
    this.rejections.push(rejection);
  }

  count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** Documents whose key begins with the prefix. */
  *scan(prefix: string): Iterable<[key: string, document: object]> {
    for (const [key, entry] of this.#documents) if (key.startsWith(prefix)) yield [key, entry.document];
  }
}
