// A record of a log that nobody keeps: what the folds look at beside its content.
import { type LogRecord, schemaVersions, topicNames } from '@gapwatch/contracts';

/** `time`: log time, milliseconds UTC. The content is parsed already, so there is no value. */
export function recordAt(name: 'signals' | 'friction', offset: number, time: number): LogRecord {
  const headers = { schema: schemaVersions[name] };
  return { topic: topicNames[name], partition: 0, offset, time, key: null, value: null, headers };
}
