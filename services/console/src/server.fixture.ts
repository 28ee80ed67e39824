// The console on a server of its own, as `local` puts it on the one port.
import { installHttp, serverOptions, type Tokens } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import fastify, { type FastifyInstance } from 'fastify';
import { configuration, logTime, partitions } from './company.fixture.ts';
import { type ConsoleDependencies, create, type DeadLetters } from './index.ts';

export const goodHealth = { live: () => true, ready: async () => [{ name: 'state', ok: true }] };
export const metrics = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  metrics: async () => 'gapwatch_up 1\n',
};

const noDeadLetters: DeadLetters = {
  async *read() {},
  replay: async () => ({ replayed: 0, refused: {}, unknown: [] }),
};

type Options = Partial<ConsoleDependencies> & { tokens?: Tokens | null; tls?: boolean; failures?: unknown[] };

export async function serve(state: StateStore, options: Options = {}): Promise<FastifyInstance> {
  const { tokens = null, tls = false, failures, ...dependencies } = options;
  const server = fastify(serverOptions({ tls }));
  installHttp(server, { tokens, tls, onFailure: (failure) => failures?.push(failure.error) });
  const service = create({
    state,
    partitions,
    configuration,
    health: goodHealth,
    metrics,
    version: '0.0.0',
    clock: { now: () => logTime },
    append: async () => [],
    deadLetters: noDeadLetters,
    ...dependencies,
  });
  await server.register(service.register);
  return server;
}
