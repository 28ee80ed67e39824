// How a topic is filled before it is measured.
import type { Output } from '../../packages/contracts/src/index.ts';
import type { Log } from '../../packages/transport/src/index.ts';

/** Payloads into a topic, `batch` of them an append; answers how many there were. Memory is one batch. */
export async function appendAll(
  log: Pick<Log, 'append'>,
  topic: string,
  payloads: Iterable<Exclude<Output['value'], null>>,
  batch: number,
): Promise<number> {
  let count = 0;
  let outputs: Output[] = [];
  const send = async () => {
    if (outputs.length > 0) await log.append(outputs);
    count += outputs.length;
    outputs = [];
  };
  for (const value of payloads) if (outputs.push({ topic, key: null, value }) >= batch) await send();
  await send();
  return count;
}
