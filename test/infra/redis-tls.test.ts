// Redis over TLS: a certificate that nobody vouches for is refused, one whose authority is named is taken.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from '../journeys/gapwatch.fixture.ts';
import { freePort, programOnPath, startProgram } from '../parts/programs.ts';
import { withRedis } from '../parts/redis.ts';
import { partOf } from '../parts/required.ts';

const port = await freePort();
const words = '--bind 127.0.0.1 --port 0 --tls-cert-file cert.pem --tls-key-file key.pem --tls-ca-cert-file cert.pem';
const request = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
const part = await partOf('redis-server and openssl', 'install redis-server and openssl', async () => {
  const command = programOnPath('redis-server');
  if (command === null || programOnPath('openssl') === null) return null;
  return startProgram({
    command,
    port,
    prepare: (cwd) =>
      execFileSync('openssl', [...request.split(' '), '-keyout', 'key.pem', '-out', 'cert.pem'], {
        cwd,
        stdio: 'ignore',
      }),
    words: () => [...words.split(' '), '--tls-auth-clients', 'no', '--tls-port', String(port)],
  });
});
afterAll(() => part?.stop());

const ask = `
import { openRedisState } from '@gapwatch/storage/redis';
const state = openRedisState({ urls: ['rediss://127.0.0.1:${port}'] });
console.log(await state.partition('tls', 0).position().catch((error) => String(error) + String(error.cause)));
await state.close();`;

/** Asks from a process of its own: the authorities that Node trusts are read at its start. */
async function askWith(environment: Record<string, string>): Promise<string> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, ['--input-type=module', '-e', ask], { cwd: join(repository, 'test'), env });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  return said.trim();
}

describe.skipIf(part === null)(withRedis('Redis over TLS'), () => {
  it('refuses a certificate that nobody vouches for', async () => {
    expect(await askWith({})).toMatch(/^RedisAway: .*certificate.*NODE_EXTRA_CA_CERTS/);
  });

  it('takes one whose authority NODE_EXTRA_CA_CERTS names', async () => {
    expect(await askWith({ NODE_EXTRA_CA_CERTS: join(part!.folder, 'cert.pem') })).toBe('0');
  });
});
