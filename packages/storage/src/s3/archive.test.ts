// What a bucket's server, or whoever stands before it, may answer instead of doing what it was asked for.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Archive } from '../archive/port.ts';
import { openS3Archive } from './archive.ts';

const silenceMs = 300;
const key = 'topic=signals/a.ndjson.zst';
const calls: readonly [string, (archive: Archive) => Promise<unknown>][] = [
  ['put', (archive) => archive.put(key, Buffer.from('words'))],
  ['get', (archive) => archive.get(key)],
  ['list', (archive) => Array.fromAsync(archive.list('topic=signals/'))],
  ['delete', (archive) => archive.delete(key)],
];

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** What each call fails with where requests are answered so. */
async function faultsOf(answer: RequestListener, asked = calls): Promise<string[]> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const archive = openS3Archive({ bucket: 'events', endpoint: `http://127.0.0.1:${port}`, silenceMs });
  try {
    return await Promise.all(
      asked.map(([name, call]) =>
        call(archive).then(
          () => `${name} is well`,
          (error: Error) => String(error),
        ),
      ),
    );
  } finally {
    await archive.close();
    server.closeAllConnections();
    server.close();
  }
}

function answered(status: number, body: string, type = 'application/xml'): RequestListener {
  return (_, response) => response.writeHead(status, { 'content-type': type }).end(body);
}

const refusal = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
const page = '<html><body>Down for maintenance<br></body></html>';

describe('a bucket', () => {
  it.each<[string, RequestListener]>([
    ['hangs up', (request) => request.socket.destroy()],
    ['says something else than HTTP', (request) => request.socket.end('HELO\r\n\r\n')],
    ['is too busy', answered(503, refusal('SlowDown'))],
    ['is full', answered(507, refusal('XMinioStorageFull'))],
    ['got a damaged body', answered(400, refusal('BadDigest'))],
    ['has a proxy that is broken', answered(502, page, 'text/html')],
    ['has a proxy that lets nobody through', answered(403, page, 'text/html')],
  ])('is away where it %s', async (_, answer) => {
    for (const fault of await faultsOf(answer)) expect(fault).toMatch(/^S3Away: S3 is away \(.*\): check that/);
  });

  it('that no region is named for refuses before it is asked', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    for (const fault of await faultsOf(() => {})) expect(fault).toMatch(/^S3Refused: bucket events: .*AWS_REGION/);
  });

  it('is away where it says nothing, before an answer or in the middle of it', async () => {
    for (const fault of await faultsOf(() => {})) expect(fault).toMatch(/^S3Away/);
    const half: RequestListener = (_, response) => response.writeHead(200, { 'content-length': 1_000 }).write('half');
    const [fault] = await faultsOf(half, calls.slice(1, 2));
    expect(fault).toMatch(/^S3Away/);
  });

  it('is away where somebody else answers that all is well', async () => {
    const asked = calls.filter(([name]) => name === 'put' || name === 'list');
    for (const fault of await faultsOf(answered(200, ''), asked)) expect(fault).toMatch(/^S3Away.*no S3/);
  });

  it.each([
    [404, 'NoSuchBucket', /create it/],
    [301, 'PermanentRedirect', /AWS_REGION/],
    [403, 'AccessDenied', /grant PutObject/],
    [400, 'ExpiredToken', /AWS_SESSION_TOKEN/],
    [403, 'QuotaExceeded', /QuotaExceeded \(no\)/],
  ])('that answers %d %s refuses, and somebody may mend it meanwhile', async (status, code, remedy) => {
    for (const fault of await faultsOf(answered(status, refusal(code)))) {
      expect(fault).toMatch(/^S3Refused: bucket events: /);
      expect(fault).toMatch(remedy);
    }
  });
});
