// What a raw topic held before it was first read here: noted once, before anything is folded, and never again.
import type { PartitionState } from '@gapwatch/storage';
import type { Marks } from '@gapwatch/transport';

/** Records below this offset are history. */
export type History = { readonly until: number };

export const historyKey = 'history';

/** Reading begins where the log begins: what it let go of before anybody read it is no loss of ours. */
export async function noteHistory(state: PartitionState, { low, high }: Marks): Promise<void> {
  if ((await state.position()) > 0) return;
  const [known] = await state.documents([historyKey]);
  if (known) return;
  const value = JSON.stringify({ until: high } satisfies History);
  await state.apply({ expected: 0, next: low, documents: [{ key: historyKey, value, due: null }], cells: new Map() });
}
