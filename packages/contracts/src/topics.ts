// The topics, and which of them are partitioned. Names carry the prefix of the installation (`gapwatch.`).

export const topicNames = {
  signals: 'signals',
  friction: 'friction',
  alerts: 'alerts',
  deliveries: 'deliveries',
  commands: 'commands',
  deadLetters: 'dead-letters',
} as const;

const ours: ReadonlySet<string> = new Set(Object.values(topicNames));

/** Whether we named it ourselves; the others are of sources, and hold payloads as they came. */
export function isOurs(topic: string): boolean {
  return ours.has(topic);
}

/** Whether what came stands in it as it came; everything else is redacted. */
export function holdsPayloads(topic: string): boolean {
  return !isOurs(topic) || topic === topicNames.deadLetters;
}

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

const dayMs = 86_400_000;

/**
 * How long a topic keeps a record, milliseconds; null: for ever. Payloads as long as the longest outage that must be
 * survived; `signals` and `friction` as long as a rebuild may begin from the log rather than the archive.
 */
export function retentionMs(topic: string): number | null {
  if (!isOurs(topic)) return 7 * dayMs;
  if (topic === topicNames.signals || topic === topicNames.friction) return 35 * dayMs;
  if (topic === topicNames.deadLetters) return 30 * dayMs;
  return null;
}
