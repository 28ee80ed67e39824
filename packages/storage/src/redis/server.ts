// What the servers say of themselves: for whoever looks whether they are fit to keep a state.
import { createClient, mastersOf, named, ready } from './client.ts';

/** `isDurable`: what was written outlives the process of the server. `timeMs`: its clock, milliseconds UTC. */
export type RedisServer = { readonly version: string; readonly isDurable: boolean; readonly timeMs: number };

/** Asks every master. @throws RedisAway, or RedisRefused for a Redis that may throw keys away */
export async function describeRedis(urls: readonly string[]): Promise<readonly RedisServer[]> {
  const client = createClient(urls);
  try {
    await ready(client);
    return await named(client, () => Promise.all(mastersOf(client).map(describeServer)));
  } finally {
    client.disconnect();
  }
}

async function describeServer(master: ReturnType<typeof mastersOf>[number]): Promise<RedisServer> {
  const [server, persistence, time] = await Promise.all([
    master.info('server'),
    master.info('persistence'),
    master.time(),
  ]);
  const version = /^redis_version:(\S+)/m.exec(server)?.[1] ?? 'of unknown version';
  const [seconds = 0, microseconds = 0] = time.map(Number);
  return { version, isDurable: /^aof_enabled:1/m.test(persistence), timeMs: seconds * 1_000 + microseconds / 1_000 };
}
