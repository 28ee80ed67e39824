// Parses the records of `signals`. What we wrote ourselves is known by its header and believed; anything else is checked.
import {
  type LogRecord,
  type Rejection,
  readJson,
  type SignalsRecord,
  schemaVersions,
  signalsRecordSchema,
} from '@gapwatch/contracts';
import type { SignalsInput } from './fold.ts';

const decoder = new TextDecoder();

export function readSignals(
  record: LogRecord,
): { input: SignalsInput } | { rejection: Rejection } | { skipped: string } {
  if (record.value === null) return { skipped: 'tombstone' };
  if (record.headers.schema === schemaVersions.signals) {
    return { input: { record, content: JSON.parse(decoder.decode(record.value)) as SignalsRecord } };
  }
  const { value, fault } = readJson(record.value);
  if (fault !== undefined) return { rejection: { record, ...fault } };
  const parsed = signalsRecordSchema.safeParse(value);
  if (parsed.success) return { input: { record, content: parsed.data } };
  const issue = parsed.error.issues[0];
  const message = `${issue?.path.join('.')}: ${issue?.message}`;
  return { rejection: { record, code: 'schema', message } };
}
