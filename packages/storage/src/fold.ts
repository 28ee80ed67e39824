// Between a fold and the state: loads the documents a chunk needs, lets the fold work on them, and makes one step of it.
// Documents stay cached while the partition is ours; whoever is refused by the state drops them with `forget`.
import type { LogRecord, Output, Rejection } from '@gapwatch/contracts';
import type { PartitionState, StateStep, StepResult } from './port.ts';
import { compareKeys } from './step.ts';

type Entry = { document: object | null; due: number | null };

/** The documents, counters and outputs of one chunk; what `core` calls a workspace. */
export class StateWorkspace {
  readonly partition: number;
  readonly partitions: number;
  readonly outputs: Output[] = [];
  readonly rejections: Rejection[] = [];
  readonly counts: Record<string, number> = {};
  readonly cells = new Map<string, number[]>();
  readonly #cache: Map<string, Entry>;
  readonly #mostDue: number;
  readonly #changed = new Set<string>();
  readonly #due = new Set<string>();
  /** no known key is due before this: asked at every tick, and nearly always in vain */
  #soonest = Number.POSITIVE_INFINITY;

  /** `mostDue`: documents that one look at what is due is given */
  constructor(partition: number, partitions: number, cache: Map<string, Entry>, mostDue: number) {
    this.partition = partition;
    this.partitions = partitions;
    this.#cache = cache;
    this.#mostDue = mostDue;
  }

  get<T extends object>(key: string): T | undefined {
    return (this.#cache.get(key)?.document ?? undefined) as T | undefined;
  }

  loaded(key: string): boolean {
    return this.#cache.has(key);
  }

  put(key: string, document: object | null, due: number | null = null): void {
    // behind what was not touched for longer
    this.#cache.delete(key);
    this.#cache.set(key, { document, due });
    this.#changed.add(key);
    if (due !== null) this.#addDue(key, due);
  }

  /** Keys that the state says are due; those that the chunk itself makes due are known already. */
  noteDue(keys: readonly string[]): void {
    for (const key of keys) this.#addDue(key, this.#cache.get(key)?.due ?? Number.POSITIVE_INFINITY);
  }

  /** The first of all that is due; the rest is due at the next look. */
  due(untilMs: number): readonly string[] {
    if (untilMs < this.#soonest) return [];
    const found: [due: number, key: string][] = [];
    this.#soonest = Number.POSITIVE_INFINITY;
    for (const key of this.#due) {
      const due = this.#cache.get(key)?.due ?? Number.POSITIVE_INFINITY;
      this.#soonest = Math.min(this.#soonest, due);
      if (due <= untilMs) found.push([due, key]);
    }
    found.sort((one, other) => one[0] - other[0] || compareKeys(one[1], other[1]));
    return found.slice(0, this.#mostDue).map(([, key]) => key);
  }

  add(cell: string, fields: readonly number[]): void {
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

  #addDue(key: string, due: number): void {
    this.#due.add(key);
    this.#soonest = Math.min(this.#soonest, due);
  }

  /** The step that stores what the fold changed. */
  step(expected: number, next: number): StateStep {
    const documents = [...this.#changed].map((key) => {
      const entry = this.#cache.get(key) ?? { document: null, due: null };
      // what is gone needs no room beside what is alive
      if (entry.document === null) this.#cache.delete(key);
      return { key, value: entry.document === null ? null : JSON.stringify(entry.document), due: entry.due };
    });
    return { expected, next, documents, cells: this.cells };
  }
}

/** How a fold looks at documents that are due: at some of its inputs, or once they are folded. */
export type Looks<Input> = {
  /** the latest log time at which the fold of these inputs looks; null where it does not */
  until(inputs: readonly Input[], workspace: StateWorkspace): number | null;
  /** whether it looks at this input */
  at(input: Input): boolean;
  /**
   * Documents that one look is given, the earliest first; the rest waits for the next one. Whatever falls due at once, after an
   * outage or the reading of a long past, a step stays small enough for memory and store.
   */
  readonly most: number;
};

type Reading<Input> = { readonly input: Input } | { readonly rejection: Rejection } | { readonly skipped: string };

/** A service's pure side, over one kind of parsed record. */
export type StateFold<Input> = {
  /** parses a record, or says why it cannot be taken */
  read(record: LogRecord): Reading<Input>;
  /** keys not loaded yet that `fold` will look at; asked until empty */
  documentsNeeded(inputs: readonly Input[], workspace: StateWorkspace): readonly string[];
  /** absent where the fold asks for nothing that is due */
  readonly looks?: Looks<Input>;
  fold(inputs: readonly Input[], workspace: StateWorkspace): void;
  /** what must be done in the world before outputs, state and position are written; what came of it joins the same step */
  act?(workspace: StateWorkspace): Promise<void>;
};

type Chunk = { readonly from: number; readonly next: number; readonly records: readonly LogRecord[] };
type FoldedStep = {
  /** the offset behind the last record that was taken */
  readonly next: number;
  readonly outputs: readonly Output[];
  readonly rejections: readonly Rejection[];
  readonly counts: Readonly<Record<string, number>>;
  commit(): Promise<StepResult>;
};

/**
 * The state was elsewhere when its documents were read: they are those of another position, and outputs made of them would
 * take the place of the right ones. Nothing is written; the owner goes on from where the state is.
 */
function staleStep({ next }: Chunk, position: number): FoldedStep {
  const commit = async () => ({ outcome: 'stale', position }) as const;
  return { next, outputs: [], rejections: [], counts: {}, commit };
}

function inputsOf<Input>(readings: readonly Reading<Input>[]): Input[] {
  return readings.flatMap((reading) => ('input' in reading ? [reading.input] : []));
}

function account(readings: readonly Reading<unknown>[], workspace: StateWorkspace): void {
  for (const reading of readings) {
    if ('rejection' in reading) workspace.reject(reading.rejection);
    else if ('skipped' in reading) workspace.count(reading.skipped);
  }
}

const usuallyCached = () => 10_000;

/** The work of one partition for the loop: position, steps, and a cache to drop. */
export class FoldedPartition<Input> {
  readonly #state: PartitionState;
  readonly #fold: StateFold<Input>;
  readonly #partition: number;
  readonly #partitions: number;
  readonly #mostCached: () => number;
  readonly #cache = new Map<string, Entry>();

  /** `mostCached`: documents kept in memory between chunks, asked after each; beyond them the oldest go. */
  constructor(
    state: PartitionState,
    fold: StateFold<Input>,
    partition: number,
    partitions: number,
    mostCached = usuallyCached,
  ) {
    this.#mostCached = mostCached;
    this.#state = state;
    this.#fold = fold;
    this.#partition = partition;
    this.#partitions = partitions;
  }

  position(): Promise<number> {
    return this.#state.position();
  }

  forget(): void {
    this.#cache.clear();
  }

  /** Takes the chunk, or its beginning where more may be due than one look is given. */
  async step(chunk: Chunk): Promise<FoldedStep> {
    const most = this.#fold.looks?.most ?? 0;
    const workspace = new StateWorkspace(this.#partition, this.#partitions, this.#cache, most);
    const readings = chunk.records.map((record) => this.#fold.read(record));
    const inputs = inputsOf(readings);
    const hasRead = await this.#loadNeeded(inputs, workspace);
    const due = await this.#loadDue(inputs, workspace);
    if (hasRead || due !== null) {
      const position = await this.#state.position();
      if (position !== chunk.from) return staleStep(chunk, position);
    }
    const taken = due === most ? this.#upToLook(readings) : readings;
    account(taken, workspace);
    this.#fold.fold(taken === readings ? inputs : inputsOf(taken), workspace);
    await this.#fold.act?.(workspace);
    const next = chunk.records[taken.length]?.offset ?? chunk.next;
    const step = workspace.step(chunk.from, next);
    this.#trim();
    const { outputs, rejections, counts } = workspace;
    return { next, outputs, rejections, counts, commit: () => this.#state.apply(step) };
  }

  /** A look alone, or what comes before it: what a step changes before its look would make room for others that are due. */
  #upToLook(readings: readonly Reading<Input>[]): readonly Reading<Input>[] {
    const first = readings.findIndex((reading) => 'input' in reading && this.#fold.looks?.at(reading.input));
    return first === -1 ? readings : readings.slice(0, Math.max(1, first));
  }

  /** Loads what the fold will look at; tells whether the state was asked for anything. */
  async #loadNeeded(inputs: readonly Input[], workspace: StateWorkspace): Promise<boolean> {
    let hasRead = false;
    for (;;) {
      const keys = this.#fold.documentsNeeded(inputs, workspace);
      if (keys.length === 0) return hasRead;
      await this.#load(keys);
      hasRead = true;
    }
  }

  /** Loads what is due, and what it needs beside it; answers how many are, null where the fold does not look. */
  async #loadDue(inputs: readonly Input[], workspace: StateWorkspace): Promise<number | null> {
    const { looks } = this.#fold;
    const until = looks?.until(inputs, workspace) ?? null;
    if (looks === undefined || until === null) return null;
    const keys = await this.#state.due(until, looks.most);
    await this.#load(keys.filter((key) => !this.#cache.has(key)));
    workspace.noteDue(keys);
    await this.#loadNeeded(inputs, workspace);
    return keys.length;
  }

  async #load(keys: readonly string[]): Promise<void> {
    const documents = await this.#state.documents(keys);
    documents.forEach((stored, index) => {
      const document = stored === null ? null : (JSON.parse(stored.value) as object);
      this.#cache.set(keys[index] ?? '', { document, due: stored?.due ?? null });
    });
  }

  /** Map order is the order of first loading: dropping from the front is cheap and good enough. */
  #trim(): void {
    let excess = this.#cache.size - this.#mostCached();
    for (const key of this.#cache.keys()) {
      if (excess <= 0) return;
      this.#cache.delete(key);
      excess -= 1;
    }
  }
}
