export { acceptSignal } from './accept.ts';
export { emailId } from './customers.ts';
export type {
  Mapping,
  Outcome,
  Payload,
  RejectOutcome,
  SignalOutcome,
  SkipOutcome,
  Source,
  SourceContext,
  SourceSample,
} from './define.ts';
export { defineSource, reject, skip, skipReasons } from './define.ts';
export type { OwnContext, OwnDefinition, OwnOutcome, OwnSignal } from './own.ts';
export { ownSource, sourceKit } from './own.ts';
export type { SchemaAt, SourceFault, SourceTypes } from './registry.ts';
export { createMapping, sourceFaults, sourceSchemas, sources, sourceTypeSchemas } from './registry.ts';
export { occurrenceHeader } from './rows/mapping.ts';
export { asWritten, runSample, sampleContext } from './samples.ts';
export { suggestColumns } from './suggest/columns.ts';
export type { SampledList } from './suggest/list.ts';
export type { SampledColumn } from './suggest/sampled.ts';
