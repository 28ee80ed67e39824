// The one place that makes a client of kafkajs, set so that it hides nothing: it gives up soon and says so, and the
// waiting is done where it can be seen.
import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import { mendRunner } from './runner.ts';
import { type KafkaSasl, type KafkaSettings, rebalanceTimeoutMs } from './settings.ts';
import { socketsOf } from './socket.ts';

/** Retries inside the client bridge a change of leader; longer absences are ours to wait for. */
const clientRetry = { retries: 4, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false };

function saslOf({ mechanism, username, password }: KafkaSasl): SASLOptions {
  return { mechanism, username, password } as SASLOptions;
}

const requestMs = 30_000;
/** What a broker may take longer than its limit to answer. */
const graceMs = 5_000;

export function createKafka({ brokers, tls, sasl, sessionTimeoutMs }: KafkaSettings, clientId: string): Kafka {
  registerCodecs();
  mendRunner();
  const longestMs = Math.max(requestMs, rebalanceTimeoutMs(sessionTimeoutMs));
  return new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    ssl: tls,
    ...(sasl !== null && { sasl: saslOf(sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: requestMs,
    socketFactory: socketsOf(longestMs + graceMs),
    retry: clientRetry,
    // its log repeats each attempt: whoever calls says once that a part is away, and once that it is back
    logLevel: kafkajs.logLevel.NOTHING,
  });
}
