// The layout of the archive: the key of an object of records, and a record as a line of it. Whoever reads Hive partitions
// and NDJSON (DuckDB, Spark, jq) needs nothing else: topic=signals/dt=2026-03-05/hr=10/part=0/FIRST-LAST.ndjson.zst
import { isUtf8 } from 'node:buffer';
import type { LogRecord } from '@gapwatch/contracts';
import { z } from 'zod';

/** A run of one partition: all the records from `first` to `last`, both included, within one hour by their time. */
export type ObjectPlace = {
  readonly topic: string;
  readonly partition: number;
  /** whole hours since 1970 UTC */
  readonly hour: number;
  readonly first: number;
  readonly last: number;
};

const hourMs = 3_600_000;
const offsetDigits = 16;
// what RFC 3339 can write; a foreign record may claim any time, and is kept under the nearest
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function writtenTime(time: number): number {
  return Math.min(Math.max(time, earliest), latest);
}

/** The hour under which a record is kept. `time`: milliseconds UTC. */
export function archivedHour(time: number): number {
  return Math.floor(writtenTime(time) / hourMs);
}

/** A topic may be called anything; a key may not. */
function encodeTopic(topic: string): string {
  return encodeURIComponent(topic).replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** All keys of a topic begin with it; they come in the order of their hours. */
export function topicPrefix(topic: string): string {
  return `topic=${encodeTopic(topic)}/`;
}

export function objectKey({ topic, partition, hour, first, last }: ObjectPlace): string {
  const [day = '', time = ''] = new Date(hour * hourMs).toISOString().split('T');
  const [from, to] = [first, last].map((offset) => String(offset).padStart(offsetDigits, '0'));
  return `${topicPrefix(topic)}dt=${day}/hr=${time.slice(0, 2)}/part=${partition}/${from}-${to}.ndjson.zst`;
}

const keyPattern = /^topic=([^/]+)\/dt=([\d-]+)\/hr=(\d\d)\/part=(\d+)\/(\d+)-(\d+)\.ndjson\.zst$/;

/** null: the key of something else. */
export function parseObjectKey(key: string): ObjectPlace | null {
  const [, topic, day, hr, partition, first, last] = keyPattern.exec(key) ?? [];
  if (topic === undefined) return null;
  const hour = Date.parse(`${day}T${hr}:00:00Z`) / hourMs;
  try {
    const numbers = { hour, partition: Number(partition), first: Number(first), last: Number(last) };
    const place = { topic: decodeURIComponent(topic), ...numbers };
    return objectKey(place) === key ? place : null;
  } catch {
    // no time, or no text
    return null;
  }
}

/** One line, with its end. `timestamp` is RFC 3339, which DuckDB takes for a TIMESTAMP by itself. */
export function encodeLine({ topic, partition, offset, time, key, value, headers }: LogRecord): string {
  const timestamp = new Date(writtenTime(time)).toISOString();
  return `${JSON.stringify({ topic, partition, offset, timestamp, key, ...encodeValue(value), headers })}\n`;
}

function encodeValue(value: Uint8Array | null): { value: string | null } | { valueBase64: string } {
  if (value === null) return { value };
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return isUtf8(bytes) ? { value: bytes.toString('utf8') } : { valueBase64: bytes.toString('base64') };
}

const lineSchema = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  timestamp: z.iso.datetime(),
  key: z.string().nullable(),
  value: z.string().nullish(),
  valueBase64: z.base64().optional(),
  headers: z.record(z.string(), z.string()),
});

/** Throws where the line is no record. */
export function decodeLine(line: string): LogRecord {
  const read: unknown = JSON.parse(line);
  const { timestamp, value, valueBase64, ...rest } = lineSchema.parse(read);
  if ((value === undefined) === (valueBase64 === undefined)) throw new Error('neither value nor valueBase64, or both');
  // as they were read: the schema leaves out a header called __proto__
  const { headers } = read as Pick<LogRecord, 'headers'>;
  return { ...rest, headers, time: Date.parse(timestamp), value: decodeValue(value ?? null, valueBase64) };
}

function decodeValue(value: string | null, valueBase64: string | undefined): Uint8Array | null {
  if (valueBase64 !== undefined) return Buffer.from(valueBase64, 'base64');
  return value === null ? null : Buffer.from(value, 'utf8');
}
