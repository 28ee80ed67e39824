// A real Redis, alone or as a cluster of three: the one that a variable names, else a container, else the local program.
import { spawnSync } from 'node:child_process';
import { type Container, containerOf } from './containers.ts';
import { freePort, type Program, programOnPath, startProgram } from './programs.ts';

export type RedisPart = Container & { readonly urls: readonly string[] };

const durable = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'];

/** `words`: more settings of the server. null: there is no Redis here. */
export async function startRedis(words: readonly string[] = []): Promise<RedisPart | null> {
  const named = process.env.GAPWATCH_REDIS_URL;
  if (named) return { urls: named.split(','), kill: () => {}, restart: async () => {}, stop: async () => {} };
  const port = await freePort();
  const urls = [`redis://127.0.0.1:${port}`];
  const container = await containerOf('redis:7', port, 6_379, {}, ['redis-server', ...durable, ...words]);
  if (container !== null) return { ...container, urls };
  const program = await serverAt(port, words);
  return program === null ? null : { ...partOf([program]), urls };
}

/** Three masters without replicas, from the local program. null: there is none. */
export async function startRedisCluster(): Promise<RedisPart | null> {
  const ports = [await freePort(), await freePort(), await freePort()];
  const programs: Program[] = [];
  for (const port of ports) {
    const program = await serverAt(port, ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']);
    if (program === null) return null;
    programs.push(program);
  }
  const nodes = ports.map((port) => `127.0.0.1:${port}`);
  const made = spawnSync('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`the cluster cannot be made: ${made.stdout}${made.stderr}`);
  return { ...partOf(programs), urls: nodes.map((node) => `redis://${node}`) };
}

async function serverAt(port: number, words: readonly string[]): Promise<Program | null> {
  const command = programOnPath('redis-server');
  if (command === null) return null;
  const address = ['--bind', '127.0.0.1', '--port', String(port)];
  return startProgram({ command, port, words: (folder) => [...address, '--dir', folder, ...durable, ...words] });
}

function partOf(programs: readonly Program[]): Container {
  return {
    kill: (signal) => {
      for (const program of programs) program.kill(signal);
    },
    restart: async () => {
      await Promise.all(programs.map((program) => program.restart()));
    },
    stop: async () => {
      await Promise.all(programs.map((program) => program.stop()));
    },
  };
}
