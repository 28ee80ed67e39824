// The floor of everything embedded: SQLite appending rows of the same size in transactions of the same length.
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Rows a second of one run into a file that is made anew: WAL, synchronous FULL. */
export function appendRate(path: string, rows: number, rowBytes: number, rowsPerTransaction: number): number {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec('CREATE TABLE records (id INTEGER PRIMARY KEY, value BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO records VALUES (?, ?)');
  const value = new Uint8Array(rowBytes).fill(0x78);
  const from = performance.now();
  for (let row = 0; row < rows; ) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = 0; index < rowsPerTransaction && row < rows; index += 1) insert.run(row++, value);
    database.exec('COMMIT');
  }
  const rate = (1_000 * rows) / (performance.now() - from);
  database.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  return rate;
}
