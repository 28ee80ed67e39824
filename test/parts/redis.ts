// A real Redis, alone or as a cluster of three masters, with replicas or without: the one that a variable names, else a container, else the local program.
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Container, containerOf } from './containers.ts';
import { freePort, type Program, programOnPath, startProgram } from './programs.ts';
import { needs, partOf } from './required.ts';

export type RedisPart = Container & { readonly urls: readonly string[] };

const durable = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'];

const remedy = 'set GAPWATCH_REDIS_URL, start Docker, or install redis-server';

/** Names a suite that needs Redis. */
export const withRedis = (what: string) => needs(what, 'Redis', remedy);

/** `words`: more settings of the server. null: there is no Redis here, and none is required. */
export function startRedis(words: readonly string[] = []): Promise<RedisPart | null> {
  return partOf('Redis', remedy, () => findRedis(words));
}

/** Three masters without replicas, from the local program. null: there is none, and none is required. */
export const startRedisCluster = (): Promise<RedisPart | null> =>
  partOf('redis-server', remedy, async () => {
    const nodes = await makeCluster(3, 0);
    return nodes && { ...allOf(nodes), urls: nodes.flatMap(({ urls }) => urls) };
  });

/** Three masters with a replica each, from the local program; each of the six can be killed alone. null: as above. */
export const startRedisNodes = (): Promise<readonly RedisPart[] | null> =>
  partOf('redis-server', remedy, () => makeCluster(6, 1));

async function findRedis(words: readonly string[]): Promise<RedisPart | null> {
  const named = process.env.GAPWATCH_REDIS_URL;
  if (named) return { urls: named.split(','), kill: () => {}, restart: async () => {}, stop: async () => {} };
  const port = await freePort();
  const urls = [`redis://127.0.0.1:${port}`];
  const container = await containerOf('redis:7', port, 6_379, {}, ['redis-server', ...durable, ...words]);
  if (container !== null) return { ...container, urls };
  const program = await serverAt(port, words);
  return program === null ? null : { ...allOf([program]), urls };
}

async function makeCluster(size: number, replicas: number): Promise<readonly RedisPart[] | null> {
  const nodes: RedisPart[] = [];
  const addresses: string[] = [];
  for (let count = 0; count < size; count += 1) {
    const port = await freePort();
    const program = await serverAt(port, ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']);
    if (program === null) return null;
    nodes.push({ ...allOf([program]), urls: [`redis://127.0.0.1:${port}`] });
    addresses.push(`127.0.0.1:${port}`);
  }
  const words = ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'];
  const made = spawnSync('redis-cli', words, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`the cluster cannot be made: ${made.stdout}${made.stderr}`);
  // each node learns of the others by gossip, a moment after the cluster was made
  for (const { urls } of nodes) while (!knowsCluster(urls[0]!, size)) await pause(50);
  return nodes;
}

function knowsCluster(url: string, size: number): boolean {
  const { stdout } = spawnSync('redis-cli', ['-u', url, 'cluster', 'info'], { encoding: 'utf8' });
  return new RegExp(`cluster_state:ok[\\s\\S]*cluster_known_nodes:${size}\\b`).test(stdout);
}

async function serverAt(port: number, words: readonly string[]): Promise<Program | null> {
  const command = programOnPath('redis-server');
  if (command === null) return null;
  const address = ['--bind', '127.0.0.1', '--port', String(port)];
  return startProgram({ command, port, words: (folder) => [...address, '--dir', folder, ...durable, ...words] });
}

function allOf(programs: readonly (Program | Container)[]): Container {
  return {
    kill: (signal) => {
      for (const program of programs) program.kill(signal);
    },
    restart: async (awayMs) => {
      await Promise.all(programs.map((program) => program.restart(awayMs)));
    },
    stop: async () => {
      await Promise.all(programs.map((program) => program.stop()));
    },
  };
}
