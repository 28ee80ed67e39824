// A cluster of Redis whose masters are killed one after the other under load: replicas take over, which may lack what came last.
// And what a Redis that does not let us in is called.
import { openRedisState } from '@gapwatch/storage/redis';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { retry } from '../../packages/runtime/src/index.ts';
import type { PartitionState } from '../../packages/storage/src/index.ts';
import { type RedisPart, startRedis, startRedisNodes, withRedis } from '../parts/redis.ts';

const nodes = await startRedisNodes();
const locked = await startRedis(['--requirepass', 'secret']);
afterAll(() => Promise.all([locked, ...(nodes ?? [])].map((part) => part?.stop())));

const partitions = 6;
/** One after the other: what the first had held the second may have taken over. */
const killed = 2;
/** Longer than the cluster needs to miss a node and to choose who stands in its place. */
const awayMs = 4_000;
const cell = '1h|order||0';

/** What each node is, in their order; `connected` is a replica that has all of its master. */
function rolesOf(nodes: readonly RedisPart[]): Promise<string[]> {
  return Promise.all(
    nodes.map(async ({ urls }) => {
      const client = new Redis(urls[0]!);
      const [role, , , link] = await client.role();
      client.disconnect();
      return role === 'master' ? role : String(link);
    }),
  );
}

const whole = ['connected', 'connected', 'connected', 'master', 'master', 'master'];

/** Goes on a step at a time, as an owner does who adopts whatever position the state has; each step counts itself in a cell. */
async function write(state: PartitionState, isOver: () => boolean): Promise<void> {
  const { signal } = new AbortController();
  const patiently = <T>(call: () => Promise<T>) => retry(call, { random: Math.random, signal });
  let position = await patiently(() => state.position());
  while (!isOver()) {
    const next = position + 1;
    const documents = [{ key: 'last', value: JSON.stringify({ next }), due: null }];
    const step = { expected: position, next, documents, cells: new Map([[cell, [1]]]) };
    const result = await patiently(() => state.apply(step));
    position = result.outcome === 'applied' ? next : result.position;
  }
}

describe.skipIf(nodes === null)(withRedis('a cluster with replicas'), () => {
  it('goes on by itself when masters are killed in turn, and every partition is what its position says', {
    timeout: 120_000,
  }, async () => {
    const store = openRedisState({ urls: nodes!.flatMap(({ urls }) => urls) });
    const states = Array.from({ length: partitions }, (_, partition) => store.partition('nodes', partition));
    let isOver = false;
    const writes = Promise.all(states.map((state) => write(state, () => isOver)));
    for (let round = 0; round < killed; round += 1) {
      // a replica that is still copying its master when it has to take over brings nothing along
      await expect.poll(async () => (await rolesOf(nodes!)).sort(), { timeout: 30_000 }).toEqual(whole);
      await nodes![(await rolesOf(nodes!)).indexOf('master')]!.restart(awayMs);
    }
    isOver = true;
    await writes;
    for (const state of states) {
      const position = await state.position();
      expect(position).toBeGreaterThan(0);
      expect(await state.cells([cell])).toEqual([[position, 0, 0, 0, 0, 0, 0, 0]]);
      expect(await state.documents(['last'])).toEqual([
        { key: 'last', value: JSON.stringify({ next: position }), due: null },
      ]);
    }
    await store.close();
  });

  it('asks for more nodes where one alone is named', async () => {
    const store = openRedisState({ urls: nodes![0]!.urls });
    const positions = Array.from({ length: partitions }, (_, partition) =>
      store.partition('one', partition).position(),
    );
    const refused = (await Promise.allSettled(positions)).filter(({ status }) => status === 'rejected');
    expect(refused).not.toEqual([]);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ name: 'RedisRefused', message: expect.stringContaining('name several') });
    await store.close();
  });
});

describe.skipIf(locked === null)(withRedis('a Redis that does not let us in'), () => {
  it.each([
    ['without a password', ''],
    ['with a wrong one', ':wrong@'],
  ])('refuses us, and says that it is the password: %s', async (_, user) => {
    const { host } = new URL(locked!.urls[0]!);
    const store = openRedisState({ urls: [`redis://${user}${host}`] });
    const position = () => store.partition('locked', 0).position();
    for (const call of [position, position])
      await expect(call()).rejects.toMatchObject({
        name: 'RedisRefused',
        message: expect.stringMatching(/(?:NOAUTH|WRONGPASS).*: check user and password in GAPWATCH_REDIS_URL$/),
      });
    await store.close();
  });
});
