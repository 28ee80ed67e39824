// Sending dead letters again, after what was wrong is mended. What is sent again is taken like anything that arrives; the
// mark that it was is kept in the state, so that nobody does it twice without meaning to.
// Delivery: a letter is marked after the log has it; a crash in between leaves it unmarked, and a repeat is known by its content.
import { randomUUID } from 'node:crypto';
import {
  type DeadLetter,
  type FrictionRecord,
  type LogRecord,
  type Origin,
  type Output,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { commandOutput, intakeHeaders } from '@gapwatch/core';
import type { Appended, Log } from '@gapwatch/transport';
import type { Letter } from './letters.ts';
import type { Marks } from './marks.ts';

/** On what was sent again: the id of its dead letter. */
export const deadLetterHeader = 'dead-letter';

/** Why a letter is not sent again. */
export type Refusal = 'replayed-already' | 'written-by-us' | 'left-out';

/** Where a letter's payload lies now. */
export type Sent = { readonly topic: string } & Appended;

export type Replay =
  | { readonly letter: Letter; readonly sent: Sent }
  | { readonly letter: Letter; readonly refused: Refusal };

/** What is needed of the log. */
export type ReplayLog = Pick<Log, 'append' | 'marks' | 'read'>;

export type ReplayOptions = {
  readonly log: ReplayLog;
  readonly marks: Marks;
  readonly by: string;
  /** RFC 3339 */
  readonly at: string;
  /** also what was sent again before */
  readonly again: boolean;
};

const batchLetters = 100;

/** Sends letters again, each id once, and says of each what became of it. */
export async function* replay(letters: AsyncIterable<Letter>, options: ReplayOptions): AsyncGenerator<Replay> {
  const run = randomUUID();
  const seen = new Set<string>();
  let batch: Letter[] = [];
  for await (const letter of letters) {
    if (seen.has(letter.letter.id)) continue;
    seen.add(letter.letter.id);
    batch.push(letter);
    if (batch.length < batchLetters) continue;
    yield* await send(batch, run, seen.size - batch.length, options);
    batch = [];
  }
  yield* await send(batch, run, seen.size - batch.length, options);
}

async function send(batch: readonly Letter[], run: string, first: number, options: ReplayOptions): Promise<Replay[]> {
  const { log, marks, by, at } = options;
  const decided = await decide(batch, run, first, options);
  const sending = decided.filter((one) => 'output' in one);
  const appended = await log.append(sending.map(({ output }) => output));
  await marks.write(
    sending.map(({ letter }) => letter.letter.id),
    { by, at },
  );
  const places = new Map(
    sending.map(({ letter, output }, index) => [letter, { topic: output.topic, ...appended[index]! }]),
  );
  return decided.map((one) => ('refused' in one ? one : { letter: one.letter, sent: places.get(one.letter)! }));
}

type Decided = Extract<Replay, { refused: Refusal }> | { readonly letter: Letter; readonly output: Output };

/** `first`: how many letters of this run came before. */
async function decide(
  batch: readonly Letter[],
  run: string,
  first: number,
  { log, marks, again }: ReplayOptions,
): Promise<Decided[]> {
  const marked = await marks.read(batch.map(({ letter }) => letter.id));
  const decisions = batch.map(async (letter, index): Promise<Decided> => {
    if (marked[index] !== null && !again) return { letter, refused: 'replayed-already' };
    if (letter.letter.leftOutBytes !== undefined) return { letter, refused: 'left-out' };
    const origin = { topic: `replay.${run}`, partition: 0, offset: first + index, index: 0 };
    const output = outputOf(letter.letter, await recordOf(log, letter.letter), origin);
    return output === null ? { letter, refused: 'written-by-us' } : { letter, output };
  });
  return Promise.all(decisions);
}

type Original = Pick<LogRecord, 'key' | 'headers'>;

/** Key and headers with which a payload came, while its topic still keeps it. */
async function recordOf(log: ReplayLog, { origin }: DeadLetter): Promise<Original> {
  const unknown = { key: null, headers: {} };
  try {
    const { low, high } = await log.marks(origin.topic, origin.partition);
    if (origin.offset < low || origin.offset >= high) return unknown;
    const { records } = await log.read(origin.topic, origin.partition, origin.offset, 1);
    return records[0]?.offset === origin.offset ? records[0] : unknown;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('Unknown')) return unknown;
    throw error;
  }
}

/**
 * The record that brings a letter's payload in again; null where the payload is a record of our own, which is not
 * sent but made. `fresh`: an origin that nothing was made from yet.
 */
export function outputOf(letter: DeadLetter, original: Original, fresh: Origin): Output | null {
  const { topic, partition } = letter.origin;
  const { [intakeHeaders.run]: _, ...kept } = original.headers;
  const headers = { ...kept, [deadLetterHeader]: letter.id };
  const value = payloadOf(letter);
  if (topic === topicNames.signals)
    return { topic, partition, key: original.key, value: withOrigin(value, fresh), headers };
  if (topic === topicNames.friction) return commandOf(letter, headers);
  if (letter.service !== 'tagger' && topic !== topicNames.commands) return null;
  return { topic, key: original.key, value, headers };
}

/** The bytes as they came. */
export function payloadOf({ payload, payloadBase64 }: DeadLetter): Uint8Array {
  return payload === undefined ? Buffer.from(payloadBase64 ?? '', 'base64') : Buffer.from(payload);
}

/** The fold takes two records of one origin for one: what it rejected comes back under another. */
function withOrigin(value: Uint8Array, origin: Origin): Uint8Array {
  const record = parsed(value);
  return record !== null && 'origin' in record ? Buffer.from(JSON.stringify({ ...record, origin })) : value;
}

/** A command that the detector could not carry out goes its whole way again. */
function commandOf(letter: DeadLetter, headers: Output['headers']): Output | null {
  const record = parsed(payloadOf(letter)) as FrictionRecord | null;
  if (record?.type !== 'command') return null;
  return { ...commandOutput(record.command), headers: { ...headers, schema: schemaVersions.commands } };
}

function parsed(value: Uint8Array): object | null {
  try {
    const record: unknown = JSON.parse(Buffer.from(value).toString());
    return typeof record === 'object' && !Array.isArray(record) ? record : null;
  } catch {
    return null;
  }
}
