// The faults of Kafka in our terms: what passes by itself is away; where the cluster does not let us, the remedy is named. Both
// are waited for by whoever works: somebody may mend the second meanwhile. Everything else keeps its name.
import { certificateRemedy } from '@gapwatch/runtime';

/** The cluster, or the part of it that was asked, cannot be reached or is not ready. */
export class KafkaAway extends Error {
  override readonly name = 'KafkaAway';
  readonly transient = true;
  constructor(cause: Error) {
    super(`Kafka is away (${cause.message}): ${certificateRemedy(cause, unreachable)}`, { cause });
  }
}

const unreachable =
  'check that the brokers run, GAPWATCH_KAFKA_BROKERS names them, and TLS and SASL are set as they want them';

/** The cluster answers, and does not let us: for whoever starts, and waited for by whoever works already. */
export class KafkaRefused extends Error {
  override readonly name = 'KafkaRefused';
  readonly transient = true;
}

/** A record that the broker refuses for its size. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
  constructor(cause: Error) {
    super('a record is larger than the topic takes: raise max.message.bytes of the topic to at least 4 MiB', { cause });
  }
}

/** Faults that pass, though the client would not repeat the call for them. */
const passing: ReadonlySet<string> = new Set([
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
  'BROKER_NOT_AVAILABLE',
  'REBALANCE_IN_PROGRESS',
]);
const tooLargeTypes: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** What the client says of its errors: the protocol's name of it, and whether a repetition may succeed. */
type ClientError = Error & { readonly type?: string; readonly retriable?: boolean; readonly topic?: string };

/**
 * An error and what caused it, outermost first: who gave up repeating calls itself not worth repeating, and names the cause;
 * what failed for several topics names each.
 */
function* chainOf(error: unknown): Generator<ClientError> {
  if (!(error instanceof Error)) return;
  yield error;
  yield* chainOf(error.cause);
  for (const one of (error as Partial<AggregateError>).errors ?? []) yield* chainOf(one);
}

function isPassing({ name, type = '', retriable }: ClientError): boolean {
  return retriable === true || passing.has(name) || passing.has(type);
}

/** null: it is not for lack of rights, or against a rule of the cluster, that the call failed. */
function refusalOf({ name, type = '', retriable, topic, message }: ClientError): string | null {
  if (name === 'KafkaJSSASLAuthenticationError')
    return `${message}: check GAPWATCH_KAFKA_SASL_MECHANISM, GAPWATCH_KAFKA_SASL_USERNAME and GAPWATCH_KAFKA_SASL_PASSWORD`;
  if (/_AUTHORIZATION_FAILED$/.test(type)) return `${message}: give the user the rights that infra/kafka/acls.md lists`;
  if (name === 'KafkaJSCreateTopicError' && retriable !== true)
    return `topic ${topic}: ${message}: let the brokers allow it, or make the topics of infra/topics.yaml by hand`;
  return null;
}

/** The fault as the loop understands it. */
export function toKafkaFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KafkaAway || error instanceof KafkaRefused) return error;
  const chain = [...chainOf(error)];
  if (chain.some(({ type = '' }) => tooLargeTypes.has(type))) return new RecordTooLarge(error);
  const refusal = chain.map(refusalOf).find((one) => one !== null);
  if (refusal !== undefined) return new KafkaRefused(`Kafka does not let us: ${refusal}`, { cause: error });
  return chain.some(isPassing) ? new KafkaAway(error) : error;
}

/** Runs a call of the client with its faults named. */
export async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toKafkaFault(error);
  }
}
