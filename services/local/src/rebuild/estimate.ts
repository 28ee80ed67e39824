// How long a rebuild will take, by folding the beginning of the log into a state that is thrown away.
import { topicNames } from '@gapwatch/contracts';
import { ownTagger, signalsReader } from '@gapwatch/core';
import type { Clock } from '@gapwatch/runtime';
import { generationOf, type StateStore } from '@gapwatch/storage';
import { endsOf } from '../running/folded.ts';
import type { History } from '../running/history.ts';
import type { Settled } from '../settings/configuration.ts';
import { foldSignalsAgain } from './signals.ts';

/** `records` of `signals`; `seconds` null where there is nothing to measure by. */
export type Estimate = { readonly records: number; readonly seconds: number | null };

const sampleRecords = 5_000;

/** `scratch`: an empty store of the same kind as the one that a rebuild would write to. */
export async function estimateRebuild(
  history: History,
  scratch: StateStore,
  { settled, clock }: { settled: Pick<Settled, 'configuration' | 'hash'>; clock: Clock },
): Promise<Estimate> {
  const { hash, configuration } = settled;
  const ends = await endsOf({ log: history }, topicNames.signals);
  const records = ends.reduce((sum, end) => sum + end, 0);
  const until = ends.map((end) => Math.min(end, Math.ceil(sampleRecords / ends.length)));
  const sample = until.reduce((sum, end) => sum + end, 0);
  const past = { until, tagger: ownTagger.revision, hash, configuration };
  const generation = { ...generationOf(1), past };
  const began = clock.now();
  const options = { history, store: scratch, generation, read: signalsReader(past), onRead: () => {} };
  for await (const _ of foldSignalsAgain(options));
  const tookMs = clock.now() - began;
  return { records, seconds: sample === 0 ? null : Math.ceil((tookMs * records) / sample / 1_000) };
}
