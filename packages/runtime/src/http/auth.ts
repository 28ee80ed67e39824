// Who may do what over HTTP. A route names what it needs in `config.access`; one that names nothing is for `admin` only.
// Without tokens, on loopback, programs of this machine are let in, but no foreign page: neither by a name that
// resolves here (421) nor by a request across sites (403).
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';
import { findToken, mayAct, type Role, type Token, type Tokens } from './tokens.ts';

/** `open`: no token is asked; `signature`: the handler itself checks whoever sends. Else the role. */
export type Access = 'open' | 'signature' | Role;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** whose request it is; null where no token was asked for */
    bearer: Token | null;
  }
}

/** `tokens` null: none are configured, which is allowed on loopback only. */
export type Gate = { readonly tokens: Tokens | null };

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** @throws RangeError naming the setting, where strangers could reach a port without tokens */
export function checkBinding(host: string, tokens: Tokens | null): void {
  if (tokens !== null || isLoopback(host)) return;
  throw new RangeError(
    `GAPWATCH_HTTP_HOST is ${host}, which others can reach: set GAPWATCH_TOKENS or GAPWATCH_TOKENS_FILE, or bind 127.0.0.1`,
  );
}

/** @throws Problem 421 or 403 for what a foreign page makes a browser send */
function refuseForeignPages({ method, headers }: FastifyRequest): void {
  const host = headers.host ?? '';
  const name = host.replace(/:\d*$/, '').toLowerCase();
  if (!isLoopback(name)) {
    throw new Problem(421, 'foreign-host', 'Without tokens this port answers to 127.0.0.1 and localhost only.');
  }
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw new Problem(403, 'foreign-origin', 'Without tokens no page of another origin is answered.');
  }
  const site = headers['sec-fetch-site'];
  const isSafe = method === 'GET' || method === 'HEAD';
  if (!isSafe && (site === 'cross-site' || site === 'same-site')) {
    throw new Problem(403, 'cross-site', 'Without tokens nothing is taken from a page of another site.');
  }
}

const unauthorized = { headers: { 'www-authenticate': 'Bearer realm="gapwatch"' } };

function bearerOf(request: FastifyRequest): string | null {
  return /^bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/**
 * Whose request it is: the token that was presented, or null where no tokens are configured.
 * @throws Problem 401 without a right token, 403 where the token's role does not reach
 */
export function authorize(request: FastifyRequest, needed: Role, { tokens }: Gate): Token | null {
  if (tokens === null) return null;
  const presented = bearerOf(request);
  if (presented === null) {
    throw new Problem(401, 'no-token', 'Send the header `Authorization: Bearer TOKEN`.', unauthorized);
  }
  const token = findToken(presented, tokens.current());
  if (token === null) throw new Problem(401, 'wrong-token', 'This token is not known here.', unauthorized);
  if (!mayAct(token.role, needed)) {
    throw new Problem(403, 'role', `This needs the role ${needed}; the token has ${token.role}.`);
  }
  return token;
}

/** Whose request it is. @throws Problem where it may not go on to its handler */
export function checkRequest(request: FastifyRequest, gate: Gate): Token | null {
  if (gate.tokens === null) refuseForeignPages(request);
  const access = accessOf(request);
  return access === 'open' || access === 'signature' ? null : authorize(request, access, gate);
}

/** Outside `/v1` an address that is no route is simply not found; inside, strangers do not learn what exists. */
function accessOf(request: FastifyRequest): Access {
  const { config } = request.routeOptions;
  if (!request.is404) return config.access ?? 'admin';
  return request.url.startsWith('/v1/') ? 'read' : 'open';
}
