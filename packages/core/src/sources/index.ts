export { acceptSignal } from './accept.ts';
export { occurrenceHeader } from './csv.ts';
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
export type { SchemaAt, SourceFault } from './registry.ts';
export { createMapping, sourceFaults, sourceSchemas, sources, sourceTypeSchemas } from './registry.ts';
