// A data directory: the log, the state, and what was played into it. Whoever runs services holds its lock.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, StorageError } from '@gapwatch/runtime';
import { inForce, openSqliteState, readFolderArchive, type StateStore } from '@gapwatch/storage';
import { type Log, openEmbeddedLog } from '@gapwatch/transport';
import { type History, historyOf } from './history.ts';

export type DataDirectory = {
  readonly path: string;
  readonly log: Log;
  /** the log from its first record on: what it let go is in the archive */
  readonly history: History;
  /** with the namespaces in force under the names of their roles */
  readonly state: StateStore;
  /** as it lies there, every generation under its own name */
  readonly store: StateStore;
  close(): Promise<void>;
};

/** What lies in a data directory. */
export const files = { log: 'log.db', state: 'state.db', play: 'play.json', archive: 'archive' } as const;

/** Makes the directory where there is none; for the eyes of its owner alone, since it keeps what customers wrote. */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EROFS' || code === 'EACCES') throw new StorageError('read-only', path, error);
    throw new StorageError('cannot-open', path, error, `no directory can be made here (${code})`);
  }
}

/** Opens log and state. Reading beside a process that holds the lock is fine; folding is for the holder. */
export function openDirectory(path: string, clock: Clock): DataDirectory {
  const log = openEmbeddedLog(join(path, files.log), { clock });
  try {
    const store = openSqliteState(join(path, files.state));
    const close = async () => {
      await log.close();
      await store.close();
    };
    const history = historyOf(log, readFolderArchive(join(path, files.archive)));
    return { path, log, history, state: inForce(store), store, close };
  } catch (error) {
    void log.close();
    throw error;
  }
}

/** What was played into a directory. `from`: the moment at which the example company's past ended, RFC 3339. */
export type PlayMarker = {
  readonly kind: 'demo' | 'replay';
  readonly written: boolean;
  readonly from: string;
};

/** null: nothing was ever played here. */
export function readPlayMarker(path: string): PlayMarker | null {
  try {
    return JSON.parse(readFileSync(join(path, files.play), 'utf8')) as PlayMarker;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StorageError('corrupted', join(path, files.play), error);
  }
}

/** Replaces the marker in one step, so that a crash leaves the old one or the new one. */
export function writePlayMarker(path: string, marker: PlayMarker): void {
  const next = join(path, `${files.play}.next`);
  writeFileSync(next, `${JSON.stringify(marker)}\n`);
  renameSync(next, join(path, files.play));
}

/** Takes away what a play that was never finished has left. */
export function discardPlay(path: string): void {
  for (const file of [files.log, files.state]) {
    for (const ending of ['', '-wal', '-shm']) rmSync(join(path, file + ending), { force: true });
  }
  rmSync(join(path, files.play), { force: true });
}
