// The tables of the embedded log, and what is read from and written to them. Offsets are given out inside the transaction,
// so that several processes may append to one file. Append O(log n) a record, read O(log n + records).
import type { LogRecord, Output } from '@gapwatch/contracts';
import type { SqliteFile } from '@gapwatch/runtime';
import { AboveHighMark, type Appended, BelowLowMark, type Chunk, type Marks, PartitionsDiffer } from '../port.ts';

/** One partition of one topic. Its records have a table of their own: appending at the end of a tree is cheapest. */
export type Stream = { readonly id: number; readonly topic: string; readonly partition: number };

export const schemaVersion = 1;
export const schema = `
CREATE TABLE streams (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,
  low INTEGER NOT NULL, high INTEGER NOT NULL, time INTEGER NOT NULL, UNIQUE (topic, partition));
`;

const sql = {
  streams: 'SELECT id, topic, partition FROM streams ORDER BY topic, partition',
  newStream: 'INSERT INTO streams (topic, partition, low, high, time) VALUES (?, ?, 0, 0, 0) RETURNING id',
  end: 'SELECT low, high, time FROM streams WHERE id = ?',
  moveEnd: 'UPDATE streams SET high = ?, time = ? WHERE id = ?',
  moveLow: 'UPDATE streams SET low = ? WHERE id = ?',
  highs: 'SELECT topic, partition, high FROM streams',
  dataVersion: 'PRAGMA data_version',
} as const;

function createRecords(id: number): string {
  return `CREATE TABLE records_${id} (offset INTEGER PRIMARY KEY, time INTEGER NOT NULL, key TEXT, value, headers TEXT)`;
}
function insertRecord(id: number): string {
  return `INSERT INTO records_${id} (offset, time, key, value, headers) VALUES (?, ?, ?, ?, ?)`;
}
function selectRecords(id: number): string {
  return `SELECT offset, time, key, CAST(value AS BLOB) AS value, headers FROM records_${id} WHERE offset >= ? ORDER BY offset LIMIT ?`;
}

const deletedRows = 10_000;
/** A chunk ends after the record that passes this, so that large records do not fill the memory. */
const chunkBytes = 8 * 1024 * 1024;

type End = { readonly low: number; readonly high: number; readonly time: number };
type Row = { offset: number; time: number; key: string | null; value: Uint8Array | null; headers: string | null };

export function readStreams(file: SqliteFile): Stream[] {
  return file.run(() => file.statement(sql.streams).all() as Stream[]);
}

/** @throws PartitionsDiffer if the topic is there with another number of partitions */
export function createStreams(file: SqliteFile, topic: string, partitions: number): void {
  file.transaction(() => {
    const found = readStreams(file).filter((stream) => stream.topic === topic).length;
    if (found !== 0 && found !== partitions) throw new PartitionsDiffer(topic, found, partitions);
    for (let partition = found; partition < partitions; partition += 1) {
      const { id } = file.statement(sql.newStream).get(topic, partition) as { id: number };
      file.execute(createRecords(id));
    }
  });
}

function endOf(file: SqliteFile, stream: Stream): End {
  return file.statement(sql.end).get(stream.id) as End;
}

export function readMarks(file: SqliteFile, stream: Stream): Marks {
  const { low, high } = file.run(() => endOf(file, stream));
  return { low, high };
}

function headersText(headers: Output['headers']): string | null {
  return headers === undefined || Object.keys(headers).length === 0 ? null : JSON.stringify(headers);
}

export type Placed = { readonly output: Output; readonly stream: Stream };

/** Writes in the order given, inside the caller's transaction. `now` is the time of records that bring none. */
export function writeRecords(file: SqliteFile, placed: readonly Placed[], now: number): Appended[] {
  const ends = new Map<Stream, { high: number; time: number }>();
  const appended = placed.map(({ output, stream }) => {
    const end = ends.get(stream) ?? { ...endOf(file, stream) };
    ends.set(stream, end);
    const offset = end.high;
    end.high += 1;
    end.time = Math.max(output.time ?? now, end.time);
    const insert = file.statement(insertRecord(stream.id));
    insert.run(offset, end.time, output.key, output.value, headersText(output.headers));
    return { partition: stream.partition, offset, time: end.time };
  });
  for (const [{ id }, { high, time }] of ends) file.statement(sql.moveEnd).run(high, time, id);
  return appended;
}

const noHeaders: Readonly<Record<string, string>> = {};

/** Headers are nearly always those of the record before. */
function headersReader(): (text: string | null) => Readonly<Record<string, string>> {
  let known: string | null = null;
  let headers = noHeaders;
  return (text) => {
    if (text === null) return noHeaders;
    if (text !== known) {
      headers = JSON.parse(text);
      known = text;
    }
    return headers;
  };
}

function readRecords(file: SqliteFile, stream: Stream, from: number, limit: number): LogRecord[] {
  const { topic, partition, id } = stream;
  const headersOf = headersReader();
  const records: LogRecord[] = [];
  let bytes = 0;
  for (const row of file.statement(selectRecords(id)).iterate(from, limit)) {
    const { offset, time, key, value, headers } = row as Row;
    records.push({ topic, partition, offset, time, key, value, headers: headersOf(headers) });
    bytes += value?.length ?? 0;
    if (bytes > chunkBytes) break;
  }
  return records;
}

/** @throws BelowLowMark, AboveHighMark */
export function readChunk(file: SqliteFile, stream: Stream, from: number, limit: number): Chunk {
  const { topic, partition } = stream;
  return file.run(() => {
    const { low, high } = endOf(file, stream);
    if (from < low) throw new BelowLowMark(topic, partition, from, low);
    if (from > high) throw new AboveHighMark(topic, partition, from, high);
    const records = readRecords(file, stream, from, limit);
    const last = records.at(-1);
    const next = last === undefined ? from : last.offset + 1;
    return { topic, partition, from, next, high: Math.max(high, next), records };
  });
}

/** Moves the low mark first: a crash in between leaves rubbish below it, never a hole above. */
export function* deleteRecords(file: SqliteFile, stream: Stream, offset: number): Generator<void> {
  const { low, high } = readMarks(file, stream);
  const until = Math.min(Math.max(offset, low), high);
  file.transaction(() => file.statement(sql.moveLow).run(until, stream.id));
  const records = `records_${stream.id}`;
  const text = `DELETE FROM ${records} WHERE offset IN (SELECT offset FROM ${records} WHERE offset < ? LIMIT ?)`;
  while (file.transaction(() => Number(file.statement(text).run(until, deletedRows).changes)) === deletedRows) yield;
}

/** Changes when another connection, in this process or another, has committed. */
export function dataVersion(file: SqliteFile): number {
  return file.run(() => file.statement(sql.dataVersion).get()?.data_version as number);
}

export function readHighs(file: SqliteFile): { topic: string; partition: number; high: number }[] {
  return file.run(() => file.statement(sql.highs).all() as { topic: string; partition: number; high: number }[]);
}
