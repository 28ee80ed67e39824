// How far the services are, as the state says it: readable from any process that can open it.
import { setTimeout as pause } from 'node:timers/promises';
import { namespace as aggregator } from '@gapwatch/aggregator';
import { topicNames } from '@gapwatch/contracts';
import { commandsNamespace, namespace as detector } from '@gapwatch/detector';
import { namespace as notifier } from '@gapwatch/notifier';
import { namespaceOf as taggerOf } from '@gapwatch/tagger';
import type { History } from './history.ts';
import type { Place } from './place.ts';

/** A topic and the namespace of the state that folds it. */
export type Reading = { readonly topic: string; readonly namespace: string };

/** What must be read for a command to be decided. */
export const commandReadings: readonly Reading[] = [
  { topic: topicNames.commands, namespace: commandsNamespace },
  { topic: topicNames.friction, namespace: detector },
];

/** In the order of the way of the data: what is caught up with writes nothing more into what comes after it. */
export function readingsOf(rawTopics: readonly string[]): Reading[] {
  return [
    ...rawTopics.map((topic) => ({ topic, namespace: taggerOf(topic) })),
    { topic: topicNames.signals, namespace: aggregator },
    ...commandReadings,
    { topic: topicNames.alerts, namespace: notifier },
  ];
}

export type WaitOptions = {
  /** records still to be read of the topic that is waited for, and how many there were */
  readonly onProgress?: (topic: string, left: number, total: number) => void;
  /** asked between looks; throws where waiting is in vain */
  readonly check?: () => void;
};

const lookEveryMs = 20;

/** Resolves when everything that the topics hold now is folded, one topic after the other. */
export async function waitUntilFolded(
  place: Pick<Place, 'log' | 'state'>,
  readings: readonly Reading[],
  { onProgress = () => {}, check = () => {} }: WaitOptions = {},
): Promise<void> {
  for (const reading of readings) {
    const ends = await endsOf(place, reading.topic);
    const total = await leftOf(place, reading, ends);
    for (let left = total; left > 0; left = await leftOf(place, reading, ends)) {
      check();
      onProgress(reading.topic, left, total);
      await pause(lookEveryMs);
    }
  }
}

/** The offset of each partition that the next record will get. */
export async function endsOf(
  { log }: { readonly log: Pick<History, 'partitions' | 'marks'> },
  topic: string,
): Promise<number[]> {
  const partitions = await log.partitions(topic);
  const marks = Array.from({ length: partitions }, (_, partition) => log.marks(topic, partition));
  return (await Promise.all(marks)).map(({ high }) => high);
}

/** Records of a topic that its reader has not folded yet. */
export async function recordsLeft(place: Pick<Place, 'log' | 'state'>, reading: Reading): Promise<number> {
  return leftOf(place, reading, await endsOf(place, reading.topic));
}

async function leftOf(
  { state }: Pick<Place, 'state'>,
  { namespace }: Reading,
  ends: readonly number[],
): Promise<number> {
  const left = ends.map(async (end, partition) =>
    Math.max(0, end - (await state.partition(namespace, partition).position())),
  );
  return (await Promise.all(left)).reduce((sum, one) => sum + one, 0);
}
