// The configured sources: what each has given, when last, and how many of its customers another one names too.
import { type Configuration, rawTopic } from '@gapwatch/contracts';
import { type CustomerSample, joinedOf } from '@gapwatch/core';
import type { Sources } from './schemas.ts';

/** What a source has given so far, where somebody counts it. */
export type SourceCounts = {
  readonly accepted: number;
  readonly rejected: number;
  readonly lastAt: string | null;
  readonly customers: CustomerSample;
};

export type SourceFacts = {
  readonly configuration: Configuration;
  readonly sourceCounts?: () => Promise<ReadonlyMap<string, SourceCounts>>;
};

/** What to do where a source shares nearly no customer with any other. */
export const apartHint =
  'nearly none of its customers are named by another source: let both name them alike, such as by e-mail address with as: email, or map the ids of one';

/** Names and counts only: settings of a source may hold secrets. */
export async function readSources({ configuration, sourceCounts }: SourceFacts): Promise<Sources> {
  const counts = (await sourceCounts?.()) ?? new Map<string, SourceCounts>();
  const joined = joinedOf(new Map([...counts].map(([id, { customers }]) => [id, customers])));
  const items = configuration.sources.map(({ id, type, topic }) => {
    const { accepted = null, rejected = null, lastAt = null } = counts.get(id) ?? {};
    const { share = null, isApart = false } = joined.get(id) ?? {};
    const hint = isApart ? apartHint : null;
    return { id, type, topic: topic ?? rawTopic(id), accepted, rejected, lastAt, joined: share, hint };
  });
  return { items, next: null };
}
