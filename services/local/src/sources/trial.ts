// A source tried on payloads: what each becomes, by the mapping alone. Nothing is kept, and no time is too late.
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { AcceptedSignal, SourceSettings, Stage } from '@gapwatch/contracts';
import { asWritten, createMapping, type Outcome, runSample, type Source, stageOf } from '@gapwatch/core';
import { contextOf } from '../exports/read.ts';
import { formatOf, readPayloads } from '../files/index.ts';
import type { Settled } from '../settings/configuration.ts';

/** One payload and what it became; `line`: where it begins in its file, from 1. */
export type Trial = {
  /** from 0 */
  readonly index: number;
  readonly line: number;
  readonly outcomes: readonly Outcome[];
  /** of a sample: its name, and whether it became what it says */
  readonly sample?: { readonly name: string; readonly isAsSaid: boolean };
};

export type TrialOptions = {
  readonly settled: Settled;
  readonly source: SourceSettings;
  readonly receivedAt: number;
  readonly onProgress: (bytes: number, total: number | null) => void;
  /** what was found or assumed about the file */
  readonly onNote: (note: string) => void;
};

/** The payloads of a file, one after another; a place that cannot be read is a rejection in its place. */
export async function* tryFile(file: string, options: TrialOptions): AsyncGenerator<Trial> {
  const { settled, source, receivedAt } = options;
  const mapping = createMapping(source, settled.sourcing.types);
  const context = contextOf(source.id, receivedAt, settled.sourcing);
  const place = placer(settled.configuration.stages ?? null);
  let index = 0;
  for await (const item of itemsOf(file, options)) {
    const { line } = item;
    const outcomes: readonly Outcome[] =
      'fault' in item
        ? [{ kind: 'reject', ...item.fault }]
        : mapping({ value: item.bytes, headers: item.headers }, context);
    yield { index, line, outcomes: outcomes.map(place) };
    index += 1;
  }
  for (const warning of mapping.absent?.() ?? []) options.onNote(warning);
}

function itemsOf(file: string, { source, onNote, onProgress }: TrialOptions) {
  if (/\.form$/i.test(file)) return body(file);
  const progress = (read: { bytesRead: number; totalBytes: number | null }) =>
    onProgress(read.bytesRead, read.totalBytes);
  return readPayloads(file, { ...formatOf(source.type, file), onNote, onProgress: progress });
}

/** A body as it was posted is one payload. */
async function* body(file: string) {
  yield { line: 1, bytes: await readFile(file), headers: {} };
}

/** Puts a signal at its stage, as the rules of the configuration say. */
function placer(stages: readonly Stage[] | null): (outcome: Outcome) => Outcome {
  if (stages === null) return (outcome) => outcome;
  return (outcome) => {
    if (outcome.kind !== 'signal' || !hasStage(outcome.signal)) return outcome;
    return { ...outcome, signal: { ...outcome.signal, stage: stageOf(outcome.signal, stages) } };
  };
}

function hasStage({ kind, op, stage }: AcceptedSignal): boolean {
  return op === 'upsert' && (kind !== 'lifecycle' || stage !== undefined);
}

/** The samples that a source carries in itself, each under its own settings. */
export function* trySamples(source: Source): Generator<Trial> {
  for (const [index, sample] of source.samples.entries()) {
    const outcomes = runSample(source, sample);
    const isAsSaid = isDeepStrictEqual(asWritten(outcomes), asWritten(sample.outcomes));
    yield { index, line: index + 1, outcomes, sample: { name: sample.name, isAsSaid } };
  }
}
