// The one HTTP port: limits, ids, headers, the gate and problem documents, for whatever is registered on it.
// Back pressure: a slow or large request is cut off here, before a handler sees it.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { checkRequest, type Gate } from './auth.ts';
import { securityHeaders } from './headers.ts';
import { Problem, problemDocument, problemOf, sendProblem } from './problem.ts';

export type HttpSettings = Gate & {
  /** browsers reach the port by https, through a proxy */
  readonly tls?: boolean;
  /** told of every answer from 500 on, with the cause */
  readonly onFailure?: (failure: { readonly id: string; readonly error: unknown; readonly url: string }) => void;
};

export const httpLimits = {
  bodyBytes: 1_048_576,
  parameterCharacters: 512,
  /** a request, header and body, must have arrived after this time */
  requestMs: 30_000,
  keepAliveMs: 65_000,
} as const;

/** Options for `fastify(…)`. Ids are ours: those that a client sends are not believed. */
export function serverOptions({ tls = false }: { readonly tls?: boolean } = {}) {
  return {
    // a broken address meets no hook, so that the headers must be set here
    frameworkErrors: (error, request, reply) => {
      sendProblem(problemOf(error), request, reply.headers(securityHeaders(tls)));
    },
    bodyLimit: httpLimits.bodyBytes,
    requestTimeout: httpLimits.requestMs,
    keepAliveTimeout: httpLimits.keepAliveMs,
    routerOptions: { maxParamLength: httpLimits.parameterCharacters, ignoreTrailingSlash: false },
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: true,
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => answerBrokenRequest(error, socket),
  } satisfies FastifyServerOptions;
}

const brokenStatus: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
const statusLines: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** What is no HTTP at all never becomes a request; it gets an answer of the same form. */
function answerBrokenRequest({ code = '' }: { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const status = brokenStatus[code] ?? 400;
  const problem =
    status === 431 ? new Problem(431, 'header', 'Send fewer or shorter headers.') : problemOf({ statusCode: status });
  const body = JSON.stringify(problemDocument(problem, randomUUID()));
  const headers = { ...securityHeaders(false), 'content-type': 'application/problem+json; charset=utf-8' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${statusLines[status]}`, ...lines, `content-length: ${Buffer.byteLength(body)}`];
  socket.end(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`);
}

/** Puts headers, the gate and problem documents on a server, before any route is registered. */
export function installHttp(server: FastifyInstance, settings: HttpSettings): void {
  const headers = securityHeaders(settings.tls ?? false);
  const known = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one);
    known.set(url, methods);
  });
  server.decorateRequest('bearer', null);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    request.bearer = checkRequest(request, settings);
  });
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) settings.onFailure?.({ id: request.id, error, url: request.url });
    return sendProblem(problem, request, reply);
  });
  server.setNotFoundHandler((request, reply) => sendProblem(notFound(request.url, known), request, reply));
}

function notFound(url: string, known: ReadonlyMap<string, ReadonlySet<string>>): Problem {
  const methods = allowedMethods(url, known);
  if (methods.length === 0) return new Problem(404, 'no-route', 'There is nothing at this address; see /openapi.json.');
  const allow = methods.join(', ');
  return new Problem(405, 'method', `This address answers to ${allow}.`, { headers: { allow } });
}

/** Methods of the route that has this address under some other method. */
function allowedMethods(url: string, known: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path = url.split('?', 1)[0]?.split('/') ?? [];
  const isMatch = (pattern: string) => {
    const parts = pattern.split('/');
    return parts.length === path.length && parts.every((part, index) => part.startsWith(':') || part === path[index]);
  };
  const found = [...known].filter(([pattern]) => isMatch(pattern)).flatMap(([, methods]) => [...methods]);
  return [...new Set(found)].sort();
}
