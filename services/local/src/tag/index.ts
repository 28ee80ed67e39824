// NDJSON statements to NDJSON tags: one answer for each line, in order; what cannot be read is answered in its place.
import { limits, readJson, type Stage, signalSchema, type Tags } from '@gapwatch/contracts';
import { stageOf, tag, tagThread } from '@gapwatch/core';
import { z } from 'zod';
import { readLines } from '../files/lines.ts';

/** Any part of a signal, with an id to hold on to. */
const statementSchema = signalSchema.partial().extend({ id: z.union([z.string(), z.number()]).nullable().optional() });
type Statement = z.infer<typeof statementSchema>;

export type LineError = {
  readonly id: string | number | null;
  readonly error: { readonly code: string; readonly line: number; readonly message: string };
};
export type TaggedLine = { readonly id: string | number | null; readonly stage: string } & Tags;
export type TaggedThread = { readonly thread: string } & Pick<Tags, 'issue' | 'sentiment'>;

type Read = { readonly statement: Statement; readonly line: number } | LineError;

export async function* tagLines(
  input: AsyncIterable<Buffer>,
  stages: readonly Stage[] | null,
): AsyncGenerator<TaggedLine | LineError> {
  for await (const read of readStatements(input)) {
    if ('error' in read) yield read;
    else {
      const { statement } = read;
      const { language, sentiment, issue, effort } = tag(statement);
      const stage = stageOf(statement, stages);
      yield { id: statement.id ?? null, language, stage, sentiment, issue, effort };
    }
  }
}

/** One answer a thread, in order of first appearance, when the input has ended. */
export async function* tagThreads(input: AsyncIterable<Buffer>): AsyncGenerator<TaggedThread | LineError> {
  const threads = new Map<string, Statement[]>();
  for await (const read of readStatements(input)) {
    if ('error' in read) yield read;
    else if (read.statement.thread === undefined) yield withoutThread(read);
    else {
      const known = threads.get(read.statement.thread);
      if (known === undefined) threads.set(read.statement.thread, [read.statement]);
      else known.push(read.statement);
    }
  }
  for (const [thread, statements] of threads) {
    const { issue, sentiment } = tagThread(statements);
    yield { thread, issue, sentiment };
  }
}

function withoutThread({ statement, line }: Exclude<Read, LineError>): LineError {
  const message = 'thread: missing; with --threads each statement names its conversation';
  return { id: statement.id ?? null, error: { code: 'schema', line, message } };
}

async function* readStatements(input: AsyncIterable<Buffer>): AsyncGenerator<Read> {
  for await (const { line, bytes, sizeBytes } of readLines(input, limits.recordBytes)) {
    if (bytes === null) {
      const message = `${sizeBytes} bytes; at most ${limits.recordBytes} are taken: split it`;
      yield { id: null, error: { code: 'too-large', line, message } };
    } else yield readStatement(bytes, line);
  }
}

function readStatement(bytes: Buffer, line: number): Read {
  const { value, fault } = readJson(bytes);
  if (fault !== undefined) return { id: null, error: { code: fault.code, line, message: fault.message } };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { id: null, error: { code: 'not-json', line, message: 'no JSON object: write {"id":"7","text":"…"}' } };
  }
  const parsed = statementSchema.safeParse(value);
  if (parsed.success) return { statement: parsed.data, line };
  const [issue] = parsed.error.issues;
  const { id } = value as { id?: unknown };
  const known = typeof id === 'string' || typeof id === 'number' ? id : null;
  return { id: known, error: { code: 'schema', line, message: `${issue?.path.join('.')}: ${issue?.message}` } };
}
