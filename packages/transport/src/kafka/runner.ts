// A mending of the client. Where brokers come or go while a consumer of kafkajs stops, it begins new fetchers that nobody ends
// (fetchManager.js: `start` goes on after `stop`). Each asks for more, hears at once that there is nothing after the end, and asks
// again without a turn of the event loop: the whole process stands still, at full load. Here a fetch after the end fails, which
// ends its fetcher and then the consumer.
import { createRequire } from 'node:module';

type Fetch = (this: { readonly running: boolean }, nodeId: number) => Promise<unknown[]>;
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
    return fetch.call(this, nodeId);
  };
  return Runner;
}
