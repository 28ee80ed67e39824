// The port of the state: documents, counters and one position for each partition of each namespace.
// Guarantee: `apply` writes all of a step or nothing, and only if the stored position is the one expected.
// So a doubled, lost or late step is always one of two things: already applied, or behind.

/** A document is JSON text under a key. `due`: log time in milliseconds at which somebody must look at it again. */
export type StoredDocument = { readonly key: string; readonly value: string; readonly due: number | null };

/** One atomic step of one partition. */
export type StateStep = {
  /** the position that must be stored for the step to be applied; 0 before the first step */
  readonly expected: number;
  readonly next: number;
  /** `value` null deletes the document */
  readonly documents: readonly { readonly key: string; readonly value: string | null; readonly due: number | null }[];
  /** changes to counters: key of the cell and what is added to each of its fields, at most eight whole numbers */
  readonly cells: ReadonlyMap<string, readonly number[]>;
};

export type StepResult =
  | { readonly outcome: 'applied' }
  /** somebody was here before, or the store lost its end: the position that it has now */
  | { readonly outcome: 'stale'; readonly position: number };

/** State of one partition of one namespace. Cells whose fields are all zero are as good as absent and never returned. */
export interface PartitionState {
  position(): Promise<number>;
  /** documents in the order of the keys; null where there is none */
  documents(keys: readonly string[]): Promise<readonly (StoredDocument | null)[]>;
  /** keys of documents that are due at or before a log time, earliest first, then by key; no more than `most` */
  due(untilMs: number, most: number): Promise<readonly string[]>;
  /** documents whose key begins with the prefix, in order of the key, a page at a time */
  scan(prefix: string): AsyncIterable<StoredDocument>;
  /** counters in the order of the keys; null where there are none */
  cells(keys: readonly string[]): Promise<readonly (readonly number[] | null)[]>;
  /** every cell that is not all zero, in order of the key */
  scanCells(): AsyncIterable<readonly [key: string, fields: readonly number[]]>;
  apply(step: StateStep): Promise<StepResult>;
}

export interface StateStore {
  partition(namespace: string, partition: number): PartitionState;
  /** removes a whole namespace, for a rebuild */
  drop(namespace: string): Promise<void>;
  close(): Promise<void>;
}
