// Reads `signals` as the namespaces of a rebuild count it: placed by the configuration that was rebuilt with, tagged by
// the newest tagger. A pure function of the record, so that the fold and its verification read the same.
import {
  type AcceptedSignal,
  configurationSchema,
  type LogRecord,
  type Past,
  type SignalsRecord,
  type Stage,
  type TaggedSignal,
} from '@gapwatch/contracts';
import { taggedSignal } from '../announce.ts';
import { understand } from '../intake.ts';
import { taggerRevision } from '../tagging/index.ts';
import { readSignals } from './read.ts';

/** What makes tags of words. A test may have another. */
export type Tagger = { readonly revision: number; readonly understand: typeof understand };

export const ownTagger: Tagger = { revision: taggerRevision, understand };

/** The past was tagged by a tagger that this build does not have: it cannot be read the same way again. */
export class OtherTagger extends Error {
  override readonly name = 'OtherTagger';
  constructor(found: number, own: number) {
    super(`the past was tagged by revision ${found} of the tagger, this build has ${own}: run gapwatch rebuild`);
  }
}

export type SignalsReader = typeof readSignals;

/**
 * How the records of a generation are read.
 * @throws OtherTagger from the reader, at a statement that another revision of the tagger had tagged again
 */
export function signalsReader(past: Past | null, tagger: Tagger = ownTagger): SignalsReader {
  if (past === null) return readSignals;
  const stages = configurationSchema.parse(past.configuration).stages ?? null;
  return (record) => {
    const reading = readSignals(record);
    if (!('input' in reading) || !isPast(past, record)) return reading;
    return { input: { record, content: reread(reading.input.content, past, stages, tagger) } };
  };
}

function isPast({ until }: Past, { partition, offset }: LogRecord): boolean {
  return offset < (until[partition] ?? 0);
}

function reread(content: SignalsRecord, past: Past, stages: readonly Stage[] | null, tagger: Tagger): SignalsRecord {
  if (content.type === 'configuration') return { ...content, hash: past.hash, configuration: past.configuration };
  return content.type === 'signal' ? understandAgain(content, past, stages, tagger) : content;
}

/** The words in the log are redacted already, and so they stay: redacting once more changes nothing. */
function understandAgain(
  content: TaggedSignal,
  { tagger: revision }: Past,
  stages: readonly Stage[] | null,
  tagger: Tagger,
): TaggedSignal {
  const { stage: _, ...unplaced } = content.signal as AcceptedSignal;
  const said = { ...unplaced, ...(content.named !== undefined && { stage: content.named }) } as AcceptedSignal;
  const again = tagger.understand(said, stages);
  const isOlder = content.revision < revision;
  if (isOlder && tagger.revision !== revision) throw new OtherTagger(revision, tagger.revision);
  const { origin, backfill, run, named } = content;
  return taggedSignal({
    signal: again.signal,
    tags: isOlder ? again.tags : content.tags,
    revision: isOlder ? revision : content.revision,
    origin,
    customerMayChange: false,
    backfill: backfill ?? false,
    ...(run !== undefined && { run }),
    ...(named !== undefined && { named }),
  });
}
