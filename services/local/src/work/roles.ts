// What a worker can be, and the ticks that it then owes to the topic it reads.
import { topicNames } from '@gapwatch/contracts';
import type { TickerOptions } from '@gapwatch/transport';

export const roles = ['gateway', 'tagger', 'aggregator', 'detector', 'notifier', 'archiver', 'console'] as const;
export type Role = (typeof roles)[number];

/** What a role works with beside Kafka: without it, it is not ready. Whoever takes events in needs nothing else. */
const needed: Readonly<Record<Role, readonly ('redis' | 's3')[]>> = {
  gateway: [],
  tagger: ['redis'],
  aggregator: ['redis'],
  detector: ['redis'],
  notifier: ['redis'],
  archiver: ['redis', 's3'],
  console: ['redis'],
};

export function needs(those: ReadonlySet<Role>, part: 'redis' | 's3'): boolean {
  return [...those].some((role) => needed[role].includes(part));
}

/** Whoever reads a topic for its deadlines writes the ticks into it. */
export const ticked: Readonly<Partial<Record<Role, TickerOptions['topic']>>> = {
  aggregator: topicNames.signals,
  detector: topicNames.friction,
  notifier: topicNames.alerts,
};
