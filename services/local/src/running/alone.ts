// Folds what waits in a directory while no start does: for whoever holds the lock.
import type { Clock, Logger, Service } from '@gapwatch/runtime';
import type { LoopSettings } from '@gapwatch/transport';
import { type Reading, type WaitOptions, waitUntilFolded } from './folded.ts';
import type { Place } from './place.ts';

export type AloneOptions = Pick<WaitOptions, 'onProgress'> & { readonly clock: Clock; readonly logger: Logger };

/** Runs services until everything of these topics is folded. @throws what a partition has stopped with */
export async function foldAlone(
  place: Pick<Place, 'log' | 'state'>,
  create: (loop: LoopSettings) => readonly Service[],
  readings: readonly Reading[],
  { clock, logger, ...progress }: AloneOptions,
): Promise<void> {
  const failures: Error[] = [];
  const onFailure = ({ error }: { error: Error }) => failures.push(error);
  const check = () => {
    const [failure] = failures;
    if (failure !== undefined) throw failure;
  };
  await using stack = new AsyncDisposableStack();
  for (const service of create({ log: place.log, clock, logger, random: Math.random, onFailure })) {
    await service.start();
    stack.defer(() => service.stop());
  }
  await waitUntilFolded(place, readings, { ...progress, check });
}
