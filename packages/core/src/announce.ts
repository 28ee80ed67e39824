// From an accepted signal to the records of `signals`: the statement under its customer's key, and, where another
// partition may hold an older version of it, the news to all partitions that those versions no longer hold.
import {
  type AcceptedSignal,
  type Origin,
  type Output,
  type Supersede,
  schemaVersions,
  signalFields,
  type TaggedSignal,
  type Tags,
  topicNames,
} from '@gapwatch/contracts';
import { frictionOf } from './friction/statement.ts';
import { ContentHash } from './hash.ts';
import { taggerRevision } from './tagging/index.ts';

export type Announcement = {
  readonly signal: AcceptedSignal;
  readonly tags: Tags | null;
  /** `index` counts the outputs of one input record */
  readonly origin: Origin;
  /** whether a version of this source may name another customer than the one before */
  readonly customerMayChange: boolean;
  readonly backfill?: boolean;
  readonly run?: string;
  /** the stage that the payload named itself */
  readonly named?: string;
  /** of the tagger; absent: ours */
  readonly revision?: number;
};

const headers = { schema: schemaVersions.signals };

/** The statement as a record; its origin's index is the one given. */
export function taggedSignal(announcement: Announcement): TaggedSignal {
  const { signal, tags, origin, backfill, run, named } = announcement;
  return {
    type: 'signal',
    origin,
    revision: announcement.revision ?? taggerRevision,
    content: contentOf(signal),
    friction: frictionOf(signal, tags),
    signal: signal as TaggedSignal['signal'],
    tags,
    ...(backfill && { backfill: true as const }),
    ...(run !== undefined && { run }),
    ...(named !== undefined && { named }),
  };
}

/** The news for other partitions, or null where no other partition can hold an older version. */
export function supersedeOf(announcement: Announcement): Supersede | null {
  const { signal, origin, customerMayChange } = announcement;
  const isDelete = signal.op === 'delete';
  const mayBeElsewhere = isDelete
    ? signal.customer === null || customerMayChange
    : customerMayChange && (signal.version ?? 0) > 0;
  if (!mayBeElsewhere) return null;
  const { source, subject, version, op } = signal;
  return { type: 'supersede', origin: { ...origin, index: origin.index + 1 }, source, subject, version, op };
}

/** The outputs of one accepted signal for a topic of so many partitions. */
export function announce(announcement: Announcement, partitions: number): Output[] {
  const { signal } = announcement;
  const topic = topicNames.signals;
  const key = signal.customer ?? `${signal.source}|${signal.subject}`;
  const outputs: Output[] = [{ topic, key, value: JSON.stringify(taggedSignal(announcement)), headers }];
  const supersede = supersedeOf(announcement);
  if (supersede === null) return outputs;
  const value = JSON.stringify(supersede);
  for (let partition = 0; partition < partitions; partition += 1) {
    outputs.push({ topic, key: null, partition, value, headers });
  }
  return outputs;
}

/** Hash of what was said: equal for a redelivery, whenever it was observed and in whatever order its fields came. */
function contentOf(signal: AcceptedSignal): string {
  const said = new ContentHash();
  for (const field of contentFields) {
    const value = (signal as Readonly<Record<string, unknown>>)[field];
    if (value === undefined) continue;
    said.add(field);
    said.add('=');
    addPlain(value, said);
    said.add(';');
  }
  return said.digest();
}

const contentFields = [...signalFields].filter((field) => field !== 'observedAt').sort();

/** One text for one value: the length before a text keeps two fields from running into each other. */
function addPlain(value: unknown, said: ContentHash): void {
  if (typeof value === 'string') {
    said.add(`${value.length}:`);
    said.add(value);
  } else if (typeof value !== 'object' || value === null) said.add(String(value));
  else addFields(value as Readonly<Record<string, unknown>>, said);
}

function addFields(value: Readonly<Record<string, unknown>>, said: ContentHash): void {
  said.add('{');
  for (const key of Object.keys(value).sort()) {
    addPlain(key, said);
    said.add('=');
    addPlain(value[key], said);
    said.add(';');
  }
  said.add('}');
}
