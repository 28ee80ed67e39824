// Two mendings of the client, in the one class that fetches.
//
// Where brokers come or go while a consumer of kafkajs stops, it begins new fetchers that nobody ends (fetchManager.js: `start`
// goes on after `stop`). Each asks for more, hears at once that there is nothing after the end, and asks again without a turn of
// the event loop: the whole process stands still, at full load. Here a fetch after the end fails, which ends its fetcher and then
// the consumer.
//
// What a transaction leaves behind, its mark and whatever was aborted, the client goes past by itself and hands to nobody. Whoever
// keeps a position of its own would stand before it for ever, as if something waited, and find it gone when the log lets go of it.
// Here such a batch is handed out, without a message.
import { createRequire } from 'node:module';

type Batch = { isEmpty(): boolean; isEmptyDueToFiltering(): boolean };
type Fetch = (this: { readonly running: boolean }, nodeId: number) => Promise<Batch[]>;
export type RunnerClass = { readonly prototype: { fetch: Fetch } };

class FetchedAfterTheEnd extends Error {
  override readonly name = 'FetchedAfterTheEnd';
}

const mended = new WeakSet<RunnerClass>();

/** Mends the class that fetches, once; answers it. */
export function mendRunner(): RunnerClass {
  const Runner = createRequire(import.meta.url)('kafkajs/src/consumer/runner.js') as RunnerClass;
  if (mended.has(Runner)) return Runner;
  mended.add(Runner);
  const { fetch } = Runner.prototype;
  Runner.prototype.fetch = async function fetchUntilTheEnd(nodeId) {
    if (!this.running) throw new FetchedAfterTheEnd();
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) if (batch.isEmptyDueToFiltering()) handOut(batch);
    return batches;
  };
  return Runner;
}

/** The client asks a batch whether it is worth handing out. */
function handOut(batch: Batch): void {
  batch.isEmptyDueToFiltering = () => false;
  batch.isEmpty = () => false;
}
