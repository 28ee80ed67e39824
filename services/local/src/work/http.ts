// The port of a worker: health and metrics always; the gateway, and the API with its page, where they are asked for.
import { create as createConsole, createHealth, type Health } from '@gapwatch/console';
import type { Output } from '@gapwatch/contracts';
import { create as createGateway } from '@gapwatch/gateway';
import { type Clock, installHttp, type Logger, type Metrics, serverOptions, type Tokens } from '@gapwatch/runtime';
import type { Log } from '@gapwatch/transport';
import fastify, { type FastifyInstance } from 'fastify';
import { deadLettersOf } from '../dead-letters/serve.ts';
import { logFailures } from '../running/failures.ts';
import { gatewaySources, listen } from '../running/http.ts';
import { sourceCounts } from '../running/sources.ts';
import { version } from '../running/version.ts';
import type { Settled } from '../settings/configuration.ts';
import type { Parts } from './parts.ts';
import type { Role } from './roles.ts';

export type PortOptions = {
  readonly host: string;
  readonly port: number;
  readonly tokens: Tokens | null;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
};

type Server = { readonly server: FastifyInstance; readonly address: string };

/** Health and metrics alone: nothing here needs a token, and nothing else is to be had. */
export async function serveHealth(options: PortOptions): Promise<Server> {
  const { host, port, health, metrics } = options;
  const server = newServer({ ...options, tokens: { current: () => [] } });
  await server.register(createHealth(health, metrics));
  return { server, address: await listen(server, host, port) };
}

export type AnsweringOptions = PortOptions & {
  readonly parts: Pick<Parts, 'state'> & { readonly log: Log };
  readonly settled: Settled;
  readonly partitions: number;
};

/** The gateway, the console, or both. */
export async function serveRoles(wanted: ReadonlySet<Role>, options: AnsweringOptions): Promise<Server> {
  const { host, port, health, metrics, parts, settled, clock } = options;
  const { configuration } = settled;
  const { log, state } = parts;
  const append = (outputs: readonly Output[]) => log.append(outputs);
  const server = newServer(options);
  if (wanted.has('console')) {
    const deadLetters = deadLettersOf({ log, state, configuration, clock });
    const counts = () => sourceCounts(parts, configuration);
    const page = createConsole({
      ...options,
      state,
      configuration,
      append,
      deadLetters,
      sourceCounts: counts,
      version,
    });
    await server.register(page.register);
  } else await server.register(createHealth(health, metrics));
  if (wanted.has('gateway')) {
    const sources = gatewaySources({ configuration, types: settled.sourcing.types });
    await server.register(createGateway({ append, clock, count: metrics.received, sources }));
  }
  return { server, address: await listen(server, host, port) };
}

function newServer({ tokens, logger, clock }: PortOptions): FastifyInstance {
  const server = fastify(serverOptions());
  installHttp(server, { tokens, onFailure: logFailures(logger, clock) });
  return server;
}
