// Between the client's messages and our records.
import type { LogRecord, Output } from '@gapwatch/contracts';
import type { KafkaMessage, Message } from 'kafkajs';

const noHeaders: Readonly<Record<string, string>> = {};

function headersOf(headers: KafkaMessage['headers']): Readonly<Record<string, string>> {
  if (headers === undefined) return noHeaders;
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // of a name that stands twice the last one counts
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) Object.defineProperty(read, name, { value: last.toString(), enumerable: true });
  }
  return read;
}

export function toRecord(topic: string, partition: number, message: KafkaMessage): LogRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    time: Number(message.timestamp),
    key: message.key?.toString() ?? null,
    value: message.value,
    headers: headersOf(message.headers),
  };
}

function bytesOf(value: Output['value']): Buffer | null {
  if (value === null) return null;
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** The time counts where the topic is open for a past; elsewhere the broker sets its own. */
export function toMessage({ key, value, headers, time }: Output, partition: number): Message {
  return {
    key: key === null ? null : Buffer.from(key),
    value: bytesOf(value),
    partition,
    ...(headers !== undefined && { headers }),
    ...(time !== undefined && { timestamp: String(time) }),
  };
}
