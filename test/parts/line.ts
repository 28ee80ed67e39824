// The line between a worker and a part: TCP on loopback that passes everything on until it is told to do worse.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';

export type Condition =
  | { readonly type: 'sound' }
  /** nothing arrives, in either direction, and nobody is told: who loses something is never heard again */
  | { readonly type: 'swallows' }
  | { readonly type: 'slow'; readonly delayMs: number }
  /** breaks off with this probability instead of passing something on: a request that is not done, or done with the reply lost */
  | { readonly type: 'breaks'; readonly probability: number };

export type Line = {
  /** where it is entered */
  readonly port: number;
  condition: Condition;
  /** pieces that did not pass as they should */
  readonly spoilt: number;
  close(): Promise<void>;
};

/** Opens a line; nobody has to listen at its end yet. */
export async function openLine(to: { readonly hostname: string; readonly port: number }): Promise<Line> {
  const line = { condition: { type: 'sound' } as Condition, spoilt: 0 };
  const ends = new Set<Socket>();
  const server = createServer((here) => {
    const there = connect(to.port, to.hostname);
    const both = { isDead: false };
    for (const end of [here, there]) {
      ends.add(end.setNoDelay());
      end.once('close', () => ends.delete(end));
    }
    // who comes and finds nobody is told by the closed connection
    pipeline(here, gate(line, both), there, gate(line, both), here, () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return Object.assign(line, {
    port,
    async close() {
      for (const end of ends) end.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  });
}

/** One direction of one connection. A stream that lost something can never be whole again: the rest is swallowed too. */
function gate(line: { readonly condition: Condition; spoilt: number }, connection: { isDead: boolean }): Transform {
  return new Transform({
    transform(piece, _, done) {
      const { condition } = line;
      if (condition.type === 'swallows') connection.isDead = true;
      const isBroken = condition.type === 'breaks' && Math.random() < condition.probability;
      if (connection.isDead || isBroken || condition.type === 'slow') line.spoilt += 1;
      if (connection.isDead) done();
      else if (isBroken) done(new Error('the line broke'));
      else if (condition.type === 'slow') setTimeout(done, condition.delayMs, null, piece);
      else done(null, piece);
    },
  });
}
