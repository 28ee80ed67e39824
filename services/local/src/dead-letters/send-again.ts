// A replay from the command line: sends letters again and, beside a running start, waits and says how many were taken.

import { namespace as aggregator } from '@gapwatch/aggregator';
import type { ReplayCounts, ReplayRequest } from '@gapwatch/console';
import { type Configuration, topicNames } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import { namespaceOf as taggerOf } from '@gapwatch/tagger';
import { commandReadings, type Reading, waitUntilFolded } from '../running/folded.ts';
import type { Place } from '../running/place.ts';
import { type Below, LetterReader } from './letters.ts';
import type { Sent } from './replay.ts';
import { replayAsked } from './serve.ts';

/** `rejectedAgain` null: nobody folds here now, so that it is not known yet. */
export type ReplayReport = ReplayCounts & { readonly rejectedAgain: number | null };

export type SendAgainTools = {
  readonly place: Place;
  readonly configuration: Configuration;
  readonly clock: Clock;
};

export async function sendAgain(request: ReplayRequest, tools: SendAgainTools): Promise<ReplayReport> {
  const { place, configuration, clock } = tools;
  const { log, state, isAlone, check } = place;
  const reader = new LetterReader(log, configuration);
  const since = await reader.ends();
  const sent: Sent[] = [];
  const counts = await replayAsked({ log, state, configuration, clock }, request, (one) => sent.push(one));
  if (isAlone) return { ...counts, rejectedAgain: null };
  const topics = new Set(sent.map(({ topic }) => topic));
  await waitUntilFolded(place, readingsOf(topics), { check });
  return { ...counts, rejectedAgain: await countRejected(reader, since, new Set(sent.map(placeOf))) };
}

function placeOf({ topic, partition, offset }: { topic: string; partition: number; offset: number }): string {
  return `${topic}/${partition}/${offset}`;
}

/** What must be read before it is known what became of records of these topics. */
function readingsOf(topics: ReadonlySet<string>): Reading[] {
  const ours: ReadonlySet<string> = new Set([topicNames.signals, topicNames.commands]);
  const raw = [...topics].filter((topic) => !ours.has(topic));
  return [
    ...raw.map((topic) => ({ topic, namespace: taggerOf(topic) })),
    { topic: topicNames.signals, namespace: aggregator },
    ...(topics.has(topicNames.commands) ? commandReadings : []),
  ];
}

/** Records of those that were sent of which letters tell since. */
async function countRejected(reader: LetterReader, since: Below, sent: ReadonlySet<string>): Promise<number> {
  const rejected = new Set<string>();
  for await (const { letter, below } of reader.newestFirst(await reader.ends())) {
    const place = placeOf(letter.origin);
    if (sent.has(place)) rejected.add(place);
    if (below.every((offset, partition) => offset <= (since[partition] ?? 0))) break;
  }
  return rejected.size;
}
