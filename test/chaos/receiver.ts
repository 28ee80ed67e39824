// Somebody who is told of alerts: takes messages over HTTP on loopback, now and then fails or answers too late, and
// remembers what came under which key.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Receiver = {
  readonly url: string;
  /** contents by idempotency key, one entry for each time that it came */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  /** answers 503 to each message with this probability, after it has taken note of it or before */
  trouble: number;
  stop(): Promise<void>;
};

export async function startReceiver(random: () => number = Math.random): Promise<Receiver> {
  const taken = new Map<string, string[]>();
  const receiver = { taken, trouble: 0 };
  const server = createServer(
    (request, response) => void take(request, response, taken, () => random() < receiver.trouble),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}/alerts`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  taken: Map<string, string[]>,
  fails: () => boolean,
) {
  const isLost = fails();
  let body = '';
  for await (const chunk of request) body += chunk;
  const key = String(request.headers['webhook-id']);
  if (!isLost) taken.set(key, [...(taken.get(key) ?? []), body]);
  response.statusCode = isLost || fails() ? 503 : 200;
  response.end();
}
