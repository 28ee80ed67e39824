// The log of a Kafka that has none, from the archive: every record under its offset and with its time, so that whatever names a
// place in the log still finds it. One that was killed goes on where it was.
import { holdsPayloads, isOurs, isPartitioned, type LogRecord, sourceOfTopic, topicNames } from '@gapwatch/contracts';
import { type Archive, archivedStretches, archivedUntil, type StateStore, type Stretch } from '@gapwatch/storage';
import type { KafkaLog } from '@gapwatch/transport/kafka';
import { readingsOf } from '../running/folded.ts';
import { UsageError } from '../terminal/output.ts';
import { ArchiveCopy, type Copy, type CopyParts, lacking } from './copy.ts';
import { Origins, type Place } from './origins.ts';

export type RestoreParts = { readonly log: KafkaLog; readonly state: StateStore; readonly archive: Archive | null };

/** `done` of `total` offsets, those that nothing is kept of among them. */
export type OnRestored = (done: number, total: number) => void;

type Partitions = ReadonlyMap<number, readonly Stretch[]>;
type Stretches = ReadonlyMap<string, Partitions>;

const { signals } = topicNames;

/**
 * How many records of the archive the log has now; null where it has all that the archive has. It stays open until
 * `closeRestored`, so that nothing of it goes before it is folded.
 * @throws UsageError where the archive is not whole, or where Kafka or the state are not empty
 */
export async function restoreLog(parts: RestoreParts, onRestored: OnRestored): Promise<number | null> {
  const { log, archive, state } = parts;
  const isOpen = await log.isPastOpen(signals);
  if (archive === null) {
    if (!isOpen) return null;
    throw new UsageError('the log is half restored from an archive: set GAPWATCH_S3_BUCKET, and rebuild again');
  }
  if (!isOpen) {
    if (!(await lacksRecords(log, archive))) return null;
    await checkEmpty(parts);
  }
  const stretches = await archivedStretches(archive);
  checkWhole(stretches);
  return copyAll({ log, archive, state }, stretches, onRestored);
}

/** From here on the log is like any other. `signals` comes last: by it a restore is known that was killed. */
export async function closeRestored(log: KafkaLog): Promise<void> {
  const others = (await log.topics()).filter((topic) => topic !== signals);
  for (const topic of [...others, signals]) if (await log.isPastOpen(topic)) await log.closePast(topic);
}

/** Whether the archive has more of `signals` than Kafka ever had. */
async function lacksRecords(log: KafkaLog, archive: Archive): Promise<boolean> {
  const partitions: Partitions = (await archivedStretches(archive, signals)).get(signals) ?? new Map();
  if (!(await log.topics()).includes(signals)) return partitions.size > 0;
  for (const [partition, stretches] of partitions) {
    if (endOf(stretches) > (await log.marks(signals, partition)).high) return true;
  }
  return false;
}

function endOf(stretches: readonly Stretch[]): number {
  return stretches.at(-1)?.end ?? 0;
}

async function checkEmpty({ log, state }: RestoreParts): Promise<void> {
  const [topic] = await log.topics();
  if (topic !== undefined) {
    throw new UsageError(
      `the archive has more of ${signals} than this Kafka ever had, and Kafka has a topic ${topic}: a log is restored where there is none of ours. Delete the topics where nothing of them counts, or take another GAPWATCH_TOPIC_PREFIX; gapwatch topics comes after the rebuild`,
    );
  }
  for (const { topic: read, namespace } of readingsOf([])) {
    if ((await state.partition(namespace, 0).position()) === 0) continue;
    throw new UsageError(
      `Redis holds what was folded of the ${read} of another log: empty it, or name another one, and rebuild again`,
    );
  }
}

/** What is kept for ever must be there from its first record on. */
function checkWhole(stretches: Stretches): void {
  for (const [topic, partitions] of stretches) {
    checkOurs(topic);
    if (holdsPayloads(topic)) continue;
    for (const [partition, own] of partitions) {
      const whole = archivedUntil(own);
      if (whole < endOf(own)) throw lacking(topic, partition, whole);
    }
  }
}

function checkOurs(topic: string): void {
  if (isOurs(topic) || sourceOfTopic(topic) !== null) return;
  throw new UsageError(
    `${topic} belongs to somebody else, and numbers its records another way than the log that was archived: what of it was tagged could not be told. Begin anew, and read the past in with gapwatch ingest --backfill`,
  );
}

async function copyAll(parts: CopyParts, stretches: Stretches, onRestored: OnRestored): Promise<number> {
  const total = [...stretches.values()].flatMap((own) => [...own.values()].map(endOf)).reduce((sum, end) => sum + end);
  let done = 0;
  let records = 0;
  const origins = new Origins();
  const copy = new ArchiveCopy(parts, {
    onOffsets: (offsets) => {
      done += offsets;
      onRestored(done, Math.max(done, total));
    },
    onRecord: (record) => {
      records += 1;
      const origin = origins.note(record);
      if (origin !== null) checkThere(record, origin, stretches);
    },
  });
  const partitions = copiesOf(signals, stretches.get(signals)).length;
  const copyTopic = async (topic: string) => {
    checkOurs(topic);
    const copies = copiesOf(topic, stretches.get(topic), origins.of(topic));
    await parts.log.openPast(topic, isPartitioned(topic) ? Math.max(partitions, copies.length) : 1);
    for (const one of copies) await copy.copy(one);
  };
  // `signals` first: by it a restore is known that was killed. Payloads last: the others say how far they were tagged
  const named = new Set<string>([signals, ...Object.values(topicNames)]);
  for (const topic of named) await copyTopic(topic);
  for (const topic of new Set([...stretches.keys(), ...origins.topics()]))
    if (!named.has(topic)) await copyTopic(topic);
  return records;
}

/** @throws UsageError where a record that is kept for ever is missing at the end, and another was made of it */
function checkThere({ topic, partition, offset }: LogRecord, origin: Place, stretches: Stretches): void {
  const end = endOf(stretches.get(origin.topic)?.get(origin.partition) ?? []);
  if (holdsPayloads(origin.topic) || origin.offset < end) return;
  const place = `${origin.topic}/${origin.partition}`;
  throw new UsageError(
    `${topic}/${partition}: the record ${offset} was made of ${place} ${origin.offset}, and the archive has ${place} up to ${end}: it is not whole yet. Run gapwatch start on the directory until gapwatch doctor says that everything is archived, copy what is new, and rebuild again; where that is lost, move the objects of ${topic} from that record on away`,
  );
}

/** One for each partition up to the last that is known of. `read`: how far they were tagged. */
function copiesOf(
  topic: string,
  stretches: Partitions = new Map(),
  read: ReadonlyMap<number, number> = new Map(),
): Copy[] {
  const partitions = Math.max(-1, ...stretches.keys(), ...read.keys()) + 1;
  return Array.from({ length: partitions }, (_, partition) => {
    const { first, end } = stretches.get(partition)?.at(-1) ?? { first: 0, end: 0 };
    if (!holdsPayloads(topic)) return { topic, partition, from: 0, end };
    const behind = read.get(partition) ?? 0;
    // where the archive ends before, nothing of it is needed
    const from = end < behind ? behind : Math.max(first, behind - readAgain);
    return { topic, partition, from, end: Math.max(end, behind) };
  });
}

/**
 * Of a raw topic that which was tagged is in `signals`; what was not lay beside it in one chunk at most. So much is read again
 * by the tagger, told by its origin, and dropped: more than any chunk has.
 */
const readAgain = 5_000;
