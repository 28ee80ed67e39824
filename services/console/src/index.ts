// The console: API, health, metrics and the page, over the state that the aggregator and the detector keep.
// Delivery: it reads, and writes nothing. Back pressure: each answer is bounded; the limits of the port do the rest.
import { fileURLToPath } from 'node:url';
import type { Configuration } from '@gapwatch/contracts';
import type { StateStore } from '@gapwatch/storage';
import type { FastifyInstance } from 'fastify';
import { answerLive, answerReady, type Health } from './health.ts';
import { type JsonObject, openApiOf } from './openapi.ts';
import { servePage } from './page.ts';
import { parseQuery } from './query.ts';
import { type Route, routesOf, type SourceCounts } from './routes.ts';
import { healthSchema, noQuery, readyQuery } from './schemas.ts';
import { StateReader } from './state.ts';

export type { Health, HealthCheck } from './health.ts';
export type { SourceCounts } from './routes.ts';
export type * from './schemas.ts';

/** A registry of prom-client, as far as it is needed here. */
export type Metrics = { readonly contentType: string; metrics(): Promise<string> };

export type ConsoleDependencies = {
  readonly state: StateStore;
  /** of the topic `signals` */
  readonly partitions: number;
  readonly configuration: Configuration;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly version: string;
  readonly sourceCounts?: () => ReadonlyMap<string, SourceCounts>;
  /** OpenAPI path items of what else answers on this port */
  readonly otherPaths?: JsonObject;
  /** where the built page lies; by default beside this service */
  readonly pageDirectory?: string;
};

/** `register` is a plugin for a server on which `installHttp` was called. It holds nothing that must be stopped. */
export type Console = { readonly register: (server: FastifyInstance) => Promise<void> };

export function create(dependencies: ConsoleDependencies): Console {
  const reader = new StateReader(dependencies.state, dependencies.partitions);
  const routes = [...routesOf({ ...dependencies, reader }), ...healthRoutes(dependencies.health)];
  const openApi = JSON.stringify(openApiOf(routes, dependencies.version, dependencies.otherPaths ?? {}));
  const directory = dependencies.pageDirectory ?? fileURLToPath(new URL('../dist/', import.meta.url));
  const register = async (server: FastifyInstance) => {
    for (const route of routes) addRoute(server, route);
    addText(server, '/openapi.json', 'application/json; charset=utf-8', async () => openApi);
    addText(server, '/metrics', dependencies.metrics.contentType, () => dependencies.metrics.metrics());
    await servePage(server, directory);
  };
  return { register };
}

function healthRoutes(health: Health): Route[] {
  const common = { access: 'open', response: healthSchema, problems: [400, 503] } as const;
  return [
    {
      ...common,
      url: '/livez',
      summary: 'The process makes progress',
      query: noQuery,
      answer: async () => answerLive(health),
    },
    {
      ...common,
      url: '/readyz',
      summary: 'Everything it needs is there',
      query: readyQuery,
      answer: async (query: { verbose?: string }) => answerReady(health, query.verbose !== undefined),
    },
  ];
}

function addRoute(server: FastifyInstance, { url, access, query, answer }: Route): void {
  server.get<{ Params: { id?: string } }>(url, { config: { access } }, async (request, reply) => {
    const body = await answer(parseQuery(query, request.query) as never, request.params.id ?? '');
    return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify(body));
  });
}

function addText(server: FastifyInstance, url: string, type: string, text: () => Promise<string>): void {
  server.get(url, { config: { access: 'open' } }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(type)
      .send(await text()),
  );
}
