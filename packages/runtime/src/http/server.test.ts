import { type AddressInfo, connect } from 'node:net';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { installHttp, serverOptions } from './server.ts';

/** Sends bytes and gives what came back until the other side hung up. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

async function listening() {
  const server = fastify(serverOptions());
  installHttp(server, { tokens: null });
  server.post('/v1/echo', { config: { access: 'open' } }, async (request) => request.body);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  return { server, port };
}

describe('the port', () => {
  it('answers what is no HTTP, and a header that is too large, with a problem document', async () => {
    const { server, port } = await listening();
    const broken = await exchange(port, 'HELLO\r\n\r\n');
    expect(broken).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s);
    expect(broken).toContain("default-src 'none'");
    const large = await exchange(port, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    await server.close();
  });

  const bodies: [string, string, string, number][] = [
    ['one byte more than a mebibyte', 'application/json', `"${'x'.repeat(1_048_575)}"`, 413],
    ['broken JSON', 'application/json', '{', 400],
    ['a prototype', 'application/json', '{"__proto__":{"x":1}}', 400],
    ['another media type', 'image/png', 'x', 415],
    ['a good one', 'application/json', '{"a":1}', 200],
  ];
  it.each(bodies)('takes or refuses a body: %s', async (_, type, payload, status) => {
    const server = fastify(serverOptions());
    installHttp(server, { tokens: null });
    server.post('/v1/echo', { config: { access: 'open' } }, async (request) => request.body);
    const response = await server.inject({
      method: 'POST',
      url: '/v1/echo',
      headers: { host: 'localhost', 'content-type': type },
      payload,
    });
    expect(response.statusCode).toBe(status);
    if (status !== 200) expect(response.headers['content-type']).toContain('application/problem+json');
  });
});
