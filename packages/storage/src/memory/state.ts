// The state in memory: for tests, simulations and backtests. Nothing survives the process.
// Each partition costs what it holds; `due` and the scans sort on demand, O(n log n).
import type { PartitionState, StateStep, StateStore, StepResult, StoredDocument } from '../port.ts';
import { cellFields, checkStep, compareKeys } from '../step.ts';

type Held = { position: number; documents: Map<string, StoredDocument>; cells: Map<string, readonly number[]> };

function byKey(left: StoredDocument, right: StoredDocument): number {
  return compareKeys(left.key, right.key);
}

function writeDocuments(held: Held, documents: StateStep['documents']): void {
  for (const { key, value, due } of documents) {
    if (value === null) held.documents.delete(key);
    else held.documents.set(key, { key, value, due });
  }
}

function addCells(held: Held, cells: StateStep['cells']): void {
  for (const [key, changes] of cells) {
    const before = held.cells.get(key);
    const after = Array.from({ length: cellFields }, (_, field) => (before?.[field] ?? 0) + (changes[field] ?? 0));
    if (after.some((value) => value !== 0)) held.cells.set(key, after);
    else held.cells.delete(key);
  }
}

function applyTo(held: Held, step: StateStep): StepResult {
  checkStep(step);
  if (held.position !== step.expected) return { outcome: 'stale', position: held.position };
  writeDocuments(held, step.documents);
  addCells(held, step.cells);
  held.position = step.next;
  return { outcome: 'applied' };
}

function dueKeys(held: Held, untilMs: number): string[] {
  const due = [...held.documents.values()].filter((document) => document.due !== null && document.due <= untilMs);
  due.sort((left, right) => (left.due ?? 0) - (right.due ?? 0) || byKey(left, right));
  return due.map((document) => document.key);
}

function partitionOf(held: () => Held): PartitionState {
  return {
    position: async () => held().position,
    documents: async (keys) => keys.map((key) => held().documents.get(key) ?? null),
    due: async (untilMs, most) => dueKeys(held(), untilMs).slice(0, most),
    async *scan(prefix) {
      yield* [...held().documents.values()].filter((document) => document.key.startsWith(prefix)).sort(byKey);
    },
    cells: async (keys) => keys.map((key) => held().cells.get(key) ?? null),
    async *scanCells() {
      yield* [...held().cells].sort((left, right) => compareKeys(left[0], right[0]));
    },
    apply: async (step) => applyTo(held(), step),
  };
}

/** Partition 0 of one namespace and of another are two states. */
export function openMemoryState(): StateStore {
  const namespaces = new Map<string, Map<number, Held>>();
  const held = (namespace: string, partition: number): Held => {
    const partitions = namespaces.get(namespace) ?? new Map<number, Held>();
    namespaces.set(namespace, partitions);
    const known = partitions.get(partition) ?? { position: 0, documents: new Map(), cells: new Map() };
    partitions.set(partition, known);
    return known;
  };
  return {
    partition: (namespace, partition) => partitionOf(() => held(namespace, partition)),
    drop: async (namespace) => {
      namespaces.delete(namespace);
    },
    close: async () => {},
  };
}
