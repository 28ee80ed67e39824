// What happens to Kafka, Redis and S3: they are killed, stand still, and lose what they had.
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisPart } from '../../parts/redis.ts';
import { type Fault, somewhen } from './fault.ts';

export const partFaults: readonly Fault[] = [
  ...(['everysec', 'always'] as const).map(redisKilled),
  {
    name: 'Redis stands still (SIGSTOP 10 s)',
    times: { quick: 0, full: 3 },
    async strike({ redis }) {
      redis.kill('SIGSTOP');
      await pause(10_000);
      redis.kill('SIGCONT');
      return null;
    },
  },
  {
    name: 'Redis emptied (FLUSHALL)',
    times: { quick: 1, full: 1 },
    async strike({ redis }) {
      await tellRedis(redis, ['FLUSHALL']);
      return null;
    },
  },
  kafkaKilled('Kafka killed', { quick: 1, full: 0 }, [0, 0]),
  kafkaKilled('Kafka killed (back after 9 to 13 s)', { quick: 0, full: 10 }, [5_000, 8_000]),
  {
    name: 'S3 killed',
    times: { quick: 1, full: 5 },
    async strike({ s3 }, random) {
      await somewhen(random, 500);
      await s3.restart();
      return null;
    },
  },
];

function redisKilled(appendfsync: 'everysec' | 'always'): Fault {
  return {
    name: `Redis killed (appendfsync ${appendfsync})`,
    times: { quick: 1, full: 20 },
    async strike({ redis }, random) {
      await tellRedis(redis, ['CONFIG', 'SET', 'appendfsync', appendfsync]);
      await somewhen(random, 1_000);
      await redis.restart();
      return null;
    },
  };
}

/** It takes four to five seconds to start, beside the time that it is left away. */
function kafkaKilled(name: string, times: Fault['times'], [least, most]: readonly [number, number]): Fault {
  return {
    name,
    times,
    async strike({ kafka }, random) {
      await somewhen(random, 1_000);
      await kafka.restart(random.between(least, most));
      return null;
    },
  };
}

async function tellRedis({ urls }: RedisPart, [command, ...words]: readonly [string, ...string[]]): Promise<void> {
  for (const url of urls) {
    const client = new Redis(url);
    await client.call(command, ...words);
    client.disconnect();
  }
}
