// One SQLite file of ours: opened the same way everywhere, faults named, writes in immediate transactions.
// Guarantee: `transaction` writes everything or nothing and never nests; reads see what is committed.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StorageError, toStorageError } from './sqlite-errors.ts';

export type SqliteOptions = {
  /** FULL: a commit survives a power cut. NORMAL: it survives a crash of the process, and the file stays whole */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** statements that make the tables of an empty file, and the number by which a file made by others is known */
  readonly schema: string;
  readonly schemaVersion: number;
  readonly busyTimeoutMs?: number;
  readonly cacheBytes?: number;
};

const pageBytes = 8192;
const defaultCacheBytes = 8 * 1024 * 1024;
/** A page that one transaction after the other changes is written into the file once in so many pages. */
const checkpointPages = 4_000;
const keptJournalBytes = 64 * 1024 * 1024;

export type SqliteFile = {
  readonly path: string;
  /** prepared once, kept for the life of the file */
  statement(sql: string): StatementSync;
  execute(sql: string): void;
  /** runs reads or writes with faults named */
  run<T>(work: () => T): T;
  /** one immediate transaction; the work must be synchronous */
  transaction<T>(work: () => T): T;
  close(): void;
};

function open(path: string, options: SqliteOptions): DatabaseSync {
  if (path !== ':memory:' && !existsSync(dirname(path))) throw new StorageError('missing-directory', dirname(path));
  const database = new DatabaseSync(path, { timeout: options.busyTimeoutMs ?? 5000 });
  try {
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${options.synchronous}`);
    database.exec(`PRAGMA cache_size = -${Math.ceil((options.cacheBytes ?? defaultCacheBytes) / 1024)}`);
    database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    database.exec(`PRAGMA journal_size_limit = ${keptJournalBytes}`);
    runTransaction(database, () => createTables(database, path, options));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function createTables(database: DatabaseSync, path: string, options: SqliteOptions): void {
  const found = database.prepare('PRAGMA user_version').get()?.user_version;
  if (found === options.schemaVersion) return;
  if (found !== 0) throw new StorageError('other-version', path);
  database.exec(options.schema);
  database.exec(`PRAGMA user_version = ${options.schemaVersion}`);
}

function runTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // a full disk may have rolled back by itself
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** @throws {@link StorageError} with what to do, here and from everything that the file is asked */
export function openSqlite(path: string, options: SqliteOptions): SqliteFile {
  const named = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, path);
    }
  };
  const database = named(() => open(path, options));
  const statements = new Map<string, StatementSync>();
  return {
    path,
    statement(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const prepared = database.prepare(sql);
      statements.set(sql, prepared);
      return prepared;
    },
    execute: (sql) => named(() => database.exec(sql)),
    run: named,
    transaction: (work) => named(() => runTransaction(database, work)),
    close() {
      statements.clear();
      if (database.isOpen) named(() => database.close());
    },
  };
}

/** What is broken in a file, in SQLite's words; null where it is whole. Reads all of it. @throws {@link StorageError} */
export function damageOf(path: string): string | null {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const found = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
      return found === 'ok' ? null : found;
    } finally {
      database.close();
    }
  } catch (error) {
    throw toStorageError(error, path);
  }
}
