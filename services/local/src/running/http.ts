// The one port of the process: the gateway takes, the console shows, the same gate stands before both.
import { create as createConsole, type DeadLetters, type HealthCheck, type SourceCounts } from '@gapwatch/console';
import type { Configuration, Output } from '@gapwatch/contracts';
import { createMapping, type SourceTypes } from '@gapwatch/core';
import { create as createGateway, type GatewaySource } from '@gapwatch/gateway';
import { type Clock, installHttp, type Logger, type Metrics, serverOptions, type Tokens } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import fastify, { type FastifyInstance } from 'fastify';
import { UsageError } from '../terminal/output.ts';
import { logFailures } from './failures.ts';
import { topicOf } from './topics.ts';
import { version } from './version.ts';

export type HttpOptions = {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly tokens: Tokens | null;
  readonly state: StateStore;
  readonly configuration: Configuration;
  readonly types: SourceTypes;
  readonly partitions: number;
  readonly append: (outputs: readonly Output[]) => Promise<unknown>;
  readonly deadLetters: DeadLetters;
  readonly sourceCounts: () => Promise<ReadonlyMap<string, SourceCounts>>;
  readonly health: { live: () => boolean; ready: () => Promise<readonly HealthCheck[]> };
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Listens; answers the server and its address. @throws UsageError where the port is taken */
export async function serve(options: HttpOptions): Promise<{ server: FastifyInstance; address: string }> {
  const { host, port, tokens, logger, metrics, clock, append } = options;
  const server = fastify(serverOptions());
  installHttp(server, { tokens, onFailure: logFailures(logger, clock) });
  const page = createConsole({ ...options, version });
  await server.register(page.register);
  const gateway = createGateway({
    append,
    clock,
    count: metrics.received,
    sources: gatewaySources(options),
  });
  await server.register(gateway);
  return { server, address: await listen(server, host, port) };
}

/** Answers the address. @throws UsageError where the port is taken */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(listenFault(error, host, port));
  });
  const { port: bound } = server.server.address() as { port: number };
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function listenFault({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `${host}:${port} is taken: stop what listens there, or choose another with --port (0 picks one)`;
  if (code === 'EACCES') return `${host}:${port} may not be bound by this user: choose a port above 1023 with --port`;
  return `${host}:${port} cannot be bound: ${message}`;
}

export function gatewaySources({
  configuration,
  types,
}: Pick<HttpOptions, 'configuration' | 'types'>): Map<string, GatewaySource> {
  return new Map(
    configuration.sources.map((source) => {
      const { id } = source;
      return [id, { id, topic: topicOf(source), mapping: createMapping(source, types) }];
    }),
  );
}
