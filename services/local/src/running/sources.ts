// What each source has given so far and whom it names, as the tagger noted it beside its position: exact over restarts.
import type { SourceCounts } from '@gapwatch/console';
import type { Configuration } from '@gapwatch/contracts';
import { mergeSamples } from '@gapwatch/core';
import { countsKey, customersKey, type IntakeCounts, type IntakeCustomers, namespaceOf } from '@gapwatch/tagger';
import type { DataDirectory } from './directory.ts';
import { topicOf } from './topics.ts';

/** By the id of the source. */
export async function sourceCounts(
  directory: Pick<DataDirectory, 'log' | 'state'>,
  { sources }: Configuration,
): Promise<ReadonlyMap<string, SourceCounts>> {
  const counted = sources.map(async (source) => [source.id, sumOf(await givenOf(directory, topicOf(source)))] as const);
  return new Map(await Promise.all(counted));
}

type Given = { readonly counts: readonly IntakeCounts[]; readonly customers: readonly IntakeCustomers[] };

async function givenOf({ log, state }: Pick<DataDirectory, 'log' | 'state'>, topic: string): Promise<Given> {
  const partitions = Array.from({ length: await log.partitions(topic) }, (_, one) =>
    state.partition(namespaceOf(topic), one),
  );
  const documents = await Promise.all(partitions.map((one) => one.documents([countsKey, customersKey])));
  const read = <T>(place: number) =>
    documents.flatMap(({ [place]: stored }) => (stored ? [JSON.parse(stored.value) as T] : []));
  return { counts: read<IntakeCounts>(0), customers: read<IntakeCustomers>(1) };
}

function sumOf({ counts, customers }: Given): SourceCounts {
  return {
    accepted: counts.reduce((sum, { accepted }) => sum + accepted, 0),
    rejected: counts.reduce((sum, { rejected }) => sum + rejected, 0),
    lastAt:
      counts
        .flatMap(({ lastAt }) => lastAt ?? [])
        .sort()
        .at(-1) ?? null,
    customers: customers.map(({ sample }) => sample).reduce(mergeSamples, []),
  };
}
