// The state in force: aggregator and detector keep theirs in namespaces that a rebuild replaces, both in one step.
// Everybody works with the names of the roles; here alone they become those of namespaces.
import type { Generation } from '@gapwatch/contracts';
import type { PartitionState, StateStore } from './port.ts';

/** Where it stands which generation is in force. */
export const generationPlace = { namespace: 'local', key: 'active' } as const;

/** The names of a generation; those of the first are those of the roles. */
export function generationOf(number: number): Generation {
  const ending = number === 1 ? '' : `.${number}`;
  return { number, aggregator: `aggregator${ending}`, detector: `detector${ending}`, past: null };
}

const rereadMs = 1_000;

export async function activeGeneration(state: StateStore): Promise<Generation> {
  const [stored] = await state.partition(generationPlace.namespace, 0).documents([generationPlace.key]);
  return stored ? (JSON.parse(stored.value) as Generation) : generationOf(1);
}

/**
 * The store with the namespaces in force under the names of their roles. A rebuild runs while nobody folds; those who only
 * read go on beside it, and see within a second which namespaces it left.
 */
export function inForce(store: StateStore): StateStore {
  let reading: Promise<Generation> | null = null;
  let readAt = 0;
  const generation = () => {
    if (performance.now() - readAt > rereadMs) reading = null;
    if (reading === null) readAt = performance.now();
    // a store that is away for a while is asked again
    reading ??= activeGeneration(store).catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
  const isRole = (name: string): name is 'aggregator' | 'detector' => name === 'aggregator' || name === 'detector';
  return {
    partition(namespace, partition) {
      if (!isRole(namespace)) return store.partition(namespace, partition);
      return later(async () => store.partition((await generation())[namespace], partition));
    },
    drop: async (namespace) => store.drop(isRole(namespace) ? (await generation())[namespace] : namespace),
    close: () => store.close(),
  };
}

/** A partition whose name is found out when it is first used. */
function later(open: () => Promise<PartitionState>): PartitionState {
  return {
    position: async () => (await open()).position(),
    documents: async (keys) => (await open()).documents(keys),
    due: async (untilMs, most) => (await open()).due(untilMs, most),
    async *scan(prefix) {
      yield* (await open()).scan(prefix);
    },
    cells: async (keys) => (await open()).cells(keys),
    async *scanCells() {
      yield* (await open()).scanCells();
    },
    apply: async (step) => (await open()).apply(step),
  };
}
