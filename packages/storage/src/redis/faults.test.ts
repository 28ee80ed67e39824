import { describe, expect, it } from 'vitest';
import { RedisAway, RedisRefused, toRedisFault } from './faults.ts';

/** An error as the server answers it. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

const messageOf = (error: unknown) => (error as Error).message;

describe('what Redis and its client say', () => {
  it.each([
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Command timed out'),
    new Error('Too many Cluster redirections. Last error: ReplyError: MOVED 7118 127.0.0.1:7102'),
    new Error('Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down'),
    new Error("Cluster isn't ready and enableOfflineQueue options is false"),
    Object.assign(new Error('Cluster is ended.'), { name: 'AbortError' }),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    reply('LOADING Redis is loading the dataset in memory'),
    reply("READONLY You can't write against a read only replica. script: f, on @user_script:1."),
    reply("OOM command not allowed when used memory > 'maxmemory'. script: f, on @user_script:1."),
    reply('CLUSTERDOWN Hash slot not served'),
    reply('ERR max number of clients reached'),
  ])('passes: %s', (error) => {
    expect(toRedisFault(error)).toBeInstanceOf(RedisAway);
  });

  it.each([
    [reply("NOPERM this user has no permissions to run the 'eval' command"), /docs\/operations\.md/],
    [reply('MOVED 3999 127.0.0.1:6381'), /name several of its nodes/],
    [reply('WRONGPASS invalid username-password pair or user is disabled.'), /check user and password/],
  ])('needs somebody: %s', (error, remedy) => {
    const fault = toRedisFault(error);
    expect(fault).toBeInstanceOf(RedisRefused);
    expect(messageOf(fault)).toMatch(remedy);
  });

  it.each([
    reply('WRONGTYPE Operation against a key holding the wrong kind of value'),
    reply("ERR unknown command 'EVALSHA'"),
    new TypeError('words is not iterable'),
    new RangeError('cell a: 9 fields, at most 8'),
  ])('is a mistake that no repetition mends: %s', (error) => {
    expect(toRedisFault(error)).toBe(error);
  });

  it('says why there is no connection, and what to do about that', () => {
    const closed = new Error('Connection is closed.');
    const because = (trouble: Error) => messageOf(toRedisFault(closed, trouble));
    expect(because(reply('NOAUTH Authentication required.'))).toBe(
      'Redis does not let us: NOAUTH Authentication required.: check user and password in GAPWATCH_REDIS_URL',
    );
    expect(messageOf(toRedisFault(reply("OOM command not allowed when used memory > 'maxmemory'.")))).toMatch(
      /it is full/,
    );
    expect(because(new Error('self-signed certificate'))).toMatch(/NODE_EXTRA_CA_CERTS/);
    expect(because(new Error('connect ECONNREFUSED 127.0.0.1:1'))).toMatch(/ECONNREFUSED.*check that it runs/);
  });

  it('names a fault once, whoever hands it on', () => {
    const away = toRedisFault(new Error('Connection is closed.'));
    expect(toRedisFault(away, reply('NOAUTH Authentication required.'))).toBe(away);
  });
});
