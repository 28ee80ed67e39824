// Requests and events a second that the gateway takes, against fastify with a handler that does nothing but hold the body:
// `npm run bench:gateway`. Each server is a process of its own; the log is in memory, so that nothing but the gateway is
// measured. Medians of five.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import fastify from 'fastify';
import { Pool } from 'undici';
import { configurationSchema } from '../../packages/contracts/src/index.ts';
import { createLogger, createMetrics, systemClock } from '../../packages/runtime/src/index.ts';
import { openMemoryState } from '../../packages/storage/src/index.ts';
import { openMemoryLog } from '../../packages/transport/src/index.ts';
import { prepareTopics } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { serveRoles } from '../../services/local/src/work/http.ts';
import { printTable, quantile } from './table.ts';

const runs = 5;
const connections = 16;
const path = '/v1/sources/canonical/events';
const host = '127.0.0.1';
const loads = [
  { name: 'one event a request', events: 1, requests: 20_000 },
  { name: 'a hundred', events: 100, requests: 1_000 },
];
type Load = (typeof loads)[number];

async function serveOurs(): Promise<string> {
  const configuration = configurationSchema.parse({});
  const [log, state] = [openMemoryLog({ clock: systemClock }), openMemoryState()];
  const partitions = await prepareTopics(log, configuration, null);
  const health = { live: () => true, ready: async () => [] };
  const { address } = await serveRoles(new Set(['gateway']), {
    host,
    port: 0,
    tokens: null,
    health,
    metrics: createMetrics(() => []),
    logger: createLogger('silent'),
    parts: { log, state },
    settled: settle(configuration, null),
    partitions,
    clock: systemClock,
  });
  return address;
}

async function serveNothing(): Promise<string> {
  const server = fastify();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  server.post(path, async (_, reply) => reply.code(202).send({ accepted: 0, repeated: 0, rejected: [] }));
  return server.listen({ host, port: 0 });
}

const servers = { gateway: serveOurs, nothing: serveNothing };
type Name = keyof typeof servers;

/** Each body is another, as those of the world are. */
function bodyOf({ events }: Load, request: number): string {
  const lines = Array.from({ length: events }, (_, index) => {
    const subject = `review:${request}:${index}`;
    const rating = { value: 1 + (index % 5), min: 1, max: 5 };
    const occurredAt = '2026-03-05T10:00:00Z';
    const text = 'Still waiting for the parcel that should have come on Monday; nobody answers.';
    return JSON.stringify({
      kind: 'review',
      subject,
      customer: `c${index}`,
      occurredAt,
      stage: 'delivery',
      text,
      rating,
    });
  });
  return lines.join('\n');
}

async function requestsPerSecond(address: string, load: Load, run: number): Promise<number> {
  const bodies = Array.from({ length: load.requests }, (_, index) => bodyOf(load, run * load.requests + index));
  const pool = new Pool(address, { connections });
  const headers = { 'content-type': 'application/x-ndjson' };
  const sendAll = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      const answer = await pool.request({ method: 'POST', path, headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 202) throw new Error(`answered ${answer.statusCode}`);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: connections }, sendAll));
  const rate = (1_000 * load.requests) / (performance.now() - begun);
  await pool.close();
  return rate;
}

/** A server as a process, for as long as the work with it lasts. */
async function withServer<T>(name: Name, work: (address: string) => Promise<T>): Promise<T> {
  const words = ['--no-warnings', import.meta.filename, name];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [address] = await once(createInterface({ input: child.stdout }), 'line');
    return await work(address);
  } finally {
    child.kill();
  }
}

async function row(load: Load) {
  const rates = { gateway: [] as number[], nothing: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    for (const name of ['nothing', 'gateway'] as const) {
      rates[name].push(await withServer(name, (address) => requestsPerSecond(address, load, run)));
    }
  }
  const [ours, floor] = [quantile(rates.gateway, 0.5), quantile(rates.nothing, 0.5)];
  return {
    load: load.name,
    'empty handler, requests/s': Math.round(floor),
    'gateway, requests/s': Math.round(ours),
    'events/s': Math.round(ours * load.events),
    'of empty': (ours / floor).toFixed(2),
  };
}

const [asked] = process.argv.slice(2);
if (asked === undefined) {
  const rows = [];
  for (const load of loads) rows.push(await row(load));
  printTable(`the gateway, ${connections} connections`, rows);
} else console.log(await servers[asked as Name]());
