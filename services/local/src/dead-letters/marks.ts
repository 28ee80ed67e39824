// Which dead letters were sent again, when and by whom.
import type { StateStore } from '@gapwatch/storage';

/** `at`: RFC 3339. */
export type Mark = { readonly at: string; readonly by: string };

export type Marks = {
  /** in the order of the ids; null where a letter was never sent again */
  read(ids: readonly string[]): Promise<(Mark | null)[]>;
  write(ids: readonly string[], mark: Mark): Promise<void>;
};

const keyOf = (id: string) => `replayed|${id}`;

export function marksIn(state: StateStore): Marks {
  const own = state.partition('dead-letters', 0);
  return {
    async read(ids) {
      const documents = await own.documents(ids.map(keyOf));
      return documents.map((stored) => (stored === null ? null : (JSON.parse(stored.value) as Mark)));
    },
    async write(ids, mark) {
      const value = JSON.stringify(mark);
      const documents = ids.map((id) => ({ key: keyOf(id), value, due: null }));
      // the position stands still: nothing is folded here, and two who write at once write the same
      const position = await own.position();
      await own.apply({ expected: position, next: position, documents, cells: new Map() });
    },
  };
}
