// How the world sends during a campaign: a share with each strike, spread over it, most to the topic and some over HTTP.
// What is not acknowledged is sent again.
import { setTimeout as pause } from 'node:timers/promises';
import { patiently, raw } from './checks.ts';
import type { System } from './system.ts';
import type { Sent } from './workload.ts';

const piecesAShare = 10;

/** As many shares as there are strikes, in order. */
export function sharesOf({ payloads }: Sent, shares: number): readonly (readonly string[])[] {
  const size = Math.ceil(payloads.length / shares);
  return Array.from({ length: shares }, (_, index) => payloads.slice(index * size, (index + 1) * size));
}

/** Sends one share within about so many milliseconds, longer where nobody takes it. */
export async function send(system: System, load: Sent, share: readonly string[], withinMs: number): Promise<void> {
  const size = Math.ceil(share.length / piecesAShare);
  for (let piece = 0; piece * size < share.length; piece += 1) {
    const payloads = share.slice(piece * size, (piece + 1) * size);
    // the gateway refuses at once what is malformed: that goes to the topic
    const posted = piece % 5 === 0 ? payloads.filter((payload) => !load.malformed.has(payload)) : [];
    const rest = posted.length === 0 ? payloads : payloads.filter((payload) => load.malformed.has(payload));
    await Promise.all([append(system, rest), post(system, posted), pause(withinMs / piecesAShare)]);
  }
}

function append({ parts }: System, payloads: readonly string[]): Promise<unknown> {
  return patiently(() => parts.log.append(payloads.map((value) => ({ topic: raw, key: null, value }))));
}

/** Far below what one request may carry. */
const postPayloads = 500;

/** The gateway is asked again until it says that the log has it. */
async function post(system: System, payloads: readonly string[]): Promise<void> {
  const gateway = system.workers.find(({ roles }) => roles.includes('gateway'))!;
  for (let from = 0; from < payloads.length; from += postPayloads) {
    const body = payloads.slice(from, from + postPayloads).join('\n');
    await patiently(async () => {
      const address = `${await gateway.ready()}/v1/sources/canonical/events`;
      await postOnce(address, body).catch((cause) => {
        throw Object.assign(new Error('not acknowledged', { cause }), { transient: true });
      });
    });
  }
}

const answerWithinMs = 40_000;

async function postOnce(address: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(answerWithinMs) });
  const answer = await response.text();
  if (response.status !== 202) throw new Error(answer);
  const { rejected } = JSON.parse(answer) as { rejected: readonly unknown[] };
  if (rejected.length > 0) throw new Error(`the gateway rejects what is well-formed: ${answer}`);
}
