// A connection to one Redis or to a Cluster: commands are never queued while it is away, and never wait for ever.
import { Cluster, type ClusterNode, Redis } from 'ioredis';
import { RedisRefused, toRedisFault } from './faults.ts';

export type RedisClient = Redis | Cluster;

const commandTimeoutMs = 5_000;
const mostWaitMs = 2_000;
const settings = {
  // a call that cannot be sent fails at once: whoever called decides how long to wait
  enableOfflineQueue: false,
  commandTimeout: commandTimeoutMs,
  connectTimeout: 3_000,
  // a connection on which nothing comes back is given up: behind a line that was cut it would stay dead for a quarter of an hour
  socketTimeout: commandTimeoutMs,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt: number) => Math.min(mostWaitMs, 50 * 2 ** Math.min(attempt, 6)),
} as const;

function nodeOf(url: string): ClusterNode {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 6_379) };
}

/** `urls`: one is a single Redis, several are nodes of a cluster (`redis://` or `rediss://`, with user and password). */
export function createClient(urls: readonly string[]): RedisClient {
  const [first = ''] = urls;
  const client =
    urls.length > 1 ? createCluster(urls, new URL(first)) : new Redis(first, { ...settings, lazyConnect: true });
  // an event that nobody hears would end the process
  client.on('error', (error) => troubles.set(client, error));
  for (const event of ['ready', 'refresh']) client.on(event, () => troubles.delete(client));
  return client;
}

/** Why a client is without its connection, as it said last. */
const troubles = new WeakMap<RedisClient, Error & { readonly lastNodeError?: Error }>();

/** Runs calls of a client with their faults named. @throws RedisAway, RedisRefused */
export async function named<T>(client: RedisClient, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const trouble = troubles.get(client);
    // a cluster says that nobody answered, and of its last node why
    throw toRedisFault(error, trouble?.lastNodeError ?? trouble);
  }
}

function createCluster(urls: readonly string[], { protocol, username, password }: URL): Cluster {
  return new Cluster(urls.map(nodeOf), {
    lazyConnect: true,
    enableOfflineQueue: false,
    // the client would connect to the address behind a name, for which no certificate holds
    dnsLookup: (name, callback) => callback(null, name),
    clusterRetryStrategy: settings.retryStrategy,
    redisOptions: {
      ...settings,
      ...(protocol === 'rediss:' && { tls: {} }),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
    },
  });
}

/** The servers that hold data. */
export function mastersOf(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}

const connecting = new WeakMap<RedisClient, Promise<void>>();

/** Resolves when commands can be sent. @throws RedisAway, or RedisRefused for a Redis that may throw keys away */
export async function ready(client: RedisClient): Promise<void> {
  if (client.status === 'ready' && !connecting.has(client)) return;
  const known = connecting.get(client) ?? open(client).finally(() => connecting.delete(client));
  connecting.set(client, known);
  await known;
}

const openWithinMs = 5_000;

async function open(client: RedisClient): Promise<void> {
  await named(client, async () => {
    if (client.status === 'wait' || client.status === 'end') await within(openWithinMs, client.connect());
    for (const master of mastersOf(client)) await checkKeepsAll(master);
  });
}

/** The client goes on trying by itself; whoever calls is told in time that it has not succeeded yet. */
async function within(limitMs: number, connecting: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error('Connection is closed: it could not be opened in time')),
    limitMs,
  );
  connecting.catch(() => {});
  await Promise.race([connecting, late.promise]).finally(() => clearTimeout(timer));
}

/** An evicting Redis would drop parts of a state that the position says are there. */
async function checkKeepsAll(master: Redis): Promise<void> {
  const info = await master.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return;
  throw new RedisRefused(
    `Redis has maxmemory-policy ${policy}, which throws keys away when memory is short: set it to noeviction`,
  );
}
