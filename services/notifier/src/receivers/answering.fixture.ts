// A receiver's other side, on loopback: answers as it is told and keeps what it was sent.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

export type Answering = {
  /** http, on loopback, without a path */
  readonly address: string;
  readonly received: Received[];
  /** how the next requests are answered */
  answer: (response: ServerResponse) => void;
};

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Answers 204 until it is told otherwise; ends with the test. */
export async function startAnswering(): Promise<Answering> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      answering.answer(response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stops.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const answering: Answering = {
    address: `http://127.0.0.1:${port}`,
    received,
    answer: (response) => response.writeHead(204).end(),
  };
  return answering;
}
