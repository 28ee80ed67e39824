// A workspace that holds everything in memory: for the backtest, which keeps nothing, and for tests of the folds.
import type { Output, Rejection } from '@gapwatch/contracts';
import { hourOf } from './friction/time.ts';
import type { Workspace } from './workspace.ts';

type Entry = { document: object; due: number | null };

export class MemoryWorkspace implements Workspace {
  readonly partition: number;
  readonly partitions: number;
  readonly cells = new Map<string, number[]>();
  readonly counts: Record<string, number> = {};
  /** records emitted and rejected since they were last taken */
  outputs: Output[] = [];
  rejections: Rejection[] = [];
  readonly #documents = new Map<string, Entry>();
  /** keys by the hour in which they are due; an entry is stale when the document has another due by now */
  readonly #due = new Map<number, Set<string>>();
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
    if (document === null) {
      this.#documents.delete(key);
      return;
    }
    const entry = this.#documents.get(key);
    if (entry?.due !== due && due !== null) this.#schedule(key, due);
    if (entry === undefined) this.#documents.set(key, { document, due });
    else {
      entry.document = document;
      entry.due = due;
    }
  }

  #schedule(key: string, due: number): void {
    const hour = hourOf(due);
    const keys = this.#due.get(hour);
    if (keys === undefined) this.#due.set(hour, new Set([key]));
    else keys.add(key);
    if (hour < this.#firstHour) this.#firstHour = hour;
  }

  /** False: nothing is due at or before this time. */
  isDue(untilMs: number): boolean {
    const last = hourOf(untilMs);
    while (this.#firstHour <= last && !this.#due.has(this.#firstHour)) this.#nextHour();
    return this.#firstHour <= last;
  }

  due(untilMs: number): readonly string[] {
    const found: [due: number, key: string][] = [];
    while (this.isDue(untilMs)) {
      const hour = this.#firstHour;
      const keys = this.#due.get(hour) as Set<string>;
      this.#takeDue(keys, hour, untilMs, found);
      if (keys.size > 0) break;
      this.#due.delete(hour);
    }
    found.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1));
    return found.map(([, key]) => key);
  }

  #nextHour(): void {
    this.#firstHour = this.#due.size === 0 ? Number.POSITIVE_INFINITY : this.#firstHour + 1;
  }

  #takeDue(keys: Set<string>, hour: number, untilMs: number, found: [due: number, key: string][]): void {
    for (const key of keys) {
      const entry = this.#documents.get(key);
      const due = entry?.due ?? null;
      if (entry === undefined || due === null || hourOf(due) !== hour) keys.delete(key);
      else if (due <= untilMs) {
        found.push([due, key]);
        keys.delete(key);
        // whoever puts it back as due at the same time is to be asked again
        entry.due = null;
      }
    }
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
