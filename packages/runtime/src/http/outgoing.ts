// Requests of ours to places that a configuration names. Guarantee: guarded against our own networks, no redirect is
// followed, an answer is waited for 15 seconds, and of its body no more than a little is read and nothing is kept.
import { type GuardOptions, guardedConnector, RefusedAddress, urlFault } from './outgoing-guard.ts';

export type OutgoingOptions = GuardOptions & { readonly timeoutMs?: number };

export type OutgoingRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type OutgoingAnswer = { readonly status: number; readonly retryAfter: string | null };

export type OutgoingFaultReason = 'refused-address' | 'timeout' | 'unreachable';

/** No answer came. The message names the fault; neither the path of the URL nor a header is in it. */
export class OutgoingFault extends Error {
  override readonly name = 'OutgoingFault';
  readonly reason: OutgoingFaultReason;
  constructor(reason: OutgoingFaultReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export type Outgoing = {
  /** @throws OutgoingFault where there is no answer */
  post(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingAnswer>;
};

const usualTimeoutMs = 15_000;
/** of an answer's body; a longer one ends the connection */
const readBytes = 16_384;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { allow, timeoutMs = usualTimeoutMs } = options;
  let client: Promise<Client> | null = null;
  return {
    async post({ url, headers, body }, signal) {
      const fault = urlFault(new URL(url), allow);
      if (fault !== null) throw new OutgoingFault('refused-address', fault);
      client ??= openClient(options);
      const { request, dispatcher } = await client;
      const timeout = AbortSignal.timeout(timeoutMs);
      const ended = AbortSignal.any([signal, timeout]);
      const ask = { method: 'POST', headers, body, dispatcher, signal: ended } as const;
      const answer = await request(url, ask).catch((error: unknown) => {
        throw faultOf(error, timeout, timeoutMs);
      });
      const retryAfter = answer.headers['retry-after'];
      // the status is the answer: how the rest of it ends changes nothing
      await answer.body.dump({ limit: readBytes, signal: ended }).catch(() => {});
      return { status: answer.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
    },
  };
}

type Client = Awaited<ReturnType<typeof openClient>>;

/** Loaded when first needed: it takes more memory and time than most commands that never send anything. */
async function openClient(options: GuardOptions) {
  const { Agent, buildConnector, request } = await import('undici');
  // a connection for each request: messages are rare, and nothing is left open between them
  return { request, dispatcher: new Agent({ connect: guardedConnector(options, buildConnector), pipelining: 0 }) };
}

function faultOf(error: unknown, timeout: AbortSignal, timeoutMs: number): OutgoingFault {
  if (error instanceof RefusedAddress) return new OutgoingFault('refused-address', error.message);
  if (timeout.aborted) return new OutgoingFault('timeout', `no answer within ${timeoutMs / 1_000} seconds`);
  const { code, name } = error as { code?: unknown; name?: unknown };
  const isTimeout = String(code).includes('TIMEOUT');
  return new OutgoingFault(isTimeout ? 'timeout' : 'unreachable', `no answer (${String(code ?? name)})`);
}
