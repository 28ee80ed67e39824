// The samples inside a source, run: what each becomes, and whether that is what it says.
import type { Outcome, Payload, Source, SourceContext, SourceSample } from './define.ts';

/** What samples are told: the same in every run. */
export const sampleContext: SourceContext = { sourceId: 'sample', receivedAt: Date.UTC(2026, 2, 5) };

const encoder = new TextEncoder();

/** The payload of a sample; text is read as bytes. */
export function samplePayload({ value, headers = {} }: SourceSample): Payload {
  return { value: typeof value === 'string' ? encoder.encode(value) : value, headers };
}

export function runSample(source: Source, sample: SourceSample): readonly Outcome[] {
  return source.create(sample.settings ?? {})(samplePayload(sample), sampleContext);
}

/** Outcomes as a sample writes them: a subject made of a hash is `row:SUBJECT`, a customer `email:EMAIL`; without what is undefined. */
export function asWritten(outcomes: readonly Outcome[]): unknown {
  const text = JSON.stringify(outcomes).replace(/row:[0-9a-f]{32}/g, 'row:SUBJECT');
  return JSON.parse(text.replace(/email:[0-9a-f]{32}/g, 'email:EMAIL'));
}
