// Somebody who is told of alerts: takes messages over HTTP on loopback, and remembers what came when under which key.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** `at`: when it began to come, milliseconds UTC. */
export type Message = { readonly at: number; readonly body: string };

export type Receiver = {
  readonly url: string;
  /** messages by idempotency key, one entry for each time that it came */
  readonly taken: ReadonlyMap<string, readonly Message[]>;
  stop(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const taken = new Map<string, Message[]>();
  const server = createServer((request, response) => void take(request, response, taken));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    taken,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function take(request: IncomingMessage, response: ServerResponse, taken: Map<string, Message[]>) {
  const at = Date.now();
  let body = '';
  for await (const chunk of request) body += chunk;
  const key = String(request.headers['webhook-id']);
  taken.set(key, [...(taken.get(key) ?? []), { at, body }]);
  response.end();
}
