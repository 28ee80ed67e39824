import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { givingUp } from './socket.ts';

describe('a connection to a broker', () => {
  let server: Server;
  let answers: boolean;
  let socket: Socket;

  beforeEach(async () => {
    answers = false;
    server = createServer((other) => {
      other.on('data', (asked) => answers && other.write(asked)).on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    socket = givingUp(connect((server.address() as { port: number }).port, '127.0.0.1'), 50);
    await once(socket, 'connect');
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  it('is given up when something was asked and nothing comes back', async () => {
    const failed = once(socket, 'error');
    socket.write('asked');
    expect(String(await failed)).toContain('nothing came back in 0.05 s');
    expect(socket.destroyed).toBe(true);
  });

  it('stays while answers come, however long it then rests', async () => {
    answers = true;
    socket.write('asked');
    await once(socket, 'data');
    answers = false;
    let isGone = false;
    socket.once('close', () => {
      isGone = true;
    });
    // another connection that is asked at the same time and hears nothing is gone by then
    const other = givingUp(connect((server.address() as { port: number }).port, '127.0.0.1'), 100);
    other.write('asked');
    await once(other, 'error');
    expect(isGone).toBe(false);
  });
});
