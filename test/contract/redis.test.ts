// The contract of the state on a real Redis, and on a cluster of three.

import { openRedisState } from '@gapwatch/storage/redis';
import { Redis } from 'ioredis';
import { afterAll, describe } from 'vitest';
import { stateContract } from '../../packages/storage/src/contract.ts';
import { startRedis, startRedisCluster, withRedis } from '../parts/redis.ts';

for (const [name, part] of [
  ['redis', await startRedis()],
  ['redis cluster', await startRedisCluster()],
] as const) {
  afterAll(() => part?.stop());
  describe.skipIf(part === null)(withRedis(name), () => {
    stateContract(name, async () => ({
      durable: true,
      open: async () => openRedisState({ urls: part!.urls }),
      destroy: async () => {
        for (const url of part!.urls) {
          const client = new Redis(url);
          await client.flushall();
          client.disconnect();
        }
      },
    }));
  });
}
