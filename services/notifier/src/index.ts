// The notifier: `alerts` to people. One partition, one active process.
// Delivery: at least once, fail open; a message is sent, then recorded on `deliveries`, then the position moves. What was
// not taken waits in the state. Back pressure: one attempt a receiver and step, 15 seconds at most.
import { topicNames } from '@gapwatch/contracts';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings } from '@gapwatch/transport';
import { foldOf } from './fold.ts';
import { recall } from './recall.ts';
import type { Receiver } from './receivers/define.ts';
import { Sender } from './send.ts';

export { messageId } from './documents.ts';
export type * from './receivers/define.ts';
export { createReceivers, receiverSchemas, receiverTypeSchemas } from './receivers/registry.ts';

export const namespace = 'notifier';

export type NotifierDependencies = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  readonly receivers: readonly Receiver[];
};

/** How long a stop waits for what is in flight: whoever has taken a message should be able to say so. */
const graceMs = 3_000;

export function create({ loop, state, receivers }: NotifierDependencies): Service {
  const closing = new AbortController();
  const cut = new AbortController();
  const { log, clock, logger, random } = loop;
  const sender = new Sender({ receivers, clock, logger, random, closing: closing.signal, cut: cut.signal });
  const service = createLoop({
    ...loop,
    service: 'notifier',
    topics: [topicNames.alerts],
    open: (_, partition) => {
      const own = state.partition(namespace, partition);
      const fold = foldOf(receivers, (workspace) => sender.send(workspace));
      const folded = new FoldedPartition(own, fold, partition, 1);
      return {
        // whoever begins with nothing may have told before: the state is new, or was emptied while we ran
        async step(chunk) {
          if (chunk.from === 0) await recall(log, own);
          return folded.step(chunk);
        },
        forget: () => folded.forget(),
        position: () => folded.position(),
      };
    },
  });
  const stop = async () => {
    closing.abort();
    const timer = setTimeout(() => cut.abort(), graceMs);
    await service.stop().finally(() => clearTimeout(timer));
  };
  return { ...service, stop };
}
