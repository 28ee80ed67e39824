// What each source has given so far, as the tagger counted it beside its position: exact over restarts.
import type { SourceCounts } from '@gapwatch/console';
import type { Configuration } from '@gapwatch/contracts';
import { countsKey, type IntakeCounts, namespaceOf } from '@gapwatch/tagger';
import type { DataDirectory } from './directory.ts';
import { topicOf } from './topics.ts';

/** By the id of the source. */
export async function sourceCounts(
  directory: Pick<DataDirectory, 'log' | 'state'>,
  { sources }: Configuration,
): Promise<ReadonlyMap<string, SourceCounts>> {
  const counted = sources.map(
    async (source) => [source.id, sumOf(await countsOf(directory, topicOf(source)))] as const,
  );
  return new Map(await Promise.all(counted));
}

async function countsOf({ log, state }: Pick<DataDirectory, 'log' | 'state'>, topic: string): Promise<IntakeCounts[]> {
  const partitions = Array.from({ length: await log.partitions(topic) }, (_, one) =>
    state.partition(namespaceOf(topic), one),
  );
  const documents = await Promise.all(partitions.map((partition) => partition.documents([countsKey])));
  return documents.flatMap(([stored]) => (stored ? [JSON.parse(stored.value) as IntakeCounts] : []));
}

function sumOf(counts: readonly IntakeCounts[]): SourceCounts {
  return {
    accepted: counts.reduce((sum, { accepted }) => sum + accepted, 0),
    rejected: counts.reduce((sum, { rejected }) => sum + rejected, 0),
    lastAt:
      counts
        .flatMap(({ lastAt }) => lastAt ?? [])
        .sort()
        .at(-1) ?? null,
  };
}
