// The model that the contract of the state holds every backend against: two plain maps and a number.
import type { StateStep, StoredDocument } from './port.ts';
import { cellFields, compareKeys } from './step.ts';

export class Model {
  position = 0;
  readonly documents = new Map<string, StoredDocument>();
  readonly cells = new Map<string, number[]>();

  apply(next: StateStep): boolean {
    if (next.expected !== this.position) return false;
    for (const change of next.documents) {
      if (change.value === null) this.documents.delete(change.key);
      else this.documents.set(change.key, { key: change.key, value: change.value, due: change.due });
    }
    for (const [key, fields] of next.cells) {
      const sums = this.cells.get(key) ?? Array<number>(cellFields).fill(0);
      this.cells.set(
        key,
        sums.map((sum, field) => sum + (fields[field] ?? 0)),
      );
    }
    this.position = next.next;
    return true;
  }

  content() {
    const byKey = <T extends { key: string }>(one: T, other: T) => compareKeys(one.key, other.key);
    return {
      position: this.position,
      documents: [...this.documents.values()].sort(byKey),
      cells: [...this.cells]
        .filter(([, fields]) => fields.some((field) => field !== 0))
        .sort(([one], [other]) => compareKeys(one, other)),
    };
  }

  due(untilMs: number): string[] {
    return [...this.documents.values()]
      .filter((document) => document.due !== null && document.due <= untilMs)
      .sort((one, other) => (one.due ?? 0) - (other.due ?? 0) || compareKeys(one.key, other.key))
      .map((document) => document.key);
  }
}
