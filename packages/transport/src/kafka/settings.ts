// How to reach a Kafka cluster.

export type KafkaSasl = {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
};

export type KafkaSettings = {
  /** `host:port` of some of the brokers; the rest is learnt from them */
  readonly brokers: readonly string[];
  readonly tls: boolean;
  readonly sasl: KafkaSasl | null;
  /** a member that says nothing for so long loses its partitions */
  readonly sessionTimeoutMs: number;
  /** begins the name of every topic of ours that is not named in full, and of every consumer group */
  readonly topicPrefix: string;
};

/** So long the group waits for its members when it is formed anew. */
export const rebalanceTimeoutMs = (sessionTimeoutMs: number): number => 2 * sessionTimeoutMs;
