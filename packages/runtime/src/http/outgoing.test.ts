// No connection of these tests leaves the machine: a connector that only counts stands where one would be opened, and
// what is answered is answered on loopback.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutgoing, OutgoingFault, type OutgoingOptions } from './outgoing.ts';
import type { Address } from './outgoing-guard.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const message = { headers: { 'content-type': 'application/json' }, body: '{}' };
const family = (address: string) => (address.includes(':') ? 6 : 4);

/** What became of a request, and the addresses that a connection would have been opened to. */
async function attempt(url: string, addresses: readonly string[] = [], options: Partial<OutgoingOptions> = {}) {
  const connected: string[] = [];
  const resolved: string[] = [];
  const outgoing = createOutgoing({
    allow: [],
    resolve: async (host) => {
      resolved.push(host);
      return addresses.map((address): Address => ({ address, family: family(address) }));
    },
    connect: (checked) => (_, callback) => {
      connected.push(...checked.map(({ address }) => address));
      callback(Object.assign(new Error('no connections here'), { code: 'ETEST' }), null);
    },
    ...options,
  });
  const fault = await outgoing.post({ url, ...message }, never).then(
    () => null,
    (error: OutgoingFault) => error,
  );
  return { fault, connected, resolved };
}

describe('a request is refused before it connects', () => {
  const literals = [
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://168.63.129.16/',
    'https://100.100.100.200/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
  ];
  it.each(literals)('at the literal %s', async (url) => {
    const { fault, connected, resolved } = await attempt(url);
    expect(fault).toMatchObject({ name: 'OutgoingFault', reason: 'refused-address' });
    expect([connected, resolved]).toEqual([[], []]);
  });

  const names: [string, string[]][] = [
    ['https://localhost/', ['127.0.0.1', '::1']],
    ['https://localhost./', ['127.0.0.1']],
    ['https://hooks.example.com/', ['10.1.2.3']],
    ['https://metadata.google.internal/', ['169.254.169.254']],
    ['https://mapped.example.com/', ['::ffff:10.0.0.1']],
    // one face for the guard, another for the connection
    ['https://two-faces.example.com/', ['203.0.113.7', '127.0.0.1']],
    ['https://documentation.example.com/', ['203.0.113.7']],
    ['https://nowhere.example.com/', []],
  ];
  it.each(names)('at the name %s that resolves to %j', async (url, addresses) => {
    const { fault, connected, resolved } = await attempt(url, addresses);
    expect(fault).toMatchObject({ reason: 'refused-address' });
    expect(connected).toEqual([]);
    expect(resolved).toHaveLength(1);
  });

  const urls: [string, string, string[]][] = [
    ['http', 'http://example.com/', []],
    ['http off loopback, though it is named', 'http://hooks.internal/', ['hooks.internal']],
    ['another protocol', 'ftp://example.com/', []],
    ['a password', 'https://user:pass@example.com/', []],
    ['http to loopback that nobody named', 'http://127.0.0.1/', ['hooks.internal']],
  ];
  it.each(urls)('with %s', async (_name, url, allow) => {
    const { fault, connected } = await attempt(url, ['10.0.0.7'], { allow });
    expect(fault).toMatchObject({ reason: 'refused-address' });
    expect(fault?.message).not.toContain('pass@');
    expect(connected).toEqual([]);
  });
});

describe('a request goes', () => {
  const allowed: [string, string, string[], string[]][] = [
    ['to a public address', 'https://8.8.8.8/', [], ['8.8.8.8']],
    ['to a public name, at the addresses that were looked at', 'https://example.com/', ['1.1.1.1', '2606:4700::1'], []],
    ['to a host of our own that is named', 'https://hooks.internal/', ['10.1.2.3'], ['Hooks.internal']],
    ['to a literal that is named', 'https://[::1]/', [], ['[::1]']],
    ['to loopback by http, where it is named', 'http://localhost/', ['127.0.0.1'], ['localhost']],
  ];
  it.each(allowed)('%s', async (_name, url, addresses, allow) => {
    const { fault, connected } = await attempt(url, addresses, { allow });
    expect(fault).toMatchObject({ reason: 'unreachable', message: 'no answer (ETEST)' });
    expect(connected).toEqual(addresses.length > 0 ? addresses : [new URL(url).hostname.replace(/[[\]]/g, '')]);
  });
});

describe('an answer', () => {
  const outgoing = (options: Partial<OutgoingOptions> = {}) => createOutgoing({ allow: ['127.0.0.1'], ...options });

  it('is a status with what it says about coming again; the body came as it was sent', async () => {
    let received = '';
    const url = await listen((incoming, response) => {
      incoming.on('data', (chunk) => {
        received += chunk;
      });
      incoming.on('end', () => response.writeHead(429, { 'retry-after': '7' }).end('slow down'));
    });
    const sent = { url, headers: {}, body: '{"name":"Größe"}' };
    expect(await outgoing().post(sent, never)).toEqual({ status: 429, retryAfter: '7' });
    expect(received).toBe(sent.body);
  });

  it('that points elsewhere is not followed', async () => {
    let visits = 0;
    const target = await listen((_, response) => {
      visits += 1;
      response.end();
    });
    const url = await listen((_, response) => response.writeHead(307, { location: target }).end());
    expect(await outgoing().post({ url, ...message }, never)).toEqual({ status: 307, retryAfter: null });
    expect(visits).toBe(0);
  });

  it('without an end is cut after a little', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await listen((_, response) => {
      response.on('close', closed.resolve).writeHead(200);
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    expect(await outgoing().post({ url, ...message }, never)).toEqual({ status: 200, retryAfter: null });
    await closed.promise;
  });

  it('that does not come is a timeout; one that breaks off is unreachable', async () => {
    const silent = await listen(() => {});
    const late = outgoing({ timeoutMs: 50 }).post({ url: silent, ...message }, never);
    await expect(late).rejects.toMatchObject({ reason: 'timeout', message: 'no answer within 0.05 seconds' });
    const broken = await listen(({ socket }) => socket.destroy());
    await expect(outgoing().post({ url: broken, ...message }, never)).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('by https is asked at the address that was looked at, for a certificate of the name', async () => {
    const server = createSocketServer((socket) => {
      socket.once('data', (hello) => {
        greetings.push(hello.toString('latin1'));
        socket.destroy();
      });
    });
    const greetings: string[] = [];
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const guarded = outgoing({ allow: ['hooks.internal'], resolve });
    const asked = guarded.post({ url: `https://hooks.internal:${port}/`, ...message }, never);
    await expect(asked).rejects.toMatchObject({ reason: 'unreachable' });
    expect(greetings).toEqual([expect.stringContaining('hooks.internal')]);
    server.close();
  });

  it('is no longer waited for when the process ends', async () => {
    const ending = new AbortController();
    const url = await listen(() => ending.abort());
    await expect(outgoing().post({ url, ...message }, ending.signal)).rejects.toBeInstanceOf(OutgoingFault);
  });
});
