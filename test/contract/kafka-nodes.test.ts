// Three nodes of Kafka that are killed one after the other, while two members read what is written: leaders and coordinators move.
import { afterAll, describe, expect, it } from 'vitest';
import { retry, systemClock } from '../../packages/runtime/src/index.ts';
import { openKafkaLog } from '../../packages/transport/src/kafka/index.ts';
import type { Log } from '../../packages/transport/src/port.ts';
import { startKafkaNodes, withKafka } from '../parts/kafka.ts';

const nodes = await startKafkaNodes();
afterAll(async () => {
  await Promise.all((nodes ?? []).map((node) => node.stop()));
});

const partitions = 6;
/** One after the other: each had led some partitions, and what the first had led the second may have taken over. */
const killed = 2;
/** Longer than the cluster needs to miss a node and to choose who leads in its place. */
const awayMs = 4_000;

function open(): Log {
  const brokers = (nodes ?? []).flatMap((node) => node.brokers);
  return openKafkaLog({
    settings: { brokers, tls: false, sasl: null, sessionTimeoutMs: 6_000, topicPrefix: 'g.' },
    clientId: 'test',
    clock: systemClock,
    random: Math.random,
    onAway: () => {},
    onBack: () => {},
  });
}

/** Reads on from where the partitions stand, as an owner with a state of its own does. */
function read(log: Log, positions: Map<number, number>, seen: Set<string>, failed: string[]) {
  return log.consume(
    { group: 'reader', topics: ['signals'], chunkRecords: 50 },
    {
      assigned: async (_topic, partition) => positions.get(partition) ?? 0,
      chunk: async ({ partition, from, records, next }) => {
        const position = positions.get(partition) ?? 0;
        if (from !== position) return position;
        for (const { value } of records) seen.add(new TextDecoder().decode(value ?? new Uint8Array()));
        positions.set(partition, next);
        return next;
      },
      revoked: async () => {},
      failed: (_topic, partition, error) => failed.push(`${partition}: ${error.message}`),
    },
  );
}

describe.skipIf(nodes === null)(withKafka('Kafka of three nodes'), () => {
  it('loses nothing that was acknowledged when nodes are killed in turn, and no partition stops', {
    timeout: 240_000,
  }, async () => {
    const [writing, reading, other] = [open(), open(), open()];
    await writing.createTopic('signals', partitions);
    const [positions, seen, failed] = [new Map<number, number>(), new Set<string>(), [] as string[]];
    const members = [await read(reading, positions, seen, failed), await read(other, positions, seen, failed)];
    const { signal } = new AbortController();
    const written: string[] = [];
    let isOver = false;
    const write = async () => {
      for (let round = 0; !isOver; round += 1) {
        const values = Array.from({ length: 60 }, (_, index) => `${round}-${index}`);
        const outputs = values.map((value) => ({ topic: 'signals', key: value, value }));
        await retry(() => writing.append(outputs), { random: Math.random, signal });
        written.push(...values);
      }
    };
    const writes = write();
    for (const node of nodes?.slice(0, killed) ?? []) await node.restart(awayMs);
    isOver = true;
    await writes;
    await expect
      .poll(() => [written.filter((value) => !seen.has(value)).length, failed], { timeout: 60_000 })
      .toEqual([0, []]);
    await Promise.all(members.map((member) => member.stop()));
    await Promise.all([writing, reading, other].map((log) => log.close()));
  });
});
