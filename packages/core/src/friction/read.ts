// Parses the records of `signals`. What we wrote ourselves is known by its header and believed; anything else is checked, and
// whatever holds half of a surrogate pair.
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
/** How JSON writes half of a surrogate pair: an earlier version took it in ids, which no store keeps. */
const halfPair = '\\ud';

export function readSignals(
  record: LogRecord,
): { input: SignalsInput } | { rejection: Rejection } | { skipped: string } {
  if (record.value === null) return { skipped: 'tombstone' };
  if (record.headers.schema === schemaVersions.signals) {
    const text = decoder.decode(record.value);
    if (!text.includes(halfPair)) return { input: { record, content: JSON.parse(text) as SignalsRecord } };
  }
  const { value, fault } = readJson(record.value);
  if (fault !== undefined) return { rejection: { record, ...fault } };
  const parsed = signalsRecordSchema.safeParse(value);
  if (parsed.success) return { input: { record, content: parsed.data } };
  const issue = parsed.error.issues[0];
  const message = `${issue?.path.join('.')}: ${issue?.message}`;
  return { rejection: { record, code: 'schema', message } };
}
