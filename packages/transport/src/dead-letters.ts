// Records that could not be taken: written down as they came, with the reason, and counted, so that a broken source
// stops its partition before everything it sends has gone past.
import { isUtf8 } from 'node:buffer';
import {
  type DeadLetter,
  type DeadLetterLimits,
  type Output,
  type Rejection,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';

/** Messages of one letter: a list of thousands may be wrong in each of its elements. */
const shownMessages = 3;
/** A letter fits into a record of 4 MiB, with all that JSON makes of its payload. */
const payloadBytes = 3 * 1_048_576;

/** The records of `dead-letters`: a letter for each record that was rejected, whatever was wrong with it. `at`: milliseconds UTC. */
export function deadLettersOf(service: string, rejections: readonly Rejection[], at: number): Output[] {
  const byRecord = Map.groupBy(rejections, ({ record }) => record);
  return [...byRecord.values()].map((own) => letterOf(service, own as [Rejection, ...Rejection[]], at));
}

/** The same record always has the same id. */
function letterOf(service: string, rejections: readonly [Rejection, ...Rejection[]], at: number): Output {
  const [{ record, code }] = rejections;
  const { topic, partition, offset, value } = record;
  const message = messageOf(rejections);
  const place = `${topic}/${partition}`;
  const letter: DeadLetter = {
    id: `${service}:${place}/${offset}`,
    at: new Date(at).toISOString(),
    service,
    origin: { topic, partition, offset },
    reason: { code, message },
    ...payloadOf(value),
  };
  const headers = { schema: schemaVersions.deadLetters };
  return { topic: topicNames.deadLetters, key: place, value: JSON.stringify(letter), headers };
}

function messageOf(rejections: readonly Rejection[]): string {
  const shown = rejections.slice(0, shownMessages).map(({ message }) => message);
  const left = rejections.length - shown.length;
  return [...new Set(shown), ...(left > 0 ? [`and ${left} more faults in the same payload`] : [])].join('; ');
}

/** As text where it is one; what has no room even as bytes stays where it came from. */
function payloadOf(value: Uint8Array | null): Pick<DeadLetter, 'payload' | 'payloadBase64' | 'leftOutBytes'> {
  if (value === null) return {};
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (isUtf8(bytes)) {
    const payload = bytes.toString('utf8');
    if (Buffer.byteLength(JSON.stringify(payload)) <= payloadBytes) return { payload };
  }
  const payloadBase64 = bytes.toString('base64');
  return payloadBase64.length <= payloadBytes ? { payloadBase64 } : { leftOutBytes: bytes.length };
}

/** So much was rejected that the source, or we, must be wrong: the partition waits for somebody to look. */
export class DeadLetterStorm extends Error {
  override readonly name = 'DeadLetterStorm';
  constructor(rejected: number, of: number, { code, message }: Rejection) {
    super(
      `${rejected} of the last ${of} records cannot be taken, the last because of ${code} (${message}): mend what sends them or how the source is configured, then start again: nothing of them is lost`,
    );
  }
}

/** Counts the records of one partition as they pass. */
export class DeadLetterCounter {
  readonly #limits: DeadLetterLimits;
  /** of the last records, oldest first, as a ring: 1 where rejected */
  readonly #last: Uint8Array;
  #next = 0;
  #rejected = 0;
  #inARow = 0;

  constructor(limits: DeadLetterLimits) {
    this.#limits = limits;
    this.#last = new Uint8Array(limits.ofLast);
  }

  /**
   * Takes a chunk of so many records, some of them rejected.
   * @throws DeadLetterStorm where a limit is reached; the counter must not be used afterwards
   */
  take(offsets: readonly number[], rejections: readonly Rejection[]): void {
    const byOffset = new Map(rejections.map((rejection) => [rejection.record.offset, rejection]));
    for (const offset of offsets) this.#pass(byOffset.get(offset));
  }

  #pass(rejection: Rejection | undefined): void {
    const mark = rejection === undefined ? 0 : 1;
    this.#rejected += mark - (this.#last[this.#next] ?? 0);
    this.#last[this.#next] = mark;
    this.#next = (this.#next + 1) % this.#limits.ofLast;
    this.#inARow = rejection === undefined ? 0 : this.#inARow + 1;
    if (rejection === undefined) return;
    const { inARow, share, ofLast } = this.#limits;
    if (this.#inARow >= inARow) throw new DeadLetterStorm(this.#inARow, this.#inARow, rejection);
    if (this.#rejected >= share * ofLast) throw new DeadLetterStorm(this.#rejected, ofLast, rejection);
  }
}
