// The connections of the client to its brokers: one on which nothing comes back is given up, so that the client opens another.
// Its own requests time out and leave the connection; behind a line that was cut it would be asked in vain for a quarter of an hour.
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const keepAliveMs = 60_000;

/** `silentMs`: longer than the broker may take for any answer. */
export function socketsOf(silentMs: number): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl ? connectTls({ host, port, ...name, ...ssl }, onConnect) : connect({ host, port }, onConnect);
    return givingUp(socket.setKeepAlive(true, keepAliveMs), silentMs);
  };
}

/** Destroys the socket when something was written and nothing came for so long. */
export function givingUp(socket: Socket, silentMs: number): Socket {
  let silence: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = undefined;
  };
  const write = socket.write.bind(socket) as (...words: unknown[]) => boolean;
  const giveUp = () => socket.destroy(new Error(`nothing came back in ${silentMs / 1_000} s`));
  socket.on('data', heard).once('close', heard);
  return Object.assign(socket, {
    write: (...words: unknown[]) => {
      silence ??= setTimeout(giveUp, silentMs);
      return write(...words);
    },
  });
}
