// The topics, and which of them are partitioned. Names carry the prefix of the installation (`gapwatch.`).

export const topicNames = {
  signals: 'signals',
  friction: 'friction',
  alerts: 'alerts',
  deliveries: 'deliveries',
  commands: 'commands',
  deadLetters: 'dead-letters',
} as const;

/** The topic that keeps the payloads of a source as they came. */
export function rawTopic(sourceId: string): string {
  return `raw.${sourceId}`;
}

/** The id of the source whose raw topic this is, or null. */
export function sourceOfTopic(topic: string): string | null {
  return topic.startsWith('raw.') ? topic.slice(4) : null;
}

/** What is large is partitioned, what is small is not: the detector must see all stages. */
export function isPartitioned(topic: string): boolean {
  return topic === topicNames.signals || topic === topicNames.deadLetters || topic.startsWith('raw.');
}
