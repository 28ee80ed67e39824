// The state of a run: in memory, shared by all, able to lose its last steps; and a way to it on which calls wait,
// fail and come twice.
import { openMemoryState, type PartitionState, type StateStep, type StateStore } from '@gapwatch/storage';
import type { Surroundings } from './log.ts';
import type { Life } from './scheduler.ts';

/** `writer`: whose step was applied last, null once the state went back */
type Kept = { state: PartitionState; steps: StateStep[]; position: number; writer: Life | null };

export class SharedState {
  readonly #kept = new Map<string, Kept>();
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Names of all partitions that anything is kept of. */
  get names(): readonly string[] {
    return [...this.#kept.keys()].sort();
  }

  partition(namespace: string, partition: number): PartitionState {
    return this.#keptOf(nameOf(namespace, partition)).state;
  }

  named(name: string): PartitionState {
    return this.#keptOf(name).state;
  }

  /** Whose step was applied last; null where there is none since the state went back. */
  writerOf(name: string): Life | null {
    return this.#keptOf(name).writer;
  }

  /** Takes the newest steps back, with everything that they wrote. */
  async rollBack(name: string, steps: number): Promise<void> {
    const kept = this.#keptOf(name);
    const left = kept.steps.slice(0, Math.max(0, kept.steps.length - steps));
    const restored = newKept();
    this.#kept.set(name, restored);
    for (const step of left) await this.#apply(name, step);
  }

  /** The state as one copy of a service sees it. */
  seenBy(life: Life): StateStore {
    return {
      partition: (namespace, partition) => this.#partitionSeenBy(life, nameOf(namespace, partition)),
      drop: async (namespace) => {
        for (const name of this.names) if (name.startsWith(`${namespace}/`)) this.#kept.delete(name);
      },
      close: async () => {},
    };
  }

  #partitionSeenBy(life: Life, name: string): PartitionState {
    const { scheduler } = this.#surroundings;
    const now = () => this.named(name);
    const read = <T>(what: string, execute: () => Promise<T>) =>
      scheduler.call(life, 'read', `${what} of ${name}`, execute);
    return {
      position: () => read('position', () => now().position()),
      documents: (keys) => read('documents', () => now().documents(keys)),
      due: (untilMs, most) => read('due', () => now().due(untilMs, most)),
      cells: (keys) => read('cells', () => now().cells(keys)),
      scan: (prefix) => now().scan(prefix),
      scanCells: () => now().scanCells(),
      apply: (step) =>
        scheduler.call(life, 'write', `apply ${step.expected} to ${step.next} of ${name}`, () =>
          this.#apply(name, step, life),
        ),
    };
  }

  async #apply(name: string, step: StateStep, writer: Life | null = null) {
    const kept = this.#keptOf(name);
    const result = await kept.state.apply(step);
    const position = await kept.state.position();
    if (position < kept.position) this.#surroundings.violated(`${name} went back from ${kept.position} to ${position}`);
    kept.position = position;
    if (result.outcome === 'applied') {
      kept.steps.push(step);
      kept.writer = writer;
    }
    return result;
  }

  #keptOf(name: string): Kept {
    const kept = this.#kept.get(name) ?? newKept();
    this.#kept.set(name, kept);
    return kept;
  }
}

function newKept(): Kept {
  return { state: openMemoryState().partition('state', 0), steps: [], position: 0, writer: null };
}

function nameOf(namespace: string, partition: number): string {
  return `${namespace}/${partition}`;
}
