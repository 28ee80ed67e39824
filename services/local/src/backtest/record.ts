// A record of a log that nobody keeps: what the folds look at beside its content.
import { type LogRecord, schemaVersions } from '@gapwatch/contracts';

/** `time`: log time, milliseconds UTC. The content is parsed already, so there is no value. */
export function recordAt(topic: string, offset: number, time: number): LogRecord {
  return { topic, partition: 0, offset, time, key: null, value: null, headers: { schema: schemaVersions.signals } };
}
