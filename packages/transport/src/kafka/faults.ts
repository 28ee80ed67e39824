// The faults of Kafka in our terms: those that pass by themselves are transient, so that the one call is repeated;
// everything else keeps its name.

/** The cluster, or the part of it that was asked, cannot be reached or is not ready. */
export class KafkaAway extends Error {
  override readonly name = 'KafkaAway';
  readonly transient = true;
  constructor(cause: Error) {
    super(`Kafka is away (${cause.message}): check that the brokers run and GAPWATCH_KAFKA_BROKERS names them`, {
      cause,
    });
  }
}

/** A record that the broker refuses for its size. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
  constructor(cause: Error) {
    super('a record is larger than the topic takes: raise max.message.bytes of the topic to at least 4 MiB', { cause });
  }
}

const awayNames: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSLockTimeout',
]);
/** Protocol errors that a cluster answers while it starts, moves a leader or a coordinator. */
const awayTypes: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);
const tooLargeTypes: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** An error and what caused it, outermost first. */
function* chainOf(error: unknown): Generator<Error & { type?: string; code?: string }> {
  for (let one = error; one instanceof Error; one = one.cause) yield one;
}

/** Whether the fault passes by itself once the cluster is back. */
export function isAway(error: unknown): boolean {
  for (const { name, type = '' } of chainOf(error)) if (awayNames.has(name) || awayTypes.has(type)) return true;
  return false;
}

/** The fault as the loop understands it. */
export function toKafkaFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  for (const { type = '' } of chainOf(error)) if (tooLargeTypes.has(type)) return new RecordTooLarge(error);
  return isAway(error) ? new KafkaAway(error) : error;
}

/** Runs a call of the client with its faults named. */
export async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toKafkaFault(error);
  }
}
