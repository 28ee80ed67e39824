// The gateway: what the world posts into `raw.<source>`, as it came. A payload is acknowledged when the log has it.
// Back pressure: 413 and 415 for what cannot be taken, 503 with Retry-After while the log cannot take anything.
import { hash } from 'node:crypto';
import { limits, type Output, readJson } from '@gapwatch/contracts';
import type { Mapping } from '@gapwatch/core';
import { type Clock, Problem } from '@gapwatch/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Item, type ItemFault, itemsOf } from './items.ts';
import { Recent } from './recent.ts';

/** A source that may be posted to: where its payloads go, and its mapping, which says early what cannot be taken. */
export type GatewaySource = { readonly id: string; readonly topic: string; readonly mapping: Mapping };

export type GatewayDependencies = {
  readonly append: (outputs: readonly Output[]) => Promise<unknown>;
  readonly sources: ReadonlyMap<string, GatewaySource>;
  readonly clock: Clock;
  /** counts what was accepted, repeated and rejected */
  readonly count: (sourceId: string, outcome: 'accepted' | 'repeated' | 'rejected', items: number) => void;
};

export type PostAnswer = { accepted: number; repeated: number; rejected: ItemFault[] };

/** Contents that were acknowledged lately: a redelivery is answered as such and not written again. */
const rememberedContents = 50_000;
const retryAfterSeconds = 5;

/** The routes of the gateway, to be registered on a fastify instance whose hooks check who may post. */
export function create(dependencies: GatewayDependencies): (app: FastifyInstance) => Promise<void> {
  const recent = new Recent(rememberedContents);
  return async (app) => {
    app.removeAllContentTypeParsers();
    for (const type of [
      'application/json',
      'application/x-ndjson',
      'application/ndjson',
      /^application\/[a-z.-]+\+json/,
    ]) {
      app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: limits.recordBytes }, (_, body, done) =>
        done(null, body),
      );
    }
    app.post<{ Params: { id: string } }>('/v1/sources/:id/events', { config: { access: 'ingest' } }, (request, reply) =>
      take(request, reply, dependencies, recent),
    );
  };
}

async function take(
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  dependencies: GatewayDependencies,
  recent: Recent,
): Promise<FastifyReply> {
  const { sources } = dependencies;
  const source = sources.get(request.params.id);
  if (source === undefined) {
    throw new Problem(
      404,
      'no-source',
      `There is no source of this name; there are ${[...sources.keys()].join(', ')}.`,
    );
  }
  const isLines = request.headers['content-type']?.includes('ndjson') ?? false;
  const items = itemsOf(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), isLines);
  if ('fault' in items) throw new Problem(400, items.fault.code, items.fault.message);
  return answer(items.items, source, reply, dependencies, recent);
}

async function answer(
  items: readonly Item[],
  source: GatewaySource,
  reply: FastifyReply,
  dependencies: GatewayDependencies,
  recent: Recent,
): Promise<FastifyReply> {
  const { append, clock, count } = dependencies;
  const sorted = sort(items, source, clock.now(), recent);
  try {
    if (sorted.outputs.length > 0) await append(sorted.outputs);
  } catch (cause) {
    const detail = 'The log cannot take anything at the moment: nothing of this was kept, send it again.';
    throw new Problem(503, 'not-accepted', detail, { headers: { 'retry-after': String(retryAfterSeconds) }, cause });
  }
  for (const content of sorted.contents) recent.add(content);
  count(source.id, 'accepted', sorted.outputs.length);
  count(source.id, 'repeated', sorted.repeated);
  count(source.id, 'rejected', sorted.rejected.length);
  const body: PostAnswer = { accepted: sorted.outputs.length, repeated: sorted.repeated, rejected: sorted.rejected };
  return reply.code(202).send(body);
}

type Sorted = { outputs: Output[]; contents: string[]; repeated: number; rejected: ItemFault[] };

/** Tells apart what goes into the log, what it has already, and what no source could read. */
function sort(items: readonly Item[], source: GatewaySource, now: number, recent: Recent): Sorted {
  const sorted: Sorted = { outputs: [], contents: [], repeated: 0, rejected: [] };
  const here = new Set<string>();
  for (const item of items) {
    const fault = 'fault' in item ? item.fault : faultOf(item.bytes, source, now);
    if (fault !== null) {
      sorted.rejected.push({ index: item.index, ...fault });
      continue;
    }
    const { bytes } = item as Extract<Item, { bytes: Uint8Array }>;
    const content = `${source.id} ${hash('sha256', bytes)}`;
    if (recent.has(content) || here.has(content)) {
      sorted.repeated += 1;
      continue;
    }
    here.add(content);
    sorted.contents.push(content);
    sorted.outputs.push({ topic: source.topic, key: null, value: bytes, headers: {} });
  }
  return sorted;
}

/** What the source's mapping says against a payload; null where it can be taken. */
function faultOf(bytes: Uint8Array, source: GatewaySource, now: number): { code: string; message: string } | null {
  const { fault } = readJson(bytes);
  if (fault !== undefined) return fault;
  const outcomes = source.mapping({ value: bytes, headers: {} }, { sourceId: source.id, receivedAt: now });
  const rejected = outcomes.find((outcome) => outcome.kind === 'reject');
  return rejected === undefined ? null : { code: rejected.code, message: rejected.message };
}
