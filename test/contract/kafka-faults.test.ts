// A real Kafka as it is in the world: written to by others with every codec, killed while it is read and written.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { retry, systemClock } from '../../packages/runtime/src/index.ts';
import { type KafkaLogOptions, openKafkaLog } from '../../packages/transport/src/kafka/index.ts';
import type { Log } from '../../packages/transport/src/port.ts';
import { startKafka, withKafka } from '../parts/kafka.ts';
import { partsFolder, programOnPath } from '../parts/programs.ts';

const kafka = await startKafka();
const java = programOnPath('java');
afterAll(() => kafka?.stop());

function open(told: string[] = []): Log {
  const options: KafkaLogOptions = {
    settings: {
      brokers: kafka?.brokers ?? [],
      tls: false,
      sasl: null,
      sessionTimeoutMs: 6_000,
      topicPrefix: `${randomUUID().slice(0, 8)}.`,
    },
    clientId: 'test',
    clock: systemClock,
    random: Math.random,
    onAway: (what) => told.push(`away ${what}`),
    onBack: (what) => told.push(`back ${what}`),
  };
  return openKafkaLog(options);
}

/** Kafka's own producer: another implementation than ours. */
async function produceByJava(topic: string, codec: string, lines: readonly string[]): Promise<void> {
  const words = ['--bootstrap-server', kafka?.brokers[0] ?? '', '--topic', topic, '--compression-codec', codec];
  const classes = ['-cp', `${join(partsFolder, 'kafka/libs')}/*`];
  const child = spawn(java ?? 'java', [...classes, 'org.apache.kafka.tools.ConsoleProducer', ...words], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.stdin.end(`${lines.join('\n')}\n`);
  const [status] = await once(child, 'exit');
  expect(status, said).toBe(0);
}

describe.skipIf(kafka === null || java === null)(withKafka('Kafka with others around'), () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('reads what another client compressed with %s', async (codec) => {
    const topic = `theirs.${codec}.${randomUUID().slice(0, 8)}`;
    const log = open();
    await log.createTopic(topic, 1);
    const lines = Array.from({ length: 300 }, (_, index) => `{"n":${index},"text":"${'again and '.repeat(20)}"}`);
    await produceByJava(topic, codec, lines);
    const read: string[] = [];
    for (let at = 0; read.length < lines.length; ) {
      const { records, next } = await log.read(topic, 0, at, 100);
      read.push(...records.map(({ value }) => new TextDecoder().decode(value ?? new Uint8Array())));
      at = next;
    }
    expect(read).toEqual(lines);
    await log.close();
  });
});

describe.skipIf(kafka === null)(withKafka('Kafka that is killed'), () => {
  it('is waited for by who writes and who reads: nothing acknowledged is lost, and it is said once', async () => {
    const told: string[] = [];
    const log = open(told);
    await log.createTopic('signals', 2);
    const seen = new Set<string>();
    const consumer = await log.consume(
      { group: 'reader', topics: ['signals'], chunkRecords: 50 },
      {
        assigned: async () => 0,
        chunk: async ({ records, next }) => {
          for (const { value } of records) seen.add(new TextDecoder().decode(value ?? new Uint8Array()));
          return next;
        },
        revoked: async () => {},
        failed: (_topic, _partition, error) => told.push(`failed ${error.message}`),
      },
    );
    const { signal } = new AbortController();
    const append = (round: number) => {
      const outputs = Array.from({ length: 20 }, (_, index) => ({
        topic: 'signals',
        key: `k${index}`,
        value: `${round}-${index}`,
      }));
      return retry(() => log.append(outputs), { random: Math.random, signal });
    };
    for (let round = 0; round < 10; round += 1) {
      if (round === 4) {
        const killed = kafka?.restart();
        await append(round);
        await killed;
      } else await append(round);
    }
    const failures = () => told.filter((line) => line.startsWith('failed'));
    await expect.poll(() => [seen.size, failures()], { timeout: 60_000 }).toEqual([200, []]);
    expect(told.filter((line) => line.startsWith('away')).length).toBeLessThanOrEqual(1);
    await consumer.stop();
    await log.close();
  }, 120_000);
});
