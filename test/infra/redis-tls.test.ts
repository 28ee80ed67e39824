// Redis over TLS: a certificate that nobody vouches for is refused, one whose authority is named is taken, of a cluster for its name.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from '../journeys/gapwatch.fixture.ts';
import { freePort, type Program, programOnPath, startProgram } from '../parts/programs.ts';
import { withRedis } from '../parts/redis.ts';
import { partOf } from '../parts/required.ts';

const tls = '--tls-cert-file cert.pem --tls-key-file key.pem --tls-ca-cert-file cert.pem --tls-auth-clients no';
const authority = (part: Program | null) => join(part?.folder ?? '', 'cert.pem');

/** `name`: whom the certificate is for. */
function startServer(port: number, name: string, words: readonly string[] = []): Promise<Program | null> {
  return partOf('redis-server and openssl', 'install redis-server and openssl', async () => {
    const command = programOnPath('redis-server');
    if (command === null || programOnPath('openssl') === null) return null;
    const request = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=redis -addext subjectAltName=${name}`;
    const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
    return startProgram({
      command,
      port,
      prepare: (cwd) => execFileSync('openssl', [...request.split(' '), ...files], { cwd, stdio: 'ignore' }),
      words: () => ['--bind', '127.0.0.1', '--port', '0', '--tls-port', String(port), ...tls.split(' '), ...words],
    });
  });
}

const [port, clusterPort] = [await freePort(), await freePort()];
const part = await startServer(port, 'IP:127.0.0.1');
const named =
  '--cluster-enabled yes --tls-cluster yes --cluster-announce-hostname localhost --cluster-preferred-endpoint-type hostname';
const cluster = await startServer(clusterPort, 'DNS:localhost', named.split(' '));
afterAll(() => Promise.all([part?.stop(), cluster?.stop()]));

const ask = (urls: readonly string[]) => `
import { openRedisState } from '@gapwatch/storage/redis';
const state = openRedisState({ urls: ${JSON.stringify(urls)} });
console.log(await state.partition('tls', 0).position().catch((error) => String(error) + String(error.cause)));
await state.close();`;

/** Asks from a process of its own: the authorities that Node trusts are read at its start. */
async function askWith(environment: Record<string, string>, urls: readonly string[]): Promise<string> {
  const env = { ...process.env, ...environment };
  const words = ['--input-type=module', '-e', ask(urls)];
  const child = spawn(process.execPath, words, { cwd: join(repository, 'test'), env });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  return said.trim();
}

describe.skipIf(part === null)(withRedis('Redis over TLS'), () => {
  const urls = [`rediss://127.0.0.1:${port}`];

  it('refuses a certificate that nobody vouches for', async () => {
    expect(await askWith({}, urls)).toMatch(/^RedisAway: .*certificate.*NODE_EXTRA_CA_CERTS/);
  });

  it('takes one whose authority NODE_EXTRA_CA_CERTS names', async () => {
    expect(await askWith({ NODE_EXTRA_CA_CERTS: authority(part) }, urls)).toBe('0');
  });

  it('takes that of a cluster, which is for a name', async () => {
    const slots = ['cluster', 'addslotsrange', '0', '16383'];
    const to = ['--tls', '--cacert', authority(cluster), '-h', 'localhost', '-p', String(clusterPort)];
    execFileSync(programOnPath('redis-cli')!, [...to, ...slots]);
    const address = `rediss://localhost:${clusterPort}`;
    const asked = () => askWith({ NODE_EXTRA_CA_CERTS: authority(cluster) }, [address, address]);
    // it takes a moment until the only node calls its cluster whole
    await expect.poll(asked).toBe('0');
  });
});
