// The Redis user of infra/redis/users.acl: enough for the state, and for nothing else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRedisState } from '@gapwatch/storage/redis';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { stateContract } from '../../packages/storage/src/contract.ts';
import { repository } from '../journeys/gapwatch.fixture.ts';
import { freePort, programOnPath, startProgram } from '../parts/programs.ts';
import { withRedis } from '../parts/redis.ts';
import { partOf } from '../parts/required.ts';

const users = readFileSync(join(repository, 'infra/redis/users.acl'), 'utf8');
const administrator = 'user administrator on >administrator ~* &* +@all\n';
const port = await freePort();
const part = await partOf('redis-server', 'install redis-server', async () => {
  const command = programOnPath('redis-server');
  if (command === null) return null;
  return startProgram({
    command,
    port,
    prepare: (folder) => writeFileSync(join(folder, 'users.acl'), users + administrator),
    words: (folder) => ['--bind', '127.0.0.1', '--port', String(port), '--aclfile', join(folder, 'users.acl')],
  });
});
const address = (user: string) => `redis://${user}@127.0.0.1:${port}`;
const own = address('gapwatch:change-me-please');
afterAll(() => part?.stop());

describe.skipIf(part === null)(withRedis('the Redis user of an installation'), () => {
  stateContract('redis as that user', async () => ({
    durable: true,
    open: async () => openRedisState({ urls: [own] }),
    destroy: async () => {
      const client = new Redis(address('administrator:administrator'));
      await client.flushall();
      client.disconnect();
    },
  }));

  it.each([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['CONFIG', 'GET', '*'],
    ['KEYS', '*'],
    ['ACL', 'LIST'],
    ['SHUTDOWN'],
    ['GET', 'other:key'],
    ['SET', 'other:key', '1'],
    ['EVAL', "return redis.call('GET', KEYS[1])", '1', 'other:key'],
    ['EVAL', "return redis.call('GET', 'other:key')", '0'],
  ])('may not %s %s', async (command, ...words) => {
    const client = new Redis(own);
    const answer = await client.call(command, ...words).catch((error: Error) => error.message);
    client.disconnect();
    expect(answer).toMatch(/NOPERM|can't access at least one of the keys/);
  });

  it('is not the user of whoever names none', async () => {
    const client = new Redis(`redis://127.0.0.1:${port}`);
    // whoever asks is told below
    client.on('error', () => {});
    const answer = await client.get('gw:key').catch((error: Error) => error.message);
    client.disconnect();
    expect(answer).toMatch(/NOAUTH/);
  });
});
