// The console: API, health, metrics and the page, over the state that the aggregator and the detector keep.
// Delivery: it reads, and writes nothing but what people do: a 202 means that the log has it.
// Back pressure: each answer is bounded; 503 with Retry-After while the log takes nothing.
import { fileURLToPath } from 'node:url';
import type { Configuration, Output } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { parseBody } from './body.ts';
import { commandRoutes } from './commands.ts';
import { type DeadLetters, deadLetterRoutes } from './dead-letters.ts';
import { answerLive, answerReady, type Health } from './health.ts';
import { noteRoutes } from './notes.ts';
import { type JsonObject, openApiOf } from './openapi.ts';
import { servePage } from './page.ts';
import { parseQuery } from './query.ts';
import { type GetRoute, type PostRoute, type Route, routesOf } from './routes.ts';
import { healthSchema, noQuery, readyQuery } from './schemas.ts';
import type { SourceCounts } from './sources.ts';
import { StateReader } from './state.ts';

export type * from './concerned.ts';
export { customersCsv, readCustomers } from './customers.ts';
export type { DeadLetters, Filter, ReplayCounts, ReplayRequest, ShownLetter } from './dead-letters.ts';
export type { Health, HealthCheck } from './health.ts';
export type * from './schemas.ts';
export { apartHint, type SourceCounts } from './sources.ts';
export { StateReader } from './state.ts';

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
  readonly clock: Clock;
  /** resolves when the log has what people did, all or nothing */
  readonly append: (outputs: readonly Output[]) => Promise<unknown>;
  readonly deadLetters: DeadLetters;
  readonly sourceCounts?: () => Promise<ReadonlyMap<string, SourceCounts>>;
  /** OpenAPI path items of what else answers on this port */
  readonly otherPaths?: JsonObject;
  /** where the built page lies; by default beside this service */
  readonly pageDirectory?: string;
};

/** `register` is a plugin for a server on which `installHttp` was called. It holds nothing that must be stopped. */
export type Console = { readonly register: (server: FastifyInstance) => Promise<void> };

export function create(dependencies: ConsoleDependencies): Console {
  const reader = new StateReader(dependencies.state, dependencies.partitions);
  const facts = { ...dependencies, reader };
  const routes = [
    ...routesOf(facts),
    ...commandRoutes(facts),
    ...noteRoutes(facts),
    ...deadLetterRoutes(dependencies.deadLetters),
  ];
  const all = [...routes, ...healthRoutes(dependencies.health)];
  const openApi = JSON.stringify(openApiOf(all, dependencies.version, dependencies.otherPaths ?? {}));
  const directory = dependencies.pageDirectory ?? fileURLToPath(new URL('../dist/', import.meta.url));
  const register = async (server: FastifyInstance) => {
    // what a form of another site could send is no JSON
    server.removeContentTypeParser('text/plain');
    for (const route of routes) addRoute(server, route);
    addText(server, '/openapi.json', 'application/json; charset=utf-8', async () => openApi);
    await createHealth(dependencies.health, dependencies.metrics)(server);
    await servePage(server, directory);
  };
  return { register };
}

/** Liveness, readiness and metrics, for a process that answers nothing else. */
export function createHealth(health: Health, metrics: Metrics): (server: FastifyInstance) => Promise<void> {
  return async (server) => {
    for (const route of healthRoutes(health)) addRoute(server, route);
    addText(server, '/metrics', metrics.contentType, () => metrics.metrics());
  };
}

function healthRoutes(health: Health): GetRoute[] {
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

function addRoute(server: FastifyInstance, route: Route): void {
  if ('body' in route) addPost(server, route);
  else addGet(server, route);
}

function addPost(server: FastifyInstance, { url, access, body, answer }: PostRoute): void {
  server.post<{ Params: { id?: string } }>(url, { config: { access } }, async (request, reply) => {
    const { bearer, params } = request;
    const who = { id: params.id ?? '', by: bearer === null ? 'local' : (bearer.name ?? bearer.role) };
    const answered = await answer(parseBody(body, request.body) as never, who);
    return reply.code(202).header('cache-control', 'no-store').send(answered);
  });
}

function addGet(server: FastifyInstance, { url, access, query, answer, csv }: GetRoute): void {
  server.get<{ Params: { id?: string } }>(url, { config: { access } }, async (request, reply) => {
    const asked: { format?: string } = parseQuery(query, request.query);
    const body = await answer(asked as never, request.params.id ?? '');
    if (csv !== undefined && (asked.format ?? formatOf(request.headers.accept)) === 'csv') {
      return sendCsv(reply, csv(body), asked, (body as { next: string | null }).next);
    }
    return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify(body));
  });
}

function formatOf(accept = ''): 'csv' | 'json' {
  return /^text\/csv\b/i.test(accept) ? 'csv' : 'json';
}

/** A table has no place for the cursor of the next page: it stands in a header (RFC 8288). */
function sendCsv(reply: FastifyReply, table: string, asked: object, next: string | null): FastifyReply {
  reply.header('cache-control', 'no-store').type('text/csv; charset=utf-8');
  if (next !== null) {
    const query = new URLSearchParams({ ...asked, format: 'csv', cursor: next });
    reply.header('link', `<?${query}>; rel="next"`);
  }
  return reply.send(table);
}

function addText(server: FastifyInstance, url: string, type: string, text: () => Promise<string>): void {
  server.get(url, { config: { access: 'open' } }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(type)
      .send(await text()),
  );
}
